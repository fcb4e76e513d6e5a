/** Statements of the syntax tree. */
import type { Span } from "../text/source.ts";
import type { Body, Name, TypeExpr } from "./ast.ts";
import type { Expr, StringExpr } from "./ast-expression.ts";

export type Statement =
  | AssignStatement
  | FieldStatement
  | SectionStatement
  | LetStatement
  | ApplyStatement
  | BranchStatement
  | FromStatement
  | RepeatStatement
  | ForStatement
  | IfStatement
  | GroupStatement
  | OutStatement
  | TrainStatement
  | MinimizeStatement
  | VaryStatement
  | ReplicateStatement
  | SearchStatement
  | ChooseStatement
  | ReportStatement
  | CompareStatement
  | EnsembleStatement
  | SaveStatement
  | BudgetStatement
  | AllowStatement;

/** `batch = 32`; in `with`, the left side may be a path (`optimizer.lr = 0.1`). */
export interface AssignStatement {
  readonly kind: "assign";
  readonly path: readonly Name[];
  readonly value: Expr;
  readonly span: Span;
}

/** `input image : u8[299, 299, 3] = source.image in [...] where source.ok`. */
export interface FieldStatement {
  readonly kind: "field";
  readonly role: Name;
  readonly name: Name;
  readonly type: TypeExpr | undefined;
  readonly value: Expr;
  /** `in ["PC", "EB"]`: the named values of a class. */
  readonly among: Expr | undefined;
  readonly where: Expr | undefined;
  readonly span: Span;
}

/** `prepare image { ... }`, `augment a, b { ... }`, `evaluate image { ... }`. */
export interface SectionStatement {
  readonly kind: "section";
  readonly name: Name;
  readonly fields: readonly Name[];
  readonly body: Body;
  readonly span: Span;
}

export interface LetStatement {
  readonly kind: "let";
  readonly name: Name;
  readonly value: Expr;
  readonly doc: string | undefined;
  readonly span: Span;
}

/** `as main` or `as skip[i]`. */
export interface Target {
  readonly name: Name;
  readonly index: Expr | undefined;
  readonly span: Span;
}

/** What may follow any statement of a pipeline: `as name`, then `: type`. */
export interface Trailer {
  readonly as: Target | undefined;
  readonly type: TypeExpr | undefined;
}

/** A layer, or an expression that becomes the current tensor. */
export interface ApplyStatement extends Trailer {
  readonly kind: "apply";
  readonly value: Expr;
  readonly span: Span;
}

export interface BranchStatement extends Trailer {
  readonly kind: "branch";
  readonly target: Target;
  readonly from: Expr | undefined;
  readonly body: Body;
  readonly span: Span;
}

export interface FromStatement extends Trailer {
  readonly kind: "from";
  readonly value: Expr;
  readonly span: Span;
}

/** `repeat 3 { ... }` in a pipeline. */
export interface RepeatStatement extends Trailer {
  readonly kind: "repeat";
  readonly count: Expr;
  readonly body: Body;
  readonly span: Span;
}

export interface ForStatement extends Trailer {
  readonly kind: "for";
  readonly variable: Name;
  readonly list: Expr;
  readonly body: Body;
  readonly span: Span;
}

export interface IfStatement extends Trailer {
  readonly kind: "if";
  readonly condition: Expr;
  readonly then: Body;
  readonly else: Body | undefined;
  readonly span: Span;
}

export interface GroupStatement extends Trailer {
  readonly kind: "group";
  readonly target: Target;
  readonly body: Body;
  readonly span: Span;
}

export interface OutStatement {
  readonly kind: "out";
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

export interface TrainStatement {
  readonly kind: "train";
  readonly name: Name;
  readonly body: Body;
  readonly span: Span;
}

export interface MinimizeStatement {
  readonly kind: "minimize";
  readonly value: Expr;
  readonly span: Span;
}

/** `vary path over axis [when condition]`: a factor. */
export interface VaryStatement {
  readonly kind: "vary";
  readonly path: readonly Name[];
  readonly axis: Expr;
  readonly when: Expr | undefined;
  readonly span: Span;
}

/** `repeat seed over 1 .. 8`: a replicate. */
export interface ReplicateStatement {
  readonly kind: "replicate";
  readonly path: readonly Name[];
  readonly axis: Expr;
  readonly span: Span;
}

/** `search tpe(...) over { path: axis } by max(valid.m) [per a, b]`; record keys may be dotted. */
export interface SearchStatement {
  readonly kind: "search";
  readonly method: Expr;
  readonly space: Expr;
  readonly by: Expr | undefined;
  readonly per: readonly (readonly Name[])[];
  readonly span: Span;
}

export interface ChooseStatement {
  readonly kind: "choose";
  readonly path: readonly Name[];
  readonly by: Expr;
  readonly per: readonly (readonly Name[])[];
  readonly span: Span;
}

export interface ReportStatement {
  readonly kind: "report";
  readonly metrics: readonly Expr[];
  readonly as: Expr | undefined;
  readonly by: { readonly field: Name; readonly bins: Expr | undefined } | undefined;
  readonly span: Span;
}

export interface CompareStatement {
  readonly kind: "compare";
  readonly left: Name;
  readonly right: Name;
  readonly on: Expr;
  readonly paired: readonly Name[];
  readonly margin: Expr | undefined;
  readonly span: Span;
}

export interface EnsembleStatement {
  readonly kind: "ensemble";
  readonly name: Name;
  readonly value: Expr;
  readonly over: readonly Name[];
  readonly span: Span;
}

export interface SaveStatement {
  readonly kind: "save";
  readonly what: Name;
  readonly span: Span;
}

export interface BudgetStatement {
  readonly kind: "budget";
  readonly body: Body;
  readonly span: Span;
}

/** `allow DL6003 because "pilot run"`. */
export interface AllowStatement {
  readonly kind: "allow";
  readonly code: Name;
  readonly because: StringExpr | undefined;
  readonly span: Span;
}
