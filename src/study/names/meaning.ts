/** What names stand for: things that a file declares, and words of the language. */

import type { Module } from "../../modules/program.ts";
import type { Parameter, ParameterType, Signature } from "../../ops/signature.ts";
import type { DeclarationKind, Expr, Name, NamedDecl, TypeExpr } from "../../syntax/ast.ts";
import { notes } from "../../text/notes.ts";
import type { NameScope } from "./scope.ts";

/** A name that a file gives to something. There is one object for each place of definition. */
export interface Definition {
  readonly kind:
    | DeclarationKind
    | "let"
    | "parameter"
    | "dimension"
    /** Of a `for`. */
    | "variable"
    | "input"
    | "output"
    | "tensor"
    /** A list of tensors: `as skip[i]`. */
    | "tensors"
    | "group"
    | "field"
    /** An alternative of an axis. */
    | "level"
    /** A word of its own before `over`. */
    | "axis"
    /** One of several networks of an experiment. */
    | "network"
    | "entry";
  readonly name: Name;
  readonly doc?: string | undefined;
  /** What declares it, where it is a declaration: that has its comment and value. Of `std` only what is asked for is read. */
  readonly declaration?: NamedDecl;
  /** The declaration that it belongs to, where it is a part of one. */
  readonly owner?: NamedDecl | undefined;
  /** What it is, as written. */
  readonly value?: Expr | undefined;
  readonly type?: TypeExpr | undefined;
  /** Of a field: `input`, `target`, ... */
  readonly role?: string;
  /** Where names in `value` are looked up. */
  readonly scope?: NameScope;
}

/** A word that the language itself gives a meaning to. */
export type Builtin =
  | { readonly kind: "operator"; readonly signature: Signature }
  | { readonly kind: "argument"; readonly signature: Signature; readonly parameter: Parameter }
  /** A word of a parameter: `valid` in `padding: valid`. */
  | { readonly kind: "word"; readonly text: string }
  /** A line of a section: `batch` of a recipe. `type` is what stands behind `=`. */
  | {
      readonly kind: "setting";
      readonly of: "data" | "recipe" | "experiment";
      readonly text: string;
      readonly type?: ParameterType | undefined;
    }
  | { readonly kind: "section"; readonly text: string }
  | { readonly kind: "role"; readonly text: string }
  | { readonly kind: "split"; readonly text: string }
  | { readonly kind: "type"; readonly text: string }
  | { readonly kind: "unit"; readonly text: string }
  | { readonly kind: "function"; readonly text: string }
  | { readonly kind: "constant"; readonly text: string }
  | { readonly kind: "column"; readonly text: string }
  | { readonly kind: "current"; readonly text: string }
  | { readonly kind: "module"; readonly text: string; readonly module?: Module | undefined }
  | { readonly kind: "diagnostic"; readonly text: string };

export type Meaning = Definition | Builtin;

export function isDefinition(meaning: Meaning): meaning is Definition {
  return "name" in meaning;
}

/** A name where it stands. Several meanings where one word stands for several things at once (a field of two data sets). */
export interface Occurrence {
  readonly name: Name;
  /** None for a name that is not known. */
  readonly meanings: readonly Meaning[];
  /** The place that makes the name. */
  readonly defines: boolean;
}

const definitions = notes<Name, Definition>();

/** The definition at a name; made when it is first asked for. */
export function definitionAt(name: Name, make: () => Omit<Definition, "name">): Definition {
  const known = definitions.get(name);
  if (known) return known;
  const made: Definition = { ...make(), name };
  definitions.set(name, made);
  return made;
}
