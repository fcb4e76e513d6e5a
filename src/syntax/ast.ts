/**
 * The syntax tree of a `.dl` file. Permissive: the parser accepts any statement in any body, and `check/` says what is legal
 * where. Every node carries its span. After a syntax error a node may be an `ErrorExpr`; the mistake has been reported then.
 */
import type { SourceFile, Span } from "../text/source.ts";
import type { Expr } from "./ast-expression.ts";
import type { LetStatement, Statement } from "./ast-statement.ts";

export type * from "./ast-expression.ts";
export type * from "./ast-statement.ts";

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
