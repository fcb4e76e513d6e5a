/** TensorFlow's C API (`tensorflow/c/c_api.h`) through `koffi`. Handles are addresses. */
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi, { type LibraryHandle } from "koffi";
import type { LibraryLocation } from "./location.ts";

/** An address in native memory. */
export type Address = number | bigint;

type Words = BigUint64Array;

export interface TensorflowLibrary {
  version(): string;
  newStatus(): Address;
  deleteStatus(status: Address): void;
  code(status: Address): number;
  message(status: Address): string;
  newGraph(): Address;
  deleteGraph(graph: Address): void;
  newBuffer(bytes: Uint8Array, length: number): Address;
  newEmptyBuffer(): Address;
  deleteBuffer(buffer: Address): void;
  newImportOptions(): Address;
  deleteImportOptions(options: Address): void;
  importGraph(graph: Address, graphDef: Address, options: Address, status: Address): void;
  newSessionOptions(): Address;
  deleteSessionOptions(options: Address): void;
  setConfig(options: Address, proto: Uint8Array, length: number, status: Address): void;
  newSession(graph: Address, options: Address, status: Address): Address;
  closeSession(session: Address, status: Address): void;
  deleteSession(session: Address, status: Address): void;
  listDevices(session: Address, status: Address): Address;
  deviceCount(list: Address): number;
  deviceName(list: Address, index: number, status: Address): string;
  deleteDevices(list: Address): void;
  operation(graph: Address, name: string): Address;
  allocateTensor(dtype: number, dims: BigInt64Array, rank: number, bytes: number): Address;
  deleteTensor(tensor: Address): void;
  tensorData(tensor: Address): Address;
  tensorBytes(tensor: Address): number;
  /** On a thread of the library's own; settles when the run ended, whatever its status. */
  run(
    session: Address,
    options: Address,
    inputs: Words,
    inputTensors: Words,
    inputCount: number,
    outputs: Words,
    outputTensors: Words,
    outputCount: number,
    targets: Words,
    targetCount: number,
    metadata: Address,
    status: Address,
  ): Promise<void>;
  copyIn(to: Address, from: NodeJS.TypedArray, bytes: number): void;
  copyOut(to: NodeJS.TypedArray, from: Address, bytes: number): void;
}

const loaded = new Map<string, TensorflowLibrary>();

/** Loads both libraries for the rest of the process; the same location is loaded once. Takes about 0.4 s. */
export function loadLibrary(location: LibraryLocation): TensorflowLibrary {
  const known = loaded.get(location.cc);
  if (known) return known;
  // Read by the library when it is loaded: nothing of its log belongs on the user's terminal; oneDNN on every CPU.
  setEnvironment("TF_CPP_MIN_LOG_LEVEL", "3");
  setEnvironment("TF_ENABLE_ONEDNN_OPTS", "1");
  withQuietStderr(() => {
    pin(location.framework);
    pin(location.cc);
  });
  const library = bind(koffi.load(location.cc), koffi.load(location.framework));
  loaded.set(location.cc, library);
  return library;
}

/** Through the C library: `process.env` of a worker thread is a copy that native code does not see. The user's own value stays. */
function setEnvironment(name: string, value: string): void {
  koffi.load(null).func("setenv", "int", ["str", "str", "int"])(name, value, 0);
}

/** Remarks of the library's start, not errors: "I0000 00:00:1795 port.cc:153] oneDNN custom operations are on." */
const remark = /^(I\d{4} |WARNING: All log messages before absl::InitializeLog)/;

/**
 * One static initialiser logs before another one reads TF_CPP_MIN_LOG_LEVEL, so the level cannot silence it. What native code
 * writes to stderr meanwhile is held back, and all but such remarks is passed on.
 */
function withQuietStderr(body: () => void): void {
  const path = join(tmpdir(), `dlc-stderr-${process.pid}-${randomBytes(4).toString("hex")}`);
  let file: number;
  try {
    file = openSync(path, "wx+");
  } catch {
    body();
    return;
  }
  unlinkSync(path);
  const self = koffi.load(null);
  const duplicate = self.func("dup", "int", ["int"]);
  const replace = self.func("dup2", "int", ["int", "int"]);
  const stderr: number = duplicate(2);
  replace(file, 2);
  try {
    body();
  } finally {
    replace(stderr, 2);
    closeSync(stderr);
    const held = Buffer.alloc(fstatSync(file).size);
    readSync(file, held, 0, held.length, 0);
    closeSync(file);
    const lines = held.toString("utf8").split("\n");
    const kept = lines.filter((line) => line && !remark.test(line)).map((line) => `${line}\n`);
    if (kept.length > 0) writeSync(2, kept.join(""));
  }
}

/**
 * Keeps a library in the process to its end. koffi closes what it opened when the process ends, and TensorFlow's static
 * destructors would then end it with a segmentation fault.
 */
function pin(path: string): void {
  const [lazy, global, noDelete] = process.platform === "darwin" ? [1, 8, 0x80] : [1, 0x100, 0x1000];
  const self = koffi.load(null);
  const open = self.func("dlopen", "uintptr_t", ["str", "int"]);
  if (open(path, lazy! | global! | noDelete!) === 0) {
    const why = self.func("dlerror", "str", []);
    throw new Error(`cannot load ${path}: ${why()}`);
  }
}

function bind(cc: LibraryHandle, framework: LibraryHandle): TensorflowLibrary {
  const bound = (name: string, result: string, parameters: string[]) => {
    try {
      return cc.func(name, result, parameters);
    } catch {
      return framework.func(name, result, parameters);
    }
  };
  const at = "uintptr_t";
  const run = bound("TF_SessionRun", "void", [
    ...[at, at, "void *", "void *", "int", "void *", "void *", "int", "void *", "int", at, at],
  ]);
  const self = koffi.load(null);
  return {
    version: bound("TF_Version", "str", []),
    newStatus: bound("TF_NewStatus", at, []),
    deleteStatus: bound("TF_DeleteStatus", "void", [at]),
    code: bound("TF_GetCode", "int", [at]),
    message: bound("TF_Message", "str", [at]),
    newGraph: bound("TF_NewGraph", at, []),
    deleteGraph: bound("TF_DeleteGraph", "void", [at]),
    newBuffer: bound("TF_NewBufferFromString", at, ["void *", "size_t"]),
    newEmptyBuffer: bound("TF_NewBuffer", at, []),
    deleteBuffer: bound("TF_DeleteBuffer", "void", [at]),
    newImportOptions: bound("TF_NewImportGraphDefOptions", at, []),
    deleteImportOptions: bound("TF_DeleteImportGraphDefOptions", "void", [at]),
    importGraph: bound("TF_GraphImportGraphDef", "void", [at, at, at, at]),
    newSessionOptions: bound("TF_NewSessionOptions", at, []),
    deleteSessionOptions: bound("TF_DeleteSessionOptions", "void", [at]),
    setConfig: bound("TF_SetConfig", "void", [at, "void *", "size_t", at]),
    newSession: bound("TF_NewSession", at, [at, at, at]),
    closeSession: bound("TF_CloseSession", "void", [at, at]),
    deleteSession: bound("TF_DeleteSession", "void", [at, at]),
    listDevices: bound("TF_SessionListDevices", at, [at, at]),
    deviceCount: bound("TF_DeviceListCount", "int", [at]),
    deviceName: bound("TF_DeviceListName", "str", [at, "int", at]),
    deleteDevices: bound("TF_DeleteDeviceList", "void", [at]),
    operation: bound("TF_GraphOperationByName", at, [at, "str"]),
    allocateTensor: bound("TF_AllocateTensor", at, ["int", "void *", "int", "size_t"]),
    deleteTensor: bound("TF_DeleteTensor", "void", [at]),
    tensorData: bound("TF_TensorData", at, [at]),
    tensorBytes: bound("TF_TensorByteSize", "size_t", [at]),
    run: (...parameters) =>
      new Promise((settle, fail) => {
        run.async(...parameters, (error: unknown) => (error ? fail(error) : settle()));
      }),
    copyIn: self.func("memcpy", at, [at, "void *", "size_t"]),
    copyOut: self.func("memcpy", at, ["void *", at, "size_t"]),
  };
}
