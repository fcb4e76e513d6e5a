/**
 * A program as the bytes of a TensorFlow GraphDef (field numbers: `node_def.proto`, `attr_value.proto`, `tensor.proto`).
 * Every entry has nodes of its own, under its name; the variables' handles are shared.
 */
import type { Entry, Program } from "../../graph/program.ts";
import { rootsOf, topological } from "../../graph/walk.ts";
import type { Attr, Node, Value, Variable } from "../../ops/node.ts";
import type { AttrKind, DerivedAttr } from "../../ops/primitives/primitive.ts";
import { primitiveOf } from "../../ops/primitives/registry.ts";
import { handlesIn } from "../../ops/primitives/variable.ts";
import type { DType, StaticType, Tensor } from "../../types/tensor.ts";
import { type Message, message } from "./protobuf.ts";

/** `DataType` of types.proto. */
export const dataTypes: Readonly<Record<DType, number>> = {
  f32: 1,
  f64: 2,
  i32: 3,
  u8: 4,
  i64: 9,
  bool: 10,
  u64: 23,
};

/** An output of a named operation, with what it holds. */
export interface Endpoint {
  readonly operation: string;
  readonly index: number;
  readonly type: StaticType;
}

export interface EntryNames {
  readonly feeds: Readonly<Record<string, Endpoint>>;
  readonly fetches: Readonly<Record<string, Endpoint>>;
  readonly targets: readonly string[];
}

export interface VariableNames {
  readonly read: Endpoint;
  readonly feed: Endpoint;
  readonly assign: string;
}

export interface GraphDef {
  readonly bytes: Uint8Array;
  readonly entries: Readonly<Record<string, EntryNames>>;
  readonly variables: Readonly<Record<string, VariableNames>>;
  /** From an operation's name to where it came from, for errors. */
  readonly nodes: ReadonlyMap<string, Node>;
}

export function writeGraphDef(program: Program): GraphDef {
  const graph = message();
  const nodes = new Map<string, Node>();
  const handles = new Map(program.variables.map((variable, i) => [variable.name, `variable/handle_${i}`]));
  for (const variable of program.variables) writeHandle(graph, handles.get(variable.name)!, variable);
  const entries = Object.fromEntries(
    Object.entries(program.entries).map(([name, entry]) => [
      name,
      writeEntry(graph, name, entry, handles, nodes),
    ]),
  );
  const variables = Object.fromEntries(
    program.variables.map((variable, i) => [
      variable.name,
      writeAccess(graph, variable, handles.get(variable.name)!, i),
    ]),
  );
  // Producer 1087 is TensorFlow 2.9: nothing newer is asked for.
  graph.message(4, (versions) => versions.varint(1, 1087));
  return { bytes: graph.finish(), entries, variables, nodes };
}

function writeNode(
  graph: Message,
  name: string,
  op: string,
  inputs: readonly string[],
  attrs: (node: Message) => void,
): void {
  graph.message(1, (node) => {
    node.text(1, name).text(2, op);
    for (const input of inputs) node.text(3, input);
    attrs(node);
  });
}

function writeHandle(graph: Message, name: string, { name: sharedName, type }: Variable): void {
  writeNode(graph, name, "VarHandleOp", [], (node) => {
    writeAttr(node, "dtype", (value) => value.varint(6, dataTypes[type.dtype]));
    writeAttr(node, "shape", (value) => value.message(7, (shape) => writeShape(shape, type.shape)));
    writeAttr(node, "shared_name", (value) => value.text(2, sharedName));
  });
}

/** Operations that read and write one variable from outside. */
function writeAccess(graph: Message, { type }: Variable, handle: string, i: number): VariableNames {
  const dtype = (node: Message) =>
    writeAttr(node, "dtype", (value) => value.varint(6, dataTypes[type.dtype]));
  const names = { read: `variable/read_${i}`, feed: `variable/feed_${i}`, assign: `variable/assign_${i}` };
  writeNode(graph, names.read, "ReadVariableOp", [handle], dtype);
  writeNode(graph, names.feed, "Placeholder", [], (node) => {
    dtype(node);
    writeAttr(node, "shape", (value) => value.message(7, (shape) => writeShape(shape, type.shape)));
  });
  writeNode(graph, names.assign, "AssignVariableOp", [handle, names.feed], dtype);
  return {
    read: { operation: names.read, index: 0, type },
    feed: { operation: names.feed, index: 0, type },
    assign: names.assign,
  };
}

function writeEntry(
  graph: Message,
  entryName: string,
  entry: Entry,
  handles: ReadonlyMap<string, string>,
  sources: Map<string, Node>,
): EntryNames {
  const order = topological([...rootsOf(entry), ...Object.values(entry.feeds).map((feed) => feed.node)]);
  const names = new Map<Node, string>();
  const readers = new Map<Node, string[]>();
  for (const [i, node] of order.entries()) {
    if (node.op === "VarHandleOp") {
      const shared = node.attrs.shared_name as string;
      const handle = handles.get(shared);
      if (!handle)
        throw new Error(`entry ${entryName} uses the variable ${shared}, which the program does not list`);
      names.set(node, handle);
      continue;
    }
    const name = `${entryName}/${node.op}_${i}`;
    names.set(node, name);
    sources.set(name, node);
    if (primitiveOf(node.op).stateful) continue;
    for (const handle of handlesIn(node.inputs)) {
      readers.set(handle.node, [...(readers.get(handle.node) ?? []), name]);
    }
  }
  const reference = ({ node, index }: Value) =>
    index === 0 ? names.get(node)! : `${names.get(node)!}:${index}`;
  for (const node of order) {
    if (node.op === "VarHandleOp") continue;
    const primitive = primitiveOf(node.op);
    // Reads come before writes: an entry sees the variables as they were.
    const before = primitive.stateful
      ? handlesIn(node.inputs).flatMap((handle) => readers.get(handle.node) ?? [])
      : [];
    const inputs = [...node.inputs.map(reference), ...[...new Set(before)].map((name) => `^${name}`)];
    writeNode(graph, names.get(node)!, node.op, inputs, (out) => {
      for (const [name, derived] of Object.entries(primitive.derived)) {
        writeAttr(out, name, (value) => writeDerived(value, derived, node));
      }
      for (const [name, attr] of Object.entries(node.attrs)) {
        if (node.op === "Placeholder" && name === "name") continue;
        writeAttr(out, name, (value) => writeValue(value, primitive.attrs[name]!, attr));
      }
    });
  }
  const endpoint = (value: Value): Endpoint => ({
    operation: names.get(value.node)!,
    index: value.index,
    type: value.type,
  });
  const fetches: Record<string, Endpoint> = {};
  for (const [name, value] of Object.entries(entry.fetches)) {
    fetches[name] = endpoint(value);
    if (value.node.op !== "Placeholder") continue;
    // TensorFlow refuses to fetch what is fed.
    const operation = `${entryName}/fetch_${name}`;
    writeNode(graph, operation, "Identity", [reference(value)], (out) =>
      writeAttr(out, "T", (attr) => attr.varint(6, dataTypes[value.type.dtype])),
    );
    fetches[name] = { operation, index: 0, type: value.type };
  }
  return {
    feeds: Object.fromEntries(Object.entries(entry.feeds).map(([name, value]) => [name, endpoint(value)])),
    fetches,
    targets: entry.targets.map((node) => names.get(node)!),
  };
}

function writeAttr(node: Message, name: string, fill: (value: Message) => void): void {
  node.message(5, (pair) => pair.text(1, name).message(2, fill));
}

function writeDerived(value: Message, derived: DerivedAttr, node: Node): void {
  if ("countWithout" in derived) value.varint(3, node.inputs.length - derived.countWithout);
  else if ("fixed" in derived) value.varint(6, dataTypes[derived.fixed]);
  else if ("output" in derived) value.varint(6, dataTypes[node.outputs[derived.output]!.dtype]);
  else value.varint(6, dataTypes[node.inputs.at(derived.input)!.type.dtype]);
}

function writeValue(value: Message, kind: AttrKind, attr: Attr): void {
  switch (kind) {
    case "string":
      value.text(2, attr as string);
      break;
    case "int":
      value.varint(3, attr as number);
      break;
    case "float":
      value.float(4, attr as number);
      break;
    case "bool":
      value.varint(5, attr ? 1 : 0);
      break;
    case "ints":
      value.message(1, (list) => list.packed(3, attr as readonly number[]));
      break;
    case "dtype":
      value.varint(6, dataTypes[(attr as { dtype: DType }).dtype]);
      break;
    case "shape":
      value.message(7, (shape) => writeShape(shape, (attr as { shape: readonly number[] }).shape));
      break;
    case "tensor":
      value.message(8, (tensor) => writeTensor(tensor, (attr as { tensor: Tensor }).tensor));
      break;
  }
}

function writeShape(shape: Message, dims: readonly number[]): void {
  for (const size of dims) shape.message(2, (dim) => dim.varint(1, size));
}

function writeTensor(out: Message, { dtype, shape, data }: Tensor): void {
  out.varint(1, dataTypes[dtype]).message(2, (dims) => writeShape(dims, shape));
  out.bytes(4, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
