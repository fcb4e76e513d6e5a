/** The engine on TensorFlow's native runtime: one graph and one session for each compiled program. */
import { createHash } from "node:crypto";
import type { Program } from "../../graph/program.ts";
import type { Node } from "../../ops/node.ts";
import type { CompileOptions, Engine, EngineInfo, Executable, Tensors } from "../engine.ts";
import { EngineError } from "../error.ts";
import { checkTensor, emptyTensor } from "../tensors.ts";
import { libraryDigest } from "./digest.ts";
import { dataTypes, type Endpoint, type GraphDef, writeGraphDef } from "./graph-def.ts";
import { type Address, loadLibrary, type TensorflowLibrary } from "./library.ts";
import type { LibraryLocation } from "./location.ts";
import { message, messagesIn } from "./protobuf.ts";

export interface TensorflowExecutable extends Executable {
  /** Runs an entry and gives the operators that it ran, after TensorFlow's own rewriting, by node: `_MklNativeConv2D`. */
  kernels(entry: string, feeds: Tensors): Promise<ReadonlyMap<string, string>>;
}

export interface TensorflowEngine extends Engine {
  compile(program: Program, options: CompileOptions): Promise<TensorflowExecutable>;
}

/** Loads the library and asks it for its devices. Throws an `Error` that names the file where it cannot be loaded. */
export async function openTensorflow(location: LibraryLocation): Promise<TensorflowEngine> {
  const library = loadLibrary(location);
  const info: EngineInfo = {
    name: "tensorflow",
    version: library.version(),
    library: location.cc,
    digest: await libraryDigest(location.cc),
    devices: devicesOf(library),
  };
  return {
    info,
    inputDigest,
    compile: async (program, options) => compile(library, program, options),
  };
}

const definitions = new WeakMap<Program, GraphDef>();

/** A program is written once, whoever asks. */
function definitionOf(program: Program): GraphDef {
  const known = definitions.get(program) ?? writeGraphDef(program);
  definitions.set(program, known);
  return known;
}

/** Settings that users may make and that change bits, with what holds without them. */
const settings = {
  TF_ENABLE_ONEDNN_OPTS: "1",
  ONEDNN_MAX_CPU_ISA: "ALL",
  ONEDNN_DEFAULT_FPMATH_MODE: "STRICT",
} as const;

function inputDigest(program: Program, { threads }: CompileOptions): string {
  const hash = createHash("sha256");
  for (const [name, usual] of Object.entries(settings)) hash.update(`${process.env[name] ?? usual}\n`);
  return hash.update(configFor(threads)).update(definitionOf(program).bytes).digest("hex");
}

function check(library: TensorflowLibrary, status: Address, nodes?: ReadonlyMap<string, Node>): void {
  if (library.code(status) === 0) return;
  throw explain(library.message(status), nodes);
}

/** TensorFlow names the failing operation as `{{node step/Conv2D_12}}`; that leads back to its `.dl` place. */
function explain(text: string, nodes?: ReadonlyMap<string, Node>): EngineError {
  const unset = /Could not find variable (\S+?)\. |reading resource variable (\S+) from/.exec(text);
  if (unset) return new EngineError(`the variable ${unset[1] ?? unset[2]} has no value yet`, undefined);
  for (const [, name] of text.matchAll(/\{\{node ([^}]+)\}\}/g)) {
    const node = nodes?.get(name!);
    if (node) return new EngineError(text.replace(/\s*\[\[\{\{node [\s\S]*$/, ""), node);
  }
  return new EngineError(text, undefined);
}

function withStatus<T>(
  library: TensorflowLibrary,
  body: (status: Address) => T,
  nodes?: ReadonlyMap<string, Node>,
): T {
  const status = library.newStatus();
  try {
    const result = body(status);
    check(library, status, nodes);
    return result;
  } finally {
    library.deleteStatus(status);
  }
}

/** ConfigProto: 2 intra_op_parallelism_threads, 5 inter_op_parallelism_threads, 7 allow_soft_placement, 9 use_per_session_threads. */
function configFor(threads: number): Uint8Array {
  return message().varint(2, threads).varint(5, threads).varint(7, 1).varint(9, 1).finish();
}

function newSession(library: TensorflowLibrary, graph: Address, threads: number): Address {
  const config = configFor(threads);
  const options = library.newSessionOptions();
  try {
    withStatus(library, (status) => library.setConfig(options, config, config.length, status));
    return withStatus(library, (status) => library.newSession(graph, options, status));
  } finally {
    library.deleteSessionOptions(options);
  }
}

function closeSession(library: TensorflowLibrary, session: Address, graph: Address): void {
  withStatus(library, (status) => library.closeSession(session, status));
  withStatus(library, (status) => library.deleteSession(session, status));
  library.deleteGraph(graph);
}

/** `CPU:0`, `GPU:0`. Asked of a session without configuration, so that no thread count is settled by asking. */
function devicesOf(library: TensorflowLibrary): readonly string[] {
  const graph = library.newGraph();
  const options = library.newSessionOptions();
  const session = withStatus(library, (status) => library.newSession(graph, options, status));
  library.deleteSessionOptions(options);
  const list = withStatus(library, (status) => library.listDevices(session, status));
  const names = Array.from({ length: library.deviceCount(list) }, (_, i) =>
    withStatus(library, (status) => library.deviceName(list, i, status)).replace(/^.*device:/, ""),
  );
  library.deleteDevices(list);
  closeSession(library, session, graph);
  return names;
}

/** `TF_Buffer` begins with an address and a length. */
function bufferBytes(library: TensorflowLibrary, buffer: Address): Uint8Array {
  const fields = new BigUint64Array(2);
  library.copyOut(fields, buffer, 16);
  const bytes = new Uint8Array(Number(fields[1]));
  if (bytes.length > 0) library.copyOut(bytes, fields[0]!, bytes.length);
  return bytes;
}

/** Names and operators of the nodes in a RunMetadata: 3 partition_graphs, 1 node, 1 name, 2 op. */
function operatorsIn(metadata: Uint8Array): ReadonlyMap<string, string> {
  const text = new TextDecoder();
  const found = new Map<string, string>();
  for (const graph of messagesIn(metadata, 3)) {
    for (const node of messagesIn(graph, 1)) {
      const [name] = messagesIn(node, 1);
      const [op] = messagesIn(node, 2);
      if (name && op) found.set(text.decode(name), text.decode(op));
    }
  }
  return found;
}

/** The calls of one set of feeds, fetches and targets, made once: names are resolved, arrays filled. */
interface Call {
  readonly feeds: readonly (readonly [name: string, endpoint: Endpoint, dims: BigInt64Array])[];
  readonly fetches: readonly (readonly [name: string, endpoint: Endpoint])[];
  readonly inputs: BigUint64Array;
  readonly outputs: BigUint64Array;
  readonly targets: BigUint64Array;
}

function compile(
  library: TensorflowLibrary,
  program: Program,
  { threads }: CompileOptions,
): TensorflowExecutable {
  const definition = definitionOf(program);
  const graph = library.newGraph();
  const buffer = library.newBuffer(definition.bytes, definition.bytes.length);
  const importOptions = library.newImportOptions();
  let session: Address;
  try {
    withStatus(
      library,
      (status) => library.importGraph(graph, buffer, importOptions, status),
      definition.nodes,
    );
    session = newSession(library, graph, threads);
  } catch (error) {
    library.deleteGraph(graph);
    throw error;
  } finally {
    library.deleteImportOptions(importOptions);
    library.deleteBuffer(buffer);
  }
  const freeStatuses: Address[] = [];
  const inFlight = new Set<Promise<unknown>>();
  let closed = false;

  const operation = (name: string): bigint => BigInt(library.operation(graph, name));
  /** `TF_Output { TF_Operation* oper; int index; }`, 16 bytes. */
  const endpoints = (list: readonly (readonly [string, Endpoint, ...unknown[]])[]) =>
    BigUint64Array.from(list.flatMap(([, at]) => [operation(at.operation), BigInt(at.index)]));
  const prepare = (
    feedMap: Readonly<Record<string, Endpoint>>,
    fetchMap: Readonly<Record<string, Endpoint>>,
    targets: readonly string[],
  ): Call => {
    const feeds = Object.entries(feedMap).map(
      ([name, at]) => [name, at, BigInt64Array.from(at.type.shape, BigInt)] as const,
    );
    const fetches = Object.entries(fetchMap);
    return {
      feeds,
      fetches,
      inputs: endpoints(feeds),
      outputs: endpoints(fetches),
      targets: BigUint64Array.from(targets, operation),
    };
  };

  const execute = async (
    call: Call,
    given: Tensors,
    what: string,
    runOptions: Address = 0,
    metadata: Address = 0,
  ): Promise<Tensors> => {
    if (closed) throw new Error("the executable is closed");
    for (const [name, at] of call.feeds) checkTensor(given[name], at.type, `${what} ${name}`);
    const inputs = new BigUint64Array(call.feeds.length);
    for (const [i, [name, at, dims]] of call.feeds.entries()) {
      const { data } = given[name]!;
      const tensor = library.allocateTensor(dataTypes[at.type.dtype], dims, dims.length, data.byteLength);
      if (data.byteLength > 0) library.copyIn(library.tensorData(tensor), data, data.byteLength);
      inputs[i] = BigInt(tensor);
    }
    const outputs = new BigUint64Array(call.fetches.length);
    const status = freeStatuses.pop() ?? library.newStatus();
    try {
      await library.run(
        session,
        runOptions,
        call.inputs,
        inputs,
        inputs.length,
        call.outputs,
        outputs,
        outputs.length,
        call.targets,
        call.targets.length,
        metadata,
        status,
      );
      check(library, status, definition.nodes);
      const result: Record<string, Tensors[string]> = {};
      for (const [i, [name, at]] of call.fetches.entries()) {
        const tensor = emptyTensor(at.type);
        const bytes = library.tensorBytes(outputs[i]!);
        if (bytes !== tensor.data.byteLength)
          throw new EngineError(`${name} has ${bytes} bytes, not ${tensor.data.byteLength}`, undefined);
        if (bytes > 0) library.copyOut(tensor.data, library.tensorData(outputs[i]!), bytes);
        result[name] = tensor;
      }
      return result;
    } finally {
      for (const tensor of inputs) library.deleteTensor(tensor);
      for (const tensor of outputs) if (tensor !== 0n) library.deleteTensor(tensor);
      freeStatuses.push(status);
    }
  };
  const track = <T>(run: Promise<T>): Promise<T> => {
    inFlight.add(run);
    const done = () => inFlight.delete(run);
    run.then(done, done);
    return run;
  };

  const calls = new Map(
    Object.entries(definition.entries).map(([name, at]) => [name, prepare(at.feeds, at.fetches, at.targets)]),
  );
  const variableNames = Object.keys(definition.variables);
  const variable = (name: string) => {
    const found = definition.variables[name];
    if (!found) throw new Error(`the program has no variable ${name}`);
    return found;
  };

  return {
    run(entry, feeds) {
      const call = calls.get(entry);
      if (!call) return Promise.reject(new Error(`the program has no entry ${entry}`));
      return track(execute(call, feeds, `${entry} needs`));
    },
    async kernels(entry, feeds) {
      // RunOptions: 5 output_partition_graphs.
      const wanted = message().varint(5, 1).finish();
      const runOptions = library.newBuffer(wanted, wanted.length);
      const metadata = library.newEmptyBuffer();
      try {
        await track(execute(calls.get(entry)!, feeds, `${entry} needs`, runOptions, metadata));
        return operatorsIn(bufferBytes(library, metadata));
      } finally {
        library.deleteBuffer(runOptions);
        library.deleteBuffer(metadata);
      }
    },
    read: async (names = variableNames) => {
      const fetches = Object.fromEntries(names.map((name) => [name, variable(name).read]));
      return track(execute(prepare({}, fetches, []), {}, ""));
    },
    write: async (values) => {
      const names = Object.keys(values);
      const feeds = Object.fromEntries(names.map((name) => [name, variable(name).feed]));
      await track(
        execute(
          prepare(
            feeds,
            {},
            names.map((name) => variable(name).assign),
          ),
          values,
          "the variable",
        ),
      );
    },
    close() {
      if (closed) return;
      closed = true;
      void Promise.allSettled([...inFlight]).then(() => {
        closeSession(library, session, graph);
        for (const status of freeStatuses) library.deleteStatus(status);
      });
    },
  };
}
