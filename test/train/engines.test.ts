/** Whole training steps: TensorFlow against the reference engine, and what TensorFlow makes of them. */
import { describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openReference } from "../../src/engine/reference/open.ts";
import { keyToBigInt, randomSource, streamKey } from "../../src/ops/philox.ts";
import { buildTrial } from "../../src/train/build.ts";
import { initialVariables } from "../../src/train/weights.ts";
import { elementCount, type Tensor } from "../../src/types/tensor.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { call, data, network, type PairedTrial, pairedTrial, recipe } from "./networks.ts";

const tensorflow = await tensorflowForTests();
const reference = openReference();
const classes = 3;
const batch = 12;
const target = { kind: "class", count: classes } as const;
const loss = call("loss", "cross_entropy", { smoothing: 0.1 });
const sgd = call("optimizer", "sgd", { lr: 0.03, momentum: 0.9, nesterov: true, weight_decay: 5e-4 });

const vggLike = (sizes: readonly number[]) =>
  network([12, 12, 3], (layer) => {
    for (const channels of sizes) {
      layer("conv", { channels, bias: false });
      layer("batch_norm");
      layer("relu");
      layer("max_pool", { size: 2 });
    }
    layer("global_avg_pool");
    layer("dense", { units: classes });
  });

const residual = (channels: number) =>
  network([12, 12, 3], (layer) => {
    layer("conv", { channels, bias: false });
    layer("batch_norm");
    const entrance = layer("relu");
    layer("conv", { channels: 2 * channels, bias: false, stride: 2 });
    layer("batch_norm");
    layer("relu");
    layer("conv", { channels: 2 * channels, bias: false });
    const main = layer("batch_norm");
    const pooled = layer("avg_pool", { size: 1, stride: 2 }, [entrance]);
    const skip = layer("pad_channels", { to: 2 * channels }, [pooled]);
    layer("add", {}, [main, skip]);
    layer("relu");
    layer("global_avg_pool");
    layer("dense", { units: classes });
  });

const mlp = network([12], (layer) => {
  layer("dense", { units: 16 });
  layer("tanh");
  layer("dropout", { rate: 0.2 });
  layer("dense", { units: classes });
});

const augment = [
  call("augment", "rotate", { angle: { from: 0, to: 360 } }),
  call("augment", "flip", { horizontal: 0.5, vertical: 0.5 }),
];

const trials: Readonly<Record<string, PairedTrial>> = {
  "a perceptron with dropout, AdamW": pairedTrial(
    mlp,
    recipe(call("optimizer", "adamw", { lr: 0.003 }), loss, batch),
    data([12], target),
  ),
  "a VGG-like, SGD with Nesterov momentum": pairedTrial(
    vggLike([4, 6]),
    recipe(sgd, loss, batch),
    data([12, 12, 3], target),
  ),
  "a ResNet-like, augmented": pairedTrial(
    residual(4),
    recipe(sgd, loss, batch),
    data([12, 12, 3], target, augment),
  ),
};

function rows(trial: PairedTrial): Readonly<Record<string, Tensor>> {
  const shape = trial.networks[0]!.network.inputs[0]!.type.shape.slice(1) as number[];
  const size = elementCount(shape);
  const source = randomSource([5, 6]);
  const y = Int32Array.from({ length: batch }, (_, row) => row % classes);
  const x = Float32Array.from(
    { length: batch * size },
    (_, i) => y[Math.floor(i / size)]! - 1 + source.normal(),
  );
  return {
    "data/x": { dtype: "f32", shape: [batch, ...shape], data: x },
    "data/y": { dtype: "i32", shape: [batch], data: y },
  };
}

const u64 = (...words: bigint[]) =>
  ({ dtype: "u64", shape: [words.length], data: BigUint64Array.from(words) }) as const;
const f32 = (value: number) => ({ dtype: "f32", shape: [], data: Float32Array.of(value) }) as const;

function feedsOf(trial: PairedTrial, step: number): Readonly<Record<string, Tensor>> {
  return {
    indices: { dtype: "i32", shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i) },
    lr: f32(trial.recipe.objectives[0]!.optimizer.parameters.lr as number),
    step: f32(step),
    counter: u64(0n, BigInt(step)),
    augmentKey: u64(keyToBigInt(streamKey("1", "augment"))),
    dropoutKey: u64(keyToBigInt(streamKey("1", "dropout"))),
  };
}

async function open<E extends Engine>(engine: E, trial: PairedTrial) {
  const program = buildTrial(trial, batch, { evaluateBatch: batch });
  const executable = (await engine.compile(program.program, { threads: 1 })) as Awaited<
    ReturnType<E["compile"]>
  >;
  await executable.write(rows(trial));
  await executable.write(initialVariables(program, "1"));
  return { executable, names: program.weights.map(({ name }) => name) };
}

describe.skipIf(!tensorflow)("ten steps on both engines agree to 1e-4", () => {
  test.each(Object.entries(trials))("%s", async (_, trial) => {
    const ends = [];
    for (const engine of [tensorflow!, reference]) {
      const { executable, names } = await open(engine, trial);
      const losses: number[] = [];
      for (let step = 1; step <= 10; step++)
        losses.push((await executable.run("step", feedsOf(trial, step))).loss!.data[0] as number);
      const { "prediction/output": outputs } = await executable.run("evaluate", {
        indices: feedsOf(trial, 1).indices!,
      });
      ends.push({ losses, outputs: outputs!, weights: await executable.read(names) });
      executable.close();
    }
    const [a, b] = ends as [(typeof ends)[0], (typeof ends)[0]];
    const furthest = (x: ArrayLike<number | bigint>, y: ArrayLike<number | bigint>) =>
      Math.max(...Array.from(x, (value, i) => Math.abs(Number(value) - Number(y[i]))));
    expect(furthest(a.losses, b.losses)).toBeLessThan(1e-4);
    expect(furthest(a.outputs.data, b.outputs.data)).toBeLessThan(1e-3);
    for (const [name, { data }] of Object.entries(a.weights))
      expect([name, furthest(data, b.weights[name]!.data) < 1e-4]).toEqual([name, true]);
    expect(a.losses[9]).toBeLessThan(a.losses[0]!);
  });
});

describe.skipIf(!tensorflow)("oneDNN takes every convolution and batch norm of a step", () => {
  // Widths at which a real network is trained: kernels are chosen by size.
  test.each([
    ["VGG-like", vggLike([32, 64])],
    ["ResNet-like", residual(32)],
  ])("%s", async (_, net) => {
    const trial: PairedTrial = pairedTrial(net, recipe(sgd, loss, batch), data([12, 12, 3], target));
    const { executable } = await open(tensorflow!, trial);
    const ran = [...(await executable.kernels("step", feedsOf(trial, 1))).values()];
    executable.close();
    const heavy = ran.filter((op) => /Conv2D|FusedBatchNorm/.test(op));
    expect(heavy.filter((op) => op.includes("BackpropFilter")).length).toBeGreaterThanOrEqual(2);
    expect(heavy.filter((op) => op.includes("FusedBatchNorm")).length).toBeGreaterThanOrEqual(4);
    expect(heavy.filter((op) => !op.startsWith("_Mkl"))).toEqual([]);
  });
});
