/** Which bare words and operators a parameter can mean. */
import { findOperator, operatorNames } from "../ops/registry.ts";
import type { Family, ParameterType } from "../ops/signature.ts";
import type { Name } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { OperatorValue, Value } from "./value.ts";

/** In the order in which a name is looked for where nothing more is known. */
const allFamilies: readonly Family[] = [
  "layer",
  "loss",
  "optimizer",
  "schedule",
  "axis",
  "split",
  "reader",
  "prepare",
  "augment",
  "metric",
  "interval",
  "stop",
  "keep",
  "clip",
  "average",
  "start",
  "initializer",
  "mass",
  "light",
  "psf",
  "learner",
];

/** Families of operators that a type admits. */
export function familiesOf(type: ParameterType | undefined): readonly Family[] {
  switch (type?.kind) {
    case "operator":
      return [type.family];
    case "any":
      return allFamilies;
    case "union":
      return [...new Set(type.of.flatMap(familiesOf))];
    default:
      return [];
  }
}

/** The names that the language itself has for values of a type; for suggestions. */
export function namesOf(type: ParameterType): readonly string[] {
  switch (type.kind) {
    case "word":
      return type.words;
    case "bool":
      return ["true", "false"];
    case "union":
      return type.of.flatMap(namesOf);
    default:
      return familiesOf(type).flatMap(operatorNames);
  }
}

/** Whether a value can be meant where a type is expected; a number where words are can not. */
export function fits(value: Value, type: ParameterType): boolean {
  switch (type.kind) {
    case "word":
    case "label":
    case "field":
      return value.kind === "word" || value.kind === "string";
    case "operator":
      if (value.kind === "section") return value.declaration.what === type.family;
      return value.kind === "operator" || value.kind === "declared" || value.kind === "word";
    case "union":
      return type.of.some((each) => fits(value, each));
    default:
      return true;
  }
}

/**
 * What a bare word that names no value in scope means where a type is expected: an operator of a family that fits, else the word
 * itself, else any operator of that name, which the check of types then reports better than "unknown" would.
 */
export function resolveWord(name: Name, expected: ParameterType | undefined): Value | undefined {
  const operator = findIn(familiesOf(expected), name.text, name.span);
  if (operator) return operator;
  if (expected && takesWords(expected)) return { kind: "word", value: name.text, span: name.span };
  return findIn(allFamilies, name.text, name.span);
}

export function findIn(families: readonly Family[], name: string, span: Span): OperatorValue | undefined {
  for (const family of families) {
    const signature = findOperator(family, name);
    if (signature) return { kind: "operator", signature, arguments: new Map(), span };
  }
  return undefined;
}

function takesWords(type: ParameterType): boolean {
  if (type.kind === "union") return type.of.some(takesWords);
  return type.kind === "word" || type.kind === "label" || type.kind === "field" || type.kind === "any";
}
