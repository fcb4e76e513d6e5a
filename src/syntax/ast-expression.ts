/** Expressions of the syntax tree. */
import type { Span } from "../text/source.ts";
import type { Body, Name } from "./ast.ts";

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
