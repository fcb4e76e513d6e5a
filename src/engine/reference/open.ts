/**
 * The oracle: graphs run operator by operator in float64, each result rounded to its dtype. It shares nothing with TensorFlow
 * but the meaning of the operators, so that either tells of an error in the other. For small shapes: it is slow.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Entry, Program } from "../../graph/program.ts";
import { rootsOf, topological } from "../../graph/walk.ts";
import type { Node, Value } from "../../ops/node.ts";
import { tensorAttr } from "../../ops/primitives/primitive.ts";
import { primitiveOf } from "../../ops/primitives/registry.ts";
import { handlesIn } from "../../ops/primitives/variable.ts";
import type { DType, StaticType, Tensor } from "../../types/tensor.ts";
import type { Engine, Executable, Tensors } from "../engine.ts";
import { EngineError } from "../error.ts";
import { writeGraphDef } from "../tensorflow/graph-def.ts";
import { checkTensor, emptyTensor } from "../tensors.ts";
import { arrangement } from "./arrangement.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import type { Cell, Kernels } from "./kernel.ts";
import { linear } from "./linear.ts";
import { updates } from "./updates.ts";
import { windows } from "./windows.ts";

const kernels: Kernels = { ...elementwise, ...linear, ...windows, ...arrangement, ...indexing };

/** The interpreter yields to the event loop after so many milliseconds. */
const slice = 20;

/** Graphs of f64 are run in float64 throughout. */
export function openReference(): Engine {
  return {
    info: { name: "reference", version: "1", library: null, digest: null, devices: ["CPU:0"] },
    // It runs the program itself, which a GraphDef tells whole.
    inputDigest: (program) => createHash("sha256").update(writeGraphDef(program).bytes).digest("hex"),
    compile: async (program) => compile(program),
  };
}

function round(data: Float64Array, dtype: DType): Float64Array {
  return dtype === "f32" ? data.map(Math.fround) : data;
}

export function fromTensor({ dtype, shape, data }: Tensor): Cell {
  if (dtype === "u64") {
    const exact = (data as BigUint64Array).slice();
    return { shape, data: Float64Array.from(exact, Number), exact };
  }
  return { shape, data: Float64Array.from(data as ArrayLike<number | bigint>, Number) };
}

export function toTensor({ data, exact }: Cell, type: StaticType): Tensor {
  const tensor = emptyTensor(type);
  if (exact) (tensor.data as BigUint64Array).set(exact);
  else if (type.dtype === "i64" || type.dtype === "u64")
    (tensor.data as BigInt64Array).set(BigInt64Array.from(data, BigInt));
  else (tensor.data as Float64Array).set(data);
  return tensor;
}

interface Plan {
  readonly entry: Entry;
  readonly reads: readonly Node[];
  readonly writes: readonly Node[];
}

function compile(program: Program): Executable {
  const variables = new Map<string, Cell>();
  const types = new Map(program.variables.map(({ name, type }) => [name, type]));
  const constants = new Map<Node, Cell>();
  const plans = new Map<string, Plan>();
  for (const [name, entry] of Object.entries(program.entries)) {
    const order = topological(rootsOf(entry));
    for (const node of order) {
      const variable = node.op === "VarHandleOp" && (node.attrs.shared_name as string);
      if (variable && !types.has(variable))
        throw new Error(`entry ${name} uses the variable ${variable}, which the program does not list`);
    }
    const stateful = (node: Node) => primitiveOf(node.op).stateful;
    plans.set(name, {
      entry,
      reads: order.filter((node) => !stateful(node)),
      writes: order.filter(stateful),
    });
  }
  let closed = false;
  // One run at a time: runs that yield must not see each other's half.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(body: () => Promise<T>): Promise<T> => {
    const result = turn.then(() => {
      if (closed) throw new Error("the executable is closed");
      return body();
    });
    turn = result.catch(() => {});
    return result;
  };
  const typeOf = (name: string): StaticType => {
    const type = types.get(name);
    if (!type) throw new Error(`the program has no variable ${name}`);
    return type;
  };
  const held = (name: string): Cell => {
    const cell = variables.get(name);
    if (!cell) throw new EngineError(`the variable ${name} has no value yet`, undefined);
    return cell;
  };

  const execute = async ({ entry, reads, writes }: Plan, given: Tensors, what: string): Promise<Tensors> => {
    const results = new Map<Node, readonly Cell[]>();
    for (const [name, { node, type }] of Object.entries(entry.feeds)) {
      checkTensor(given[name], type, `${what} ${name}`);
      results.set(node, [fromTensor(given[name])]);
    }
    const cellOf = ({ node, index }: Value): Cell =>
      node.op === "VarHandleOp" ? held(node.attrs.shared_name as string) : results.get(node)![index]!;
    let since = performance.now();
    for (const node of reads) {
      if (node.op === "VarHandleOp" || results.has(node)) continue;
      results.set(node, evaluateNode(node, cellOf, constants));
      if (performance.now() - since < slice) continue;
      await setImmediate();
      since = performance.now();
    }
    const fetched = Object.fromEntries(
      Object.entries(entry.fetches).map(([name, value]) => [name, toTensor(cellOf(value), value.type)]),
    );
    for (const node of writes) write(node, variables, cellOf);
    return fetched;
  };

  return {
    run: (name, feeds) => {
      const plan = plans.get(name);
      if (!plan) return Promise.reject(new Error(`the program has no entry ${name}`));
      return inTurn(() => execute(plan, feeds, `${name} needs`));
    },
    read: (names = [...types.keys()]) =>
      inTurn(async () => {
        const wanted = names.map((name) => [name, typeOf(name)] as const);
        return Object.fromEntries(wanted.map(([name, type]) => [name, toTensor(held(name), type)]));
      }),
    write: (values) =>
      inTurn(async () => {
        for (const [name, tensor] of Object.entries(values)) {
          checkTensor(tensor, typeOf(name), `the variable ${name}`);
          variables.set(name, fromTensor(tensor));
        }
      }),
    close() {
      closed = true;
      variables.clear();
    },
  };
}

/** One node, from the cells of its inputs. `constants` keeps what constants hold from run to run. */
export function evaluateNode(
  node: Node,
  cellOf: (value: Value) => Cell,
  constants = new Map<Node, Cell>(),
): readonly Cell[] {
  if (node.op === "Const") {
    const constant = constants.get(node) ?? fromTensor(tensorAttr(node.attrs, "value"));
    constants.set(node, constant);
    return [constant];
  }
  if (node.op === "Placeholder") throw new EngineError("is read, but the entry does not feed it", node);
  const inputs = node.inputs.map(cellOf);
  if (node.op === "ReadVariableOp") return [inputs[0]!];
  if (node.op === "Identity" || node.op === "StopGradient") return [inputs[0]!];
  if (node.outputs[0]?.dtype === "u64") return [sumOfCounters(inputs, node)];
  const kernel = kernels[node.op];
  if (!kernel) throw new EngineError("the reference engine does not have this operator", node);
  try {
    return kernel(inputs, node).map((data, i) => ({
      shape: node.outputs[i]!.shape,
      data: round(data, node.outputs[i]!.dtype),
    }));
  } catch (error) {
    throw error instanceof EngineError ? error : new EngineError((error as Error).message, node);
  }
}

/** The one thing that a graph computes with u64: where in a random stream to draw. */
function sumOfCounters([a, b]: readonly Cell[], node: Node): Cell {
  if (node.op !== "AddV2" || a!.exact?.length !== b!.exact?.length)
    throw new EngineError(
      "the reference engine adds u64 of equal shapes, and does nothing else with them",
      node,
    );
  const exact = a!.exact!.map((word, i) => word + b!.exact![i]!);
  return { shape: a!.shape, data: Float64Array.from(exact, Number), exact };
}

/** Arrays are never changed in place, so what was read before stays as it was. */
function write(node: Node, variables: Map<string, Cell>, cellOf: (value: Value) => Cell): void {
  if (node.op === "NoOp") return;
  const update = updates[node.op];
  if (!update) throw new EngineError("the reference engine does not have this operator", node);
  const names = handlesIn(node.inputs).map((handle) => handle.node.attrs.shared_name as string);
  const rest = node.inputs.slice(names.length).map((value) => cellOf(value).data);
  const before = node.op === "AssignVariableOp" ? [] : names.map((_, i) => cellOf(node.inputs[i]!).data);
  for (const [i, data] of update(before, rest, node.attrs).entries()) {
    const { shape, dtype } = node.inputs[i]!.type;
    variables.set(names[i]!, { shape, data: round(data, dtype) });
  }
}
