import { describe, expect, test } from "vitest";
import type { Network } from "../../src/check/network.ts";
import type { Executable } from "../../src/engine/engine.ts";
import { passes } from "../../src/graph/passes.ts";
import { printProgram } from "../../src/graph/print.ts";
import { verify } from "../../src/graph/verify.ts";
import { keyToBigInt, randomSource, streamKey } from "../../src/ops/philox.ts";
import { type BuildOptions, buildTrial, stages } from "../../src/train/build.ts";
import type { TrialProgram } from "../../src/train/program.ts";
import { initialVariables } from "../../src/train/weights.ts";
import { elementCount, type Tensor } from "../../src/types/tensor.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { call, data, network, type PairedTrial, pairedTrial, recipe } from "./networks.ts";

const engine = await tensorflowForTests();

const classes = 3;
const options: BuildOptions = { evaluateBatch: 8 };

const mlp = network([12], (layer) => {
  layer("dense", { units: 16 });
  layer("tanh");
  layer("dense", { units: 16 });
  layer("relu");
  layer("dense", { units: classes });
});

const vgg = network([12, 12, 3], (layer) => {
  for (const channels of [8, 16]) {
    layer("conv", { channels, bias: false });
    layer("batch_norm");
    layer("relu");
    layer("max_pool", { size: 2 });
  }
  layer("global_avg_pool");
  layer("dense", { units: classes });
});

const residual = network([12, 12, 3], (layer) => {
  const entrance = layer("conv", { channels: 8 });
  layer("batch_norm");
  layer("relu");
  const main = layer("conv", { channels: 16, stride: 2 });
  const pooled = layer("avg_pool", { size: 1, stride: 2 }, [entrance]);
  const skip = layer("pad_channels", { to: 16 }, [pooled]);
  layer("add", {}, [main, skip]);
  layer("relu");
  layer("dropout", { rate: 0.1 });
  layer("flatten");
  layer("dense", { units: classes });
});

const augmentation = [
  call("augment", "rotate", { angle: { from: 0, to: 360 } }),
  call("augment", "flip", { horizontal: 0.5, vertical: 0.5 }),
  call("augment", "shift", { distance: { from: -1, to: 1 } }),
  call("augment", "random_crop", { size: 12, padding: 1 }),
];

const smoothed = call("loss", "cross_entropy", { smoothing: 0.1 });
const target = { kind: "class", count: classes } as const;
const nesterov = { lr: 0.05, momentum: 0.9, nesterov: true, weight_decay: 5e-4 };

const trials: Record<string, PairedTrial> = {
  mlp: pairedTrial(mlp, recipe(call("optimizer", "adamw", { lr: 0.01 }), smoothed, 24), data([12], target)),
  "vgg-like": pairedTrial(
    vgg,
    recipe(call("optimizer", "sgd", nesterov), smoothed, 24),
    data([12, 12, 3], target),
  ),
  residual: pairedTrial(
    residual,
    recipe(call("optimizer", "adam", { lr: 0.003 }), call("loss", "cross_entropy"), 24),
    data([12, 12, 3], target, augmentation),
  ),
};

const rows = 24;

/** Rows whose class shows in their mean. */
function toyRows(network: Network): Record<string, Tensor> {
  const shape = network.inputs[0]!.type.shape.slice(1) as number[];
  const size = elementCount(shape);
  const source = randomSource([5, 6]);
  const y = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const x = Float32Array.from(
    { length: rows * size },
    (_, i) => y[Math.floor(i / size)]! - 1 + 0.5 * source.normal(),
  );
  return {
    "data/x": { dtype: "f32", shape: [rows, ...shape], data: x },
    "data/y": { dtype: "i32", shape: [rows], data: y },
  };
}

const u64 = (...words: bigint[]) =>
  ({ dtype: "u64", shape: [words.length], data: BigUint64Array.from(words) }) as const;
const f32 = (value: number) => ({ dtype: "f32", shape: [], data: Float32Array.of(value) }) as const;

async function open(
  trial: PairedTrial,
  how: BuildOptions = options,
): Promise<{ run: Executable; program: TrialProgram }> {
  const program = buildTrial(trial, rows, how);
  const run = await engine!.compile(program.program, { threads: 1 });
  await run.write(toyRows(trial.networks[0]!.network));
  await run.write(initialVariables(program, "1"));
  return { run, program };
}

async function steps(run: Executable, trial: PairedTrial, count: number, from = 1): Promise<number[]> {
  const losses: number[] = [];
  for (let step = from; step < from + count; step++) {
    const { loss } = await run.run("step", {
      indices: {
        dtype: "i32",
        shape: [trial.recipe.batch],
        data: Int32Array.from({ length: rows }, (_, i) => i),
      },
      lr: f32(trial.recipe.objectives[0]!.optimizer.parameters.lr as number),
      step: f32(step),
      counter: u64(0n, BigInt(step)),
      augmentKey: u64(keyToBigInt(streamKey("1", "augment"))),
      dropoutKey: u64(keyToBigInt(streamKey("1", "dropout"))),
    });
    losses.push(loss!.data[0] as number);
  }
  return losses;
}

describe("programs are well formed, and keep what each stage promises", () => {
  for (const [name, trial] of Object.entries(trials)) {
    for (const after of stages) {
      test(`${name} after ${after}`, () => {
        const { program } = buildTrial(trial, rows, { ...options, after });
        expect(verify(program)).toEqual([]);
        expect(passes.find((pass) => pass.name === after)?.violations(program) ?? []).toEqual([]);
      });
    }
  }

  test("each pass has something to do", () => {
    const before = Object.values(trials).map(
      (trial) => buildTrial(trial, rows, { ...options, after: "differentiate" }).program,
    );
    for (const pass of passes)
      expect([pass.name, before.some((program) => pass.violations(program).length > 0)]).toEqual([
        pass.name,
        true,
      ]);
  });

  test("printed", () => {
    const tiny: PairedTrial = pairedTrial(
      network([4], (layer) => {
        layer("dense", { units: 3 });
      }),
      recipe(call("optimizer", "sgd", { weight_decay: 0.01 }), call("loss", "cross_entropy"), 2),
      data([4], target),
    );
    expect(printProgram(buildTrial(tiny, 10, { evaluateBatch: 5 }).program)).toMatchInlineSnapshot(`
      "step(indices: i32[2], lr: f32[]) -> (loss: f32[]) {
        %0: f32[2,4] = ResourceGather(@data/x, indices)
        %1: f32[4,3] = ReadVariableOp(@dense/kernel)  // test.dl:1:1
        %2: f32[2,3] = MatMul(%0, %1, transpose_a: false, transpose_b: false)  // test.dl:1:1
        %3: f32[3] = ReadVariableOp(@dense/bias)  // test.dl:1:1
        %4: f32[2,3] = BiasAdd(%2, %3)  // test.dl:1:1
        %5: i32[2] = ResourceGather(@data/y, indices)
        %6: f32[2], f32[2,3] = SparseSoftmaxCrossEntropyWithLogits(%4, %5)  // test.dl:1:1
        %7: f32[] = Mean(%6, [0], keep_dims: false)
        %8: f32[2,3] = Mul([0.5, 0.5], %6:1)  // test.dl:1:1
        %9: f32[4,3] = MatMul(%0, %8, transpose_a: true, transpose_b: false)  // test.dl:1:1
        %10: f32[4,3] = Mul(%1, 0.01)
        %11: f32[4,3] = AddV2(%9, %10)
        ResourceApplyGradientDescent(@dense/kernel, lr, %11)
        %12: f32[3] = BiasAddGrad(%8)  // test.dl:1:1
        ResourceApplyGradientDescent(@dense/bias, lr, %12)
        loss = %7
      }  // 2 nodes write

      evaluate(indices: i32[5]) -> (prediction/output: f32[5,3], losses: f32[5]) {
        %0: f32[5,4] = ResourceGather(@data/x, indices)
        %1: f32[4,3] = ReadVariableOp(@dense/kernel)  // test.dl:1:1
        %2: f32[5,3] = MatMul(%0, %1, transpose_a: false, transpose_b: false)  // test.dl:1:1
        %3: f32[3] = ReadVariableOp(@dense/bias)  // test.dl:1:1
        %4: f32[5,3] = BiasAdd(%2, %3)  // test.dl:1:1
        %5: i32[5] = ResourceGather(@data/y, indices)
        %6: f32[5], f32[5,3] = SparseSoftmaxCrossEntropyWithLogits(%4, %5)  // test.dl:1:1
        prediction/output = %4
        losses = %6
      }
      "
    `);
    expect(() => printProgram(buildTrial(tiny, 10, options).program, "train")).toThrow(
      "there is no entry train; there are step, evaluate",
    );
  });
});

describe.skipIf(!engine)("ten steps on TensorFlow", () => {
  for (const [name, trial] of Object.entries(trials)) {
    test(`${name}: the loss is finite and falls, and a second run gives the same bits`, async () => {
      const { run, program } = await open(trial);
      const losses = await steps(run, trial, 10);
      expect(losses.every(Number.isFinite)).toBe(true);
      expect(losses[0]).toBeGreaterThan(0.5);
      expect(losses[9]).toBeLessThan(0.9 * losses[0]!);
      const names = [...program.weights, ...program.slots].map((variable) => variable.name);
      const first = await run.read(names);
      run.close();
      const again = await open(trial);
      await steps(again.run, trial, 10);
      expect(await again.run.read(names)).toEqual(first);
      again.run.close();
    });
  }

  test("the passes change no bit of the weights", async () => {
    const trial = trials.residual!;
    const { run, program } = await open(trial);
    await steps(run, trial, 3);
    const names = program.weights.map(({ name }) => name);
    const optimized = await run.read(names);
    run.close();
    const plain = await open(trial, { ...options, after: "differentiate" });
    await steps(plain.run, trial, 3);
    expect(await plain.run.read(names)).toEqual(optimized);
    plain.run.close();
  });

  test("evaluation changes nothing and gives outputs and losses of the rows asked for", async () => {
    const { run, program } = await open(trials.residual!);
    await steps(run, trials.residual!, 3);
    const before = await run.read();
    const indices = (at: number[]) => ({
      indices: { dtype: "i32", shape: [8], data: Int32Array.from(at) } as const,
    });
    const { "prediction/output": outputs, losses } = await run.run(
      "evaluate",
      indices([0, 1, 2, 3, 4, 5, 6, 7]),
    );
    expect(await run.read()).toEqual(before);
    expect(outputs!.shape).toEqual([8, ...program.predictions.output!]);
    const logits = outputs!.data as Float32Array;
    for (let row = 0; row < 8; row++) {
      const at = [...logits.subarray(row * classes, (row + 1) * classes)];
      const sum = at.reduce((total, z) => total + Math.exp(z), 0);
      expect(losses!.data[row]).toBeCloseTo(Math.log(sum) - at[row % classes]!, 5);
    }
    const reversed = await run.run("evaluate", indices([7, 6, 5, 4, 3, 2, 1, 0]));
    // To rounding: vectorized kernels treat the last rows of a batch in another way.
    for (let row = 0; row < 8; row++)
      expect(reversed.losses!.data[7 - row]).toBeCloseTo(losses!.data[row] as number, 5);
    run.close();
  });

  test("moving statistics follow momentum 0.9 with the unbiased variance", async () => {
    const trial: PairedTrial = pairedTrial(
      network([2], (layer) => {
        layer("batch_norm");
        layer("dense", { units: classes });
      }),
      recipe(call("optimizer", "sgd", {}), smoothed, 24),
      data([2], target),
    );
    const { run } = await open(trial);
    await steps(run, trial, 1);
    const { "batch_norm/mean": mean, "batch_norm/variance": variance } = await run.read();
    const x = toyRows(trial.networks[0]!.network)["data/x"]!.data as Float32Array;
    for (const channel of [0, 1]) {
      const values = Array.from({ length: rows }, (_, row) => x[2 * row + channel]!);
      const m = values.reduce((a, b) => a + b) / rows;
      const s = values.reduce((a, b) => a + (b - m) ** 2, 0) / (rows - 1);
      expect(mean!.data[channel]).toBeCloseTo(0.1 * m, 6);
      expect(variance!.data[channel]).toBeCloseTo(0.9 + 0.1 * s, 5);
    }
    run.close();
  });
});

test("an input that the network leaves unread is not in the program, nor among the data to be written", () => {
  const x = mlp.inputs[0]!;
  const two: Network = { ...mlp, inputs: [x, { ...x, name: "z", field: "z" }] };
  const spec = data([12], { kind: "class", count: classes });
  const prepared = { ...spec.prepared, z: spec.prepared.x! };
  const how = recipe(call("optimizer", "sgd", { lr: 0.1 }), smoothed, 4);
  const built = buildTrial(pairedTrial(two, how, { ...spec, prepared }), 20, options);
  expect(Object.keys(built.data).sort()).toEqual(["x", "y"]);
  expect(built.program.variables.map(({ name }) => name)).not.toContain("data/z");
});
