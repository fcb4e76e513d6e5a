/** Looks whether this machine can train: what `dlc doctor` prints. */
import { Problem } from "../diagnostics/problem.ts";
import { createBuilder } from "../graph/builder.ts";
import { differentiate } from "../graph/differentiate.ts";
import type { Program } from "../graph/program.ts";
import type { Variable } from "../ops/node.ts";
import { philoxUniform } from "../ops/philox.ts";
import { elementCount, type Tensor } from "../types/tensor.ts";
import type { Engine } from "./engine.ts";
import { type EngineName, openEngine } from "./open.ts";
import { locateTensorflow } from "./tensorflow/locate.ts";

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}

/** In the order in which they are printed. Nothing is thrown for what is missing: that is a finding. */
export async function examine(): Promise<readonly Finding[]> {
  return [examineNode(), ...(await examineTensorflow()), await examineStep("reference")];
}

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  const host = `${process.platform} ${process.arch}`;
  return {
    name: "node",
    ok,
    text: ok ? `${process.version} on ${host}` : `${process.version}: 20.19 or later is needed`,
  };
}

async function examineTensorflow(): Promise<readonly Finding[]> {
  try {
    const location = locateTensorflow();
    const began = performance.now();
    const { info } = await openEngine("tensorflow");
    const loaded = `loaded in ${milliseconds(performance.now() - began)}`;
    return [
      { name: "tensorflow", ok: true, text: `${info.version} from ${location!.origin}: ${info.library}` },
      { name: "devices", ok: true, text: `${info.devices.join(", ")} (${loaded})` },
      await examineStep("tensorflow"),
    ];
  } catch (error) {
    return [{ name: "tensorflow", ok: false, text: wordsOf(error) }];
  }
}

/** Trains a tiny network and sees that its loss falls as it must. */
async function examineStep(name: EngineName): Promise<Finding> {
  try {
    const { first, step, losses } = await trainTiny(await openEngine(name));
    const [before, after] = [losses[0]!, losses.at(-1)!];
    const fell = `loss ${before.toFixed(4)} to ${after.toFixed(4)} in ${losses.length} steps`;
    const times = `first ${milliseconds(first)}, then ${milliseconds(step)} a step`;
    const ok = Number.isFinite(after) && after < before;
    return { name: "step", ok, text: `${name}: ${fell}; ${times}` };
  } catch (error) {
    return { name: "step", ok: false, text: `${name}: ${wordsOf(error)}` };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Problem) return error.hint ? `${error.message}. ${error.hint}` : error.message;
  return error instanceof Error ? error.message : String(error);
}

function milliseconds(time: number): string {
  return time < 10 ? `${time.toFixed(2)} ms` : `${Math.round(time)} ms`;
}

const shapes = { image: [4, 8, 8, 1], kernel: [3, 3, 1, 4], bias: [4], dense: [256, 2] } as const;
const steps = 10;

async function trainTiny(engine: Engine) {
  const executable = await engine.compile(tinyProgram(), { threads: 1 });
  try {
    await executable.write({
      kernel: drawn(shapes.kernel, 1),
      bias: { dtype: "f32", shape: shapes.bias, data: new Float32Array(4) },
      dense: drawn(shapes.dense, 2),
    });
    const feeds = { image: drawn(shapes.image, 3) };
    const losses: number[] = [];
    const times: number[] = [];
    for (let i = 0; i < steps; i++) {
      const began = performance.now();
      losses.push((await executable.run("step", feeds)).loss!.data[0] as number);
      times.push(performance.now() - began);
    }
    const later = times.slice(1).sort((a, b) => a - b);
    return { first: times[0]!, step: later[Math.floor(later.length / 2)]!, losses };
  } finally {
    executable.close();
  }
}

/** Uniform in +-0.3. */
function drawn(shape: readonly number[], stream: number): Tensor {
  const data = philoxUniform([stream, 0], 0, elementCount(shape)).map((u) => 0.6 * u - 0.3);
  return { dtype: "f32", shape, data };
}

/** Convolution, bias, ReLU, a matrix product, softmax cross-entropy, and gradient descent. */
function tinyProgram(): Program {
  const b = createBuilder();
  const variable = (name: "kernel" | "bias" | "dense"): Variable => ({
    name,
    type: { dtype: "f32", shape: shapes[name] },
  });
  const variables = [variable("kernel"), variable("bias"), variable("dense")];
  const values = variables.map((one) => b.read(one));
  const image = b.placeholder("image", { dtype: "f32", shape: shapes.image });
  const convolved = b.emit("Conv2D", [image, values[0]!], { strides: [1, 1, 1, 1], padding: "SAME" });
  const active = b.emit("Relu", [b.emit("BiasAdd", [convolved, values[1]!])]);
  const flat = b.emit("Reshape", [active, b.ints([4, 256])]);
  const logits = b.emit("MatMul", [flat, values[2]!]);
  const losses = b.emit("SparseSoftmaxCrossEntropyWithLogits", [logits, b.ints([0, 1, 0, 1])]);
  const loss = b.emit("Mean", [losses, b.ints([0])], { keep_dims: false });
  const targets = differentiate(b, loss, values).map((gradient, i) =>
    b.target("ResourceApplyGradientDescent", [b.variable(variables[i]!), b.scalar(0.1), gradient]),
  );
  return { variables, entries: { step: { feeds: { image }, fetches: { loss }, targets } } };
}
