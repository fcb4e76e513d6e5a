/** Makes nodes. Nodes are values: an equal node is made once (hash-consing), unless it writes a variable. */
import type { Attr, Attrs, Builder, Node, Value, Variable } from "../ops/node.ts";
import { primitiveOf } from "../ops/primitives/registry.ts";
import { describePlace, type Span } from "../text/source.ts";
import { type StaticType, type Tensor, typedArray } from "../types/tensor.ts";

export interface GraphBuilder extends Builder {
  /** What is fed under that name. */
  placeholder(name: string, type: StaticType): Value;
  /** The handle of a variable, which optimizer updates take. */
  variable(variable: Variable): Value;
  /** The variable's value as it was before the entry ran. */
  read(variable: Variable): Value;
  /** Rows of a variable by index, without reading all of it. */
  readRows(variable: Variable, indices: Value): Value;
  /** A target that writes `value` to the variable. */
  assign(variable: Variable, value: Value): Node;
  /** A node run for its effect: an optimizer's update, with the handles of `variable()` among its inputs. */
  target(op: string, inputs: readonly Value[], attrs?: Attrs): Node;
}

/** A graph that cannot be built: which operator, what does not fit, and where in the `.dl` file it came from. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly span: Span | undefined;
  constructor(problem: string, span: Span | undefined) {
    super(span ? `${describePlace(span)}: ${problem}` : problem);
    this.span = span;
  }
}

/** Constants above this many bytes are told apart by identity instead of content. */
const sharedConstantBytes = 4096;

export function createBuilder(): GraphBuilder {
  const nodes = new Map<string, Node>();
  const ids = new Map<Node, number>();
  const values = new Map<Node, readonly Value[]>();
  const tensors = new Map<Tensor, number>();
  let place: Span | undefined;

  const attrKey = (attr: Attr): unknown => {
    if (typeof attr !== "object" || !("tensor" in attr)) return attr;
    const { tensor } = attr;
    const { data } = tensor;
    if (data.byteLength > sharedConstantBytes) {
      if (!tensors.has(tensor)) tensors.set(tensor, tensors.size);
      return { large: tensors.get(tensor) };
    }
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
    return [tensor.dtype, tensor.shape, bytes];
  };

  const keyOf = (op: string, inputs: readonly Value[], attrs: Attrs): string =>
    JSON.stringify([
      op,
      inputs.map((value) => [ids.get(value.node), value.index]),
      Object.keys(attrs)
        .sort()
        .map((name) => [name, attrKey(attrs[name]!)]),
    ]);

  const make = (op: string, inputs: readonly Value[], attrs: Attrs): Node => {
    try {
      const primitive = primitiveOf(op);
      for (const name of Object.keys(attrs))
        if (!(name in primitive.attrs)) throw new Error(`has no attribute ${name}`);
      for (const value of inputs)
        if (!ids.has(value.node)) throw new Error(`has an input of another builder: ${value.node.op}`);
      const key = primitive.stateful ? undefined : keyOf(op, inputs, attrs);
      const known = key === undefined ? undefined : nodes.get(key);
      if (known) return known;
      const node: Node = { op, inputs, attrs, outputs: primitive.infer(inputs, attrs), span: place };
      ids.set(node, ids.size);
      values.set(
        node,
        node.outputs.map((type, index) => ({ node, index, type })),
      );
      if (key !== undefined) nodes.set(key, node);
      return node;
    } catch (error) {
      if (error instanceof GraphError) throw error;
      throw new GraphError(`${op} ${(error as Error).message}`, place);
    }
  };

  const emitAll = (op: string, inputs: readonly Value[], attrs: Attrs = {}) =>
    values.get(make(op, inputs, attrs))!;
  const emit = (op: string, inputs: readonly Value[], attrs: Attrs = {}) => emitAll(op, inputs, attrs)[0]!;
  const constant = (tensor: Tensor) => emit("Const", [], { value: { tensor } });
  const variable = ({ name, type }: Variable) =>
    emit("VarHandleOp", [], {
      dtype: { dtype: type.dtype },
      shape: { shape: type.shape },
      shared_name: name,
    });

  return {
    emit,
    emitAll,
    constant,
    scalar: (value, dtype = "f32") => constant({ dtype, shape: [], data: typedArray(dtype, [value]) }),
    ints: (numbers) => constant({ dtype: "i32", shape: [numbers.length], data: Int32Array.from(numbers) }),
    at(span, body) {
      const before = place;
      place = span ?? before;
      try {
        return body();
      } finally {
        place = before;
      }
    },
    placeholder: (name, type) =>
      emit("Placeholder", [], { dtype: { dtype: type.dtype }, shape: { shape: type.shape }, name }),
    variable,
    read: (which) => emit("ReadVariableOp", [variable(which)]),
    readRows: (which, indices) => emit("ResourceGather", [variable(which), indices]),
    assign: (which, value) => make("AssignVariableOp", [variable(which), value], {}),
    target: (op, inputs, attrs = {}) => make(op, inputs, attrs),
  };
}
