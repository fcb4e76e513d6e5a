/** The parameters of models and blocks as operators have them, so that both are bound and checked alike. */
import type { ParameterType } from "../ops/signature.ts";
import type { Expr, NamedDecl, ParameterDecl, TypeExpr } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";

const scalarTypes: Readonly<Record<string, ParameterType>> = {
  int: { kind: "int" },
  f32: { kind: "real" },
  f64: { kind: "real" },
  bool: { kind: "bool" },
  string: { kind: "string" },
  layer: { kind: "operator", family: "layer" },
  word: { kind: "label" },
};

export const parameterTypeNames: readonly string[] = ["int", "f32", "bool", "string", "layer", "word"];

/** `int[S]` is a list of whole numbers. Undefined for a type that parameters do not have. */
export function parameterType(type: TypeExpr): ParameterType | undefined {
  const scalar = scalarTypes[type.name.text];
  return scalar && type.lists.reduce<ParameterType>((of) => ({ kind: "list", of }), scalar);
}

/**
 * The type of a parameter of a model or block. A `word` that the body only compares with bare words (`if shortcut == project`)
 * is one of these or its default; a parameter without a type takes anything.
 */
export function declaredType(declaration: NamedDecl, parameter: ParameterDecl): ParameterType {
  const known = types.get(parameter) ?? readType(declaration, parameter);
  types.set(parameter, known);
  return known;
}

/** A block is used many times. */
const types = new WeakMap<ParameterDecl, ParameterType>();

function readType(declaration: NamedDecl, parameter: ParameterDecl): ParameterType {
  const type = (parameter.type && parameterType(parameter.type)) ?? { kind: "any" };
  if (type.kind !== "label") return type;
  const words = comparedWords(declaration, parameter);
  return words ? { kind: "word", words } : type;
}

function comparedWords(declaration: NamedDecl, parameter: ParameterDecl): readonly string[] | undefined {
  const words = new Set<string>();
  if (parameter.default) {
    const word = bareWord(parameter.default);
    if (!word) return undefined;
    words.add(word);
  }
  const isParameter = (node: unknown) => bareWord(node as Expr) === parameter.name.text;

  function collect(node: object): boolean {
    if ("kind" in node && node.kind === "binary") {
      const { operator, left, right } = node as Extract<Expr, { kind: "binary" }>;
      if ((operator === "==" || operator === "!=") && (isParameter(left) || isParameter(right))) {
        const word = bareWord(isParameter(left) ? right : left);
        if (word) words.add(word);
        return word !== undefined;
      }
      if (operator === "in" && isParameter(left) && right.kind === "list") {
        const items = right.items.map(bareWord);
        for (const item of items) if (item) words.add(item);
        return items.every((item) => item !== undefined);
      }
    }
    if (isParameter(node)) return false;
    return childrenOf(node).every(collect);
  }

  const onlyCompared = declaration.body ? collect(declaration.body) : false;
  return onlyCompared && words.size > 0 ? [...words] : undefined;
}

const bareWord = (expr: Expr): string | undefined => (expr.kind === "name" ? expr.name.text : undefined);
