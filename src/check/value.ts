/**
 * Values that exist while compiling: what `let`, parameters, loop variables, arguments and axes hold. Each knows the place it was
 * written at, so that a message can point there. Tensors are not values: see `network.ts`.
 */
import type { Module } from "../modules/program.ts";
import type { Signature } from "../ops/signature.ts";
import type { Expr, NamedDecl } from "../syntax/ast.ts";
import type { Unit } from "../syntax/unit.ts";
import type { Span } from "../text/source.ts";
import type { Scope } from "./scope.ts";

interface Placed {
  readonly span: Span;
}

/** `0.5`, `64 px`, `3 epochs`. `70%` is 0.7 without a unit, and not whole. */
export interface NumberValue extends Placed {
  readonly kind: "number";
  readonly value: number;
  /** Whole numbers pass as reals, not the reverse. */
  readonly whole: boolean;
  /** Decimal digits of a whole number as written: a seed may exceed 2^53. */
  readonly digits: string | undefined;
  readonly unit: Unit | undefined;
  /** The whole numbers that it is a quotient of, where it did not come out whole. */
  readonly quotient?: readonly [NumberValue, NumberValue];
}

export interface BoolValue extends Placed {
  readonly kind: "bool";
  readonly value: boolean;
}

export interface StringValue extends Placed {
  readonly kind: "string";
  readonly value: string;
}

/** A bare word that names no value in scope: `valid` in `padding: valid`, `Y` in `bands: [Y, J, H]`. */
export interface WordValue extends Placed {
  readonly kind: "word";
  readonly value: string;
}

export interface ListValue extends Placed {
  readonly kind: "list";
  readonly items: readonly Value[];
}

export interface RecordValue extends Placed {
  readonly kind: "record";
  /** The label of a bare value is its text. */
  readonly entries: readonly { readonly label: string; readonly value: Value; readonly span: Span }[];
}

/** Inclusive. */
export interface RangeValue extends Placed {
  readonly kind: "range";
  readonly from: NumberValue;
  readonly to: NumberValue;
  readonly step: NumberValue | undefined;
  /** `1e-4 .. 1e-1 log`: drawn from at equal ratios. */
  readonly log?: true;
}

/** An operator with the arguments given so far: `conv(64)`, `relu`, `sgd(lr: 0.1)`, `stratified(...)`, `grid(...)`. Defaults are not filled in. */
export interface OperatorValue extends Placed {
  readonly kind: "operator";
  readonly signature: Signature;
  readonly arguments: ReadonlyMap<string, Value>;
}

/** A declared model, block, loss or metric with the arguments given so far. */
export interface DeclaredValue extends Placed {
  readonly kind: "declared";
  readonly declaration: NamedDecl;
  readonly module: Module;
  readonly arguments: ReadonlyMap<string, Value>;
}

/** A declared `data`, `recipe` or `experiment`, by name; `with` is applied by `study/`. */
export interface SectionValue extends Placed {
  readonly kind: "section";
  readonly declaration: NamedDecl;
  readonly module: Module;
}

/** `test.accuracy`, `test.rmse(of: lens)`: a metric measured on a split. */
export interface MetricValue extends Placed {
  readonly kind: "metric";
  readonly split: "train" | "valid" | "test" | "cost";
  readonly metric: OperatorValue | DeclaredValue;
  /** What it is measured on, where that is written: `psnr(generator(blurred), sharp)`. */
  readonly on?: readonly ExpressionValue[];
}

/** An expression over tensors, kept until it is known what its names stand for: `cross_entropy(output, label)`. */
export interface ExpressionValue extends Placed {
  readonly kind: "expression";
  readonly expr: Expr;
  readonly scope: Scope;
}

export type Value =
  | NumberValue
  | BoolValue
  | StringValue
  | WordValue
  | ListValue
  | RecordValue
  | RangeValue
  | OperatorValue
  | DeclaredValue
  | SectionValue
  | MetricValue
  | ExpressionValue;
