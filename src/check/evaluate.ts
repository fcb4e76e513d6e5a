/** From expressions to compile-time values, and from values to the JSON form of a parameter. */

import type { Json, OpCall, ParameterType, Signature } from "../ops/signature.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Context } from "./context.ts";
import type { OperatorValue, Value } from "./value.ts";

/** Names that have values at some place: the file's, then those of enclosing bodies. */
export interface Scope {
  lookup(name: string): Value | undefined;
  /** For suggestions. */
  names(): Iterable<string>;
}

/**
 * The value of an expression. `expected` decides bare words and calls that stand in several families (`flatten`). Undefined when
 * it has none; that has been reported then.
 */
export declare function evaluate(
  expr: Expr,
  scope: Scope,
  context: Context,
  expected?: ParameterType,
): Value | undefined;

/** The value in the JSON form that `ParameterType` promises, or undefined after a report at the value's place. */
export declare function toJson(
  value: Value,
  type: ParameterType,
  context: Context,
  what: string,
): Json | undefined;

/** All parameters, defaults filled in; reports what is missing. */
export declare function complete(operator: OperatorValue, context: Context): OpCall | undefined;

/** The value with one parameter replaced: `recipe.optimizer.lr`. Reports an unknown parameter. */
export declare function withArgument(
  operator: OperatorValue,
  name: string,
  value: Value,
  context: Context,
): OperatorValue | undefined;

export type { Signature };
