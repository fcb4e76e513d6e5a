/**
 * The syntax tree of a `.dl` file. Permissive: the parser accepts any statement in any body, and `check/` says what is legal
 * where. Every node carries its span. After a syntax error a node may be an `ErrorExpr`; the mistake has been reported then.
 */
import type { SourceFile, Span } from "../text/source.ts";

export interface Name {
  readonly text: string;
  readonly span: Span;
}

export interface File {
  readonly source: SourceFile;
  readonly edition: Name | undefined;
  /** The `//!` comment. */
  readonly doc: string | undefined;
  readonly declarations: readonly Declaration[];
}

export type DeclarationKind = "data" | "model" | "block" | "loss" | "metric" | "recipe" | "experiment";

export type Declaration = ImportDecl | LetStatement | NamedDecl;

/** `import std.vision { a, b }` or `import "./blocks.dl" { a }`. */
export interface ImportDecl {
  readonly kind: "import";
  /** `std.vision`, or the text of the string. */
  readonly module: Name;
  /** True for a string: a path relative to the file. */
  readonly relative: boolean;
  readonly names: readonly Name[];
  readonly span: Span;
}

/** `model vgg(widths: int[S]) : f32[N, H, W, C] -> f32[N, K] { ... }`, or `data high = low with { ... }`. */
export interface NamedDecl {
  readonly kind: "declaration";
  readonly what: DeclarationKind;
  readonly name: Name;
  /** The `///` comment. */
  readonly doc: string | undefined;
  readonly parameters: readonly ParameterDecl[];
  readonly inputs: readonly PortDecl[];
  readonly outputs: readonly PortDecl[];
  /** Either a body or a value. */
  readonly body: Body | undefined;
  readonly value: Expr | undefined;
  readonly span: Span;
}

export interface ParameterDecl {
  readonly name: Name;
  readonly type: TypeExpr | undefined;
  readonly default: Expr | undefined;
  readonly span: Span;
}

/** One input or output of a signature; a sole one has no name. */
export interface PortDecl {
  readonly name: Name | undefined;
  readonly type: TypeExpr;
  readonly span: Span;
}

/** `f32[N, H, W, C]` is `f32` with one list of four; `class[4][H, W]` has two lists; `int[]` one empty list. */
export interface TypeExpr {
  readonly name: Name;
  readonly lists: readonly (readonly Expr[])[];
  readonly span: Span;
}

export interface Body {
  readonly statements: readonly Statement[];
  /** With its braces. */
  readonly span: Span;
}

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

export type Expr =
  | NumberExpr
  | StringExpr
  | NameExpr
  | MemberExpr
  | IndexExpr
  | CallExpr
  | ListExpr
  | RecordExpr
  | RangeExpr
  | UnaryExpr
  | BinaryExpr
  | WithExpr
  | ErrorExpr;

export interface NumberExpr {
  readonly kind: "number";
  readonly value: number;
  /** As written: seeds may exceed 2^53. */
  readonly text: string;
  /** `%`, `px`, `deg`, `arcsec`, `epochs`, ... */
  readonly unit: Name | undefined;
  readonly span: Span;
}

export interface StringExpr {
  readonly kind: "string";
  readonly value: string;
  readonly span: Span;
}

/** A name; `true`, `false`, `it` and an operator's own words are names too. */
export interface NameExpr {
  readonly kind: "name";
  readonly name: Name;
  readonly span: Span;
}

export interface MemberExpr {
  readonly kind: "member";
  readonly object: Expr;
  readonly name: Name;
  readonly span: Span;
}

export interface IndexExpr {
  readonly kind: "index";
  readonly object: Expr;
  readonly index: Expr;
  readonly span: Span;
}

export interface Argument {
  readonly name: Name | undefined;
  readonly value: Expr;
  readonly span: Span;
}

export interface CallExpr {
  readonly kind: "call";
  readonly callee: Expr;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface ListExpr {
  readonly kind: "list";
  readonly items: readonly Expr[];
  readonly span: Span;
}

export interface RecordEntry {
  /** One name, or a dotted path in `search ... over { recipe.optimizer.lr: ... }`. */
  readonly path: readonly Name[];
  /** Absent for a bare value: `{ relu, tanh }`, whose text is its own label. */
  readonly labelled: boolean;
  readonly value: Expr;
  readonly span: Span;
}

export interface RecordExpr {
  readonly kind: "record";
  readonly entries: readonly RecordEntry[];
  readonly span: Span;
}

/** `from .. to [step s]`, inclusive. */
export interface RangeExpr {
  readonly kind: "range";
  readonly from: Expr;
  readonly to: Expr;
  readonly step: Expr | undefined;
  readonly span: Span;
}

export interface UnaryExpr {
  readonly kind: "unary";
  readonly operator: "-" | "not";
  readonly operand: Expr;
  readonly span: Span;
}

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "^"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "and"
  | "or"
  | "in";

export interface BinaryExpr {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
  readonly span: Span;
}

/** `baseline with { length = 120 epochs }`. */
export interface WithExpr {
  readonly kind: "with";
  readonly base: Expr;
  readonly body: Body;
  readonly span: Span;
}

export interface ErrorExpr {
  readonly kind: "error";
  readonly span: Span;
}
