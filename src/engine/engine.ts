/** What executes graphs. Layouts, memory and sessions are the engine's own business. */
import type { Entry, Program } from "../graph/program.ts";
import type { StaticType, Tensor } from "../types/tensor.ts";

export type { Entry, Program };

export interface CompileOptions {
  /** Intra-op threads. They change the bits of a result and are part of the execution key. */
  readonly threads: number;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface Executable {
  /** Never blocks the event loop for long (the reference engine may). Errors name the `.dl` place of the failing node. */
  run(entry: string, feeds: Tensors): Promise<Tensors>;
  /** Variables out, bit for bit; all of them without `names`. */
  read(names?: readonly string[]): Promise<Tensors>;
  write(values: Tensors): Promise<void>;
  close(): void;
}

export interface EngineInfo {
  readonly name: "tensorflow" | "reference";
  readonly version: string;
  /** Which file, and its sha256, where the engine is a library. */
  readonly library: string | null;
  readonly digest: string | null;
  readonly devices: readonly string[];
}

export interface Engine {
  readonly info: EngineInfo;
  /** sha256 of all that the engine is given for a program: equal input on an equal engine and CPU gives equal bits. */
  inputDigest(program: Program, options: CompileOptions): string;
  compile(program: Program, options: CompileOptions): Promise<Executable>;
}

export type { StaticType };
