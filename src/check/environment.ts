/** Names within a body: values and tensors. An inner name hides an outer one of either kind. */
import type { Expr } from "../syntax/ast.ts";
import { firstBelow } from "../syntax/children.ts";
import type { Span } from "../text/source.ts";
import type { Broken, Frame, Tensor } from "./build.ts";
import { dottedPath } from "./paths.ts";
import { nest, type Scope } from "./scope.ts";
import type { Value } from "./value.ts";

export type Binding = Tensor | Broken | (Tensor | Broken)[];

/** What the expressions of a recipe or report may name: fields of the data, networks of the experiment, and their outputs. */
export interface Outside {
  /** A field or an output: `label`, `output`, `model.z`. */
  knows(name: string): boolean;
  names(): readonly string[];
  tensor(name: string, span: Span, frame: Frame): Tensor | Broken;
  isNetwork(name: string): boolean;
  /** The outputs of a network applied to tensors, by name. */
  apply(
    name: string,
    operands: readonly Tensor[],
    span: Span,
    frame: Frame,
  ): ReadonlyMap<string, Tensor> | Broken;
}

export interface Environment {
  readonly outer: Environment | undefined;
  /** Names that an expanded body (`for`, `repeat`, `if`) makes end with it, but its lists `as skip[i]` go on. */
  readonly expanded: boolean;
  readonly values: Map<string, Value | undefined>;
  readonly tensors: Map<string, Binding>;
  /** All values that are visible. */
  readonly scope: Scope;
  readonly outside: Outside | undefined;
}

export function environment(outer: Environment | Scope, expanded: boolean, outside?: Outside): Environment {
  const values = new Map<string, Value | undefined>();
  const isEnvironment = "tensors" in outer;
  return {
    outer: isEnvironment ? outer : undefined,
    expanded,
    values,
    tensors: new Map(),
    scope: nest(isEnvironment ? outer.scope : outer, values),
    outside: isEnvironment ? outer.outside : outside,
  };
}

/** The tensor or list of tensors of that name, unless a value hides it. */
export function findTensor(name: string, env: Environment): Binding | undefined {
  for (let at: Environment | undefined = env; at; at = at.outer) {
    const tensor = at.tensors.get(name);
    if (tensor !== undefined) return tensor;
    if (at.values.has(name)) return undefined;
  }
  return undefined;
}

/** What an expression may name: tensors of the bodies around it, and what stands outside. */
export function tensorNames(env: Environment): readonly string[] {
  const names = new Set(env.outside?.names());
  for (let at: Environment | undefined = env; at; at = at.outer)
    for (const name of at.tensors.keys()) names.add(name);
  return [...names];
}

/** The list that `as name[i]` adds to, made in the nearest body that is not an expanded one. */
export function listFor(name: string, env: Environment): (Tensor | Broken)[] {
  const found = findTensor(name, env);
  if (Array.isArray(found)) return found;
  let home = env;
  while (home.expanded && home.outer) home = home.outer;
  const list: (Tensor | Broken)[] = [];
  home.tensors.set(name, list);
  return list;
}

/** `model.z` */
export function pathOf(expr: Expr): string | undefined {
  return dottedPath(expr)
    ?.map((name) => name.text)
    .join(".");
}

/** The first tensor, or the batch, that an expression names: such an expression has no value while compiling. */
export function tensorIn(expr: Expr, env: Environment): string | undefined {
  if (expr.kind === "number" || expr.kind === "string") return undefined;
  if (expr.kind === "name") {
    const { text } = expr.name;
    const known = text === "it" || findTensor(text, env) !== undefined || env.outside?.knows(text);
    return known ? text : undefined;
  }
  if (expr.kind === "member") {
    const path = pathOf(expr);
    return path !== undefined && env.outside?.knows(path) ? path : tensorIn(expr.object, env);
  }
  return firstBelow(expr, (child) => {
    // Arguments and entries hold their expression in `value`; names of parameters are no expressions.
    const inner = "kind" in child ? child : "value" in child ? child.value : undefined;
    return inner && typeof inner === "object" ? tensorIn(inner as Expr, env) : undefined;
  });
}
