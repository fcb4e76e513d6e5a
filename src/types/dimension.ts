/** Dimensions of shape signatures: numbers, names that are solved, and products, quotients, sums of them. */
import type { Dim } from "./tensor.ts";

export type Dimension =
  | { readonly kind: "number"; readonly value: number }
  /** `H`; `N` is the batch and stands for itself. */
  | { readonly kind: "name"; readonly name: string }
  | {
      readonly kind: "binary";
      readonly operator: "+" | "-" | "*" | "/";
      readonly left: Dimension;
      readonly right: Dimension;
    }
  | { readonly kind: "rounded"; readonly how: "floor" | "ceil"; readonly of: Dimension };

export type Dimensions = ReadonlyMap<string, Dim>;

export type Solved =
  | { readonly kind: "solved"; readonly value: Dim }
  /** Names that are not known yet. */
  | { readonly kind: "open"; readonly names: readonly string[] }
  /** Not a whole number, or arithmetic with the batch; in words. */
  | { readonly kind: "impossible"; readonly problem: string };

/** What a dimension comes to. Quotients are exact: a remainder that no `floor` or `ceil` takes away is a problem. */
export function solveDimension(dimension: Dimension, known: Dimensions): Solved {
  if (dimension.kind === "name" && dimension.name === "N") return { kind: "solved", value: "N" };
  if (dimension.kind === "name" && known.get(dimension.name) === "N") return { kind: "solved", value: "N" };
  const value = compute(dimension, known);
  if (value !== undefined && Number.isInteger(value) && value >= 1) return { kind: "solved", value };
  const open = openNames(dimension, known);
  if (open.length > 0) return { kind: "open", names: open };
  const text = showDimension(dimension);
  if (value === undefined)
    return { kind: "impossible", problem: `\`${text}\` computes with the batch \`N\`, which is no number` };
  const filled = showDimension(dimension, known);
  const what = filled === text ? `\`${text}\`` : `\`${text}\` is ${filled}`;
  return {
    kind: "impossible",
    problem: Number.isInteger(value) ? `${what}, which leaves nothing` : `${what}, which is not whole`,
  };
}

/** The names of a dimension that are not known, `N` left out. */
export function openNames(dimension: Dimension, known: Dimensions): readonly string[] {
  switch (dimension.kind) {
    case "number":
      return [];
    case "name":
      return dimension.name === "N" || known.has(dimension.name) ? [] : [dimension.name];
    case "binary":
      return [...openNames(dimension.left, known), ...openNames(dimension.right, known)];
    case "rounded":
      return openNames(dimension.of, known);
  }
}

function compute(dimension: Dimension, known: Dimensions): number | undefined {
  switch (dimension.kind) {
    case "number":
      return dimension.value;
    case "name": {
      const value = known.get(dimension.name);
      return typeof value === "number" ? value : undefined;
    }
    case "binary": {
      const left = compute(dimension.left, known);
      const right = compute(dimension.right, known);
      if (left === undefined || right === undefined) return undefined;
      if (dimension.operator === "+") return left + right;
      if (dimension.operator === "-") return left - right;
      return dimension.operator === "*" ? left * right : left / right;
    }
    case "rounded": {
      const of = compute(dimension.of, known);
      return of === undefined ? undefined : Math[dimension.how](of);
    }
  }
}

/** As written, or with the names that are known replaced by their numbers: `H / stride`, `64 / 2`. */
export function showDimension(dimension: Dimension, known?: Dimensions): string {
  switch (dimension.kind) {
    case "number":
      return String(dimension.value);
    case "name":
      return String(known?.get(dimension.name) ?? dimension.name);
    case "binary": {
      const inner = (each: Dimension, isRight: boolean) => {
        const text = showDimension(each, known);
        const tight = dimension.operator === "*" || dimension.operator === "/";
        return each.kind === "binary" && (tight || isRight) ? `(${text})` : text;
      };
      return `${inner(dimension.left, false)} ${dimension.operator} ${inner(dimension.right, true)}`;
    }
    case "rounded":
      return `${dimension.how}(${showDimension(dimension.of, known)})`;
  }
}
