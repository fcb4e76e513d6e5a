/**
 * What a primitive (a TensorFlow operator as the graph uses it) defines: the attributes it carries, the type attributes that a
 * GraphDef wants, its shape rule, and its gradient. Signatures are those of TensorFlow 2.9 and later.
 */
import type { DType, StaticType, Tensor } from "../../types/tensor.ts";
import { elementCount } from "../../types/tensor.ts";
import type { Attr, Attrs, Builder, Node, Value } from "../node.ts";

export type AttrKind = "int" | "float" | "bool" | "string" | "ints" | "dtype" | "shape" | "tensor";

/** Where a GraphDef's derived attribute comes from: the dtype of an input, of an output, or the length of a list of inputs. */
export type DerivedAttr =
  | { readonly input: number }
  | { readonly output: number }
  | { readonly fixed: DType }
  /** The number of inputs before the last `without` ones. */
  | { readonly countWithout: number };

export type Gradient = (
  builder: Builder,
  node: Node,
  /** One for each output; undefined where the loss does not depend on it. */
  outputGradients: readonly (Value | undefined)[],
) => readonly (Value | undefined)[];

export interface Primitive {
  readonly op: string;
  readonly attrs: Readonly<Record<string, AttrKind>>;
  /** Derived attributes: written into the GraphDef, never given by who emits the node. */
  readonly derived: Readonly<Record<string, DerivedAttr>>;
  /** Writes variables: never shared with an equal node, never dropped when it is a target. */
  readonly stateful: boolean;
  /** Output types. Throws an `Error` that says in plain words what does not fit. */
  readonly infer: (inputs: readonly Value[], attrs: Attrs) => readonly StaticType[];
  /** Absent where no gradient is defined; `"none"` where the output does not depend smoothly on any input. */
  readonly gradient?: Gradient | "none";
}

interface Definition {
  readonly attrs?: Readonly<Record<string, AttrKind>>;
  readonly derived?: Readonly<Record<string, DerivedAttr>>;
  readonly stateful?: boolean;
  /** How many inputs; a list of one fixed length, or at least a number. */
  readonly arity: number | { readonly atLeast: number };
  readonly infer: (inputs: readonly Value[], attrs: Attrs) => readonly StaticType[];
  readonly gradient?: Gradient | "none";
}

export function primitive(op: string, definition: Definition): Primitive {
  const { arity } = definition;
  return {
    op,
    attrs: definition.attrs ?? {},
    derived: definition.derived ?? { T: { input: 0 } },
    stateful: definition.stateful ?? false,
    infer(inputs, attrs) {
      const fits = typeof arity === "number" ? inputs.length === arity : inputs.length >= arity.atLeast;
      if (!fits)
        throw new Error(
          `takes ${typeof arity === "number" ? arity : `at least ${arity.atLeast}`} inputs, not ${inputs.length}`,
        );
      return definition.infer(inputs, attrs);
    },
    ...(definition.gradient ? { gradient: definition.gradient } : {}),
  };
}

// Attributes

export function intAttr(attrs: Attrs, name: string, otherwise?: number): number {
  const value = attrs[name] ?? otherwise;
  if (typeof value !== "number") throw new Error(`needs the number ${name}`);
  return value;
}

export function boolAttr(attrs: Attrs, name: string, otherwise: boolean): boolean {
  return (attrs[name] ?? otherwise) === true;
}

export function stringAttr(attrs: Attrs, name: string, otherwise?: string): string {
  const value = attrs[name] ?? otherwise;
  if (typeof value !== "string") throw new Error(`needs the string ${name}`);
  return value;
}

export function intsAttr(attrs: Attrs, name: string, otherwise?: readonly number[]): readonly number[] {
  const value = attrs[name] ?? otherwise;
  if (!Array.isArray(value)) throw new Error(`needs the numbers ${name}`);
  return value as readonly number[];
}

function isRecord(
  value: Attr | undefined,
): value is { dtype: DType } & { shape: readonly number[] } & { tensor: Tensor } {
  return typeof value === "object" && !Array.isArray(value);
}

export function dtypeAttr(attrs: Attrs, name: string, otherwise?: DType): DType {
  const value = attrs[name];
  if (value === undefined && otherwise) return otherwise;
  if (!isRecord(value) || !value.dtype) throw new Error(`needs the dtype ${name}`);
  return value.dtype;
}

export function shapeAttr(attrs: Attrs, name: string): readonly number[] {
  const value = attrs[name];
  if (!isRecord(value) || !value.shape) throw new Error(`needs the shape ${name}`);
  return value.shape;
}

export function tensorAttr(attrs: Attrs, name: string): Tensor {
  const value = attrs[name];
  if (!isRecord(value) || !value.tensor) throw new Error(`needs the tensor ${name}`);
  return value.tensor;
}

// Inputs

/** The integers of a `Const` input: shapes, axes, paddings. They must be known when the graph is built, since shapes are static. */
export function constantInts(value: Value, what: string): readonly number[] {
  if (value.node.op !== "Const")
    throw new Error(`its ${what} must be a constant, not the result of ${value.node.op}`);
  return Array.from(tensorAttr(value.node.attrs, "value").data as ArrayLike<number | bigint>, Number);
}

/** Axes from 0, sorted, each once. */
export function axesOf(value: Value, rank: number): readonly number[] {
  const axes = constantInts(value, "axes").map((axis) => normalAxis(axis, rank));
  return [...new Set(axes)].sort((a, b) => a - b);
}

export function normalAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (normal < 0 || normal >= rank) throw new Error(`has no axis ${axis}: the tensor has rank ${rank}`);
  return normal;
}

export function sameDtype(inputs: readonly Value[]): DType {
  const first = inputs[0]!.type.dtype;
  for (const { type } of inputs)
    if (type.dtype !== first) throw new Error(`mixes ${first} and ${type.dtype}`);
  return first;
}

export function expectRank(value: Value, rank: number, what: string): readonly number[] {
  const { shape } = value.type;
  if (shape.length !== rank) throw new Error(`needs ${what} of rank ${rank}, not ${show(value.type)}`);
  return shape;
}

export function show(type: StaticType): string {
  return `${type.dtype}[${type.shape.join(",")}]`;
}

export function equalShapes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

export function expectShape(value: Value, shape: readonly number[], what: string): void {
  if (!equalShapes(value.type.shape, shape))
    throw new Error(`needs ${what} of shape [${shape.join(",")}], not ${show(value.type)}`);
}

/** The common shape of tensors that broadcast against each other, as NumPy does it. */
export function broadcast(...shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const dim = shape[axis - rank + shape.length] ?? 1;
      if (dim === 1 || dim === size) continue;
      if (size !== 1)
        throw new Error(`cannot broadcast ${shapes.map((s) => `[${s.join(",")}]`).join(" with ")}`);
      size = dim;
    }
    return size;
  });
}

// Pieces of gradients

/** Sums `value` over the axes along which `shape` was broadcast. Which axes these are is settled here, at compile time. */
export function sumTo(builder: Builder, value: Value, shape: readonly number[]): Value {
  const from = value.type.shape;
  if (equalShapes(from, shape)) return value;
  const extra = from.length - shape.length;
  const axes = from.flatMap((dim, axis) =>
    axis < extra || (shape[axis - extra] === 1 && dim !== 1) ? [axis] : [],
  );
  const sum =
    axes.length === 0 ? value : builder.emit("Sum", [value, builder.ints(axes)], { keep_dims: false });
  return reshape(builder, sum, shape);
}

export function reshape(builder: Builder, value: Value, shape: readonly number[]): Value {
  return equalShapes(value.type.shape, shape) ? value : builder.emit("Reshape", [value, builder.ints(shape)]);
}

/** A tensor of one value, made where it is needed instead of lying in the graph. */
export function filled(builder: Builder, type: StaticType, value: number): Value {
  const scalar = builder.scalar(value, type.dtype);
  return type.shape.length === 0 ? scalar : builder.emit("Fill", [builder.ints(type.shape), scalar]);
}

export function outputOf(node: Node, index: number): Value {
  return { node, index, type: node.outputs[index]! };
}

/** The only gradient that matters of a node with one output that matters. */
export function gradientOfFirst(outputGradients: readonly (Value | undefined)[], op: string): Value {
  for (const [index, gradient] of outputGradients.entries()) {
    if (index > 0 && gradient)
      throw new Error(`${op} has a gradient for its first output only, and the loss reads output ${index}`);
  }
  return outputGradients[0]!;
}

export { elementCount };
