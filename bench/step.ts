/**
 * Milliseconds a training step of the two networks of `specs/galaxy-zoo.dl`, without augmentation, against Keras (`tf.function`)
 * on the same TensorFlow: same batch, same threads, in turns within one run, so that both see the same machine.
 */
import { spawn } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { createInterface } from "node:readline";
import { diskHost } from "../src/cli/host.ts";
import { createReporter } from "../src/diagnostics/diagnostic.ts";
import type { Engine } from "../src/engine/engine.ts";
import { openEngine } from "../src/engine/open.ts";
import { createBuilder } from "../src/graph/builder.ts";
import { philoxUniform, streamKey } from "../src/ops/philox.ts";
import type { TrialSpec } from "../src/study/plan.ts";
import { planStudy } from "../src/study/plan-study.ts";
import { buildTrial } from "../src/train/build.ts";
import { initialVariables } from "../src/train/weights.ts";
import { peerPython } from "./peer/environment.ts";

const rows = 512;
const blocks = 7;
const stepsPerBlock = 12;
const threads = Number(process.argv[2] ?? availableParallelism());

/** Runs a number of steps and says how many milliseconds one took. */
type Runner = (steps: number) => Promise<number>;

async function dlcRunner(engine: Engine, trial: TrialSpec): Promise<Runner> {
  const program = buildTrial({ ...trial, data: { ...trial.data, augment: [] } }, rows, { evaluateBatch: 32 });
  const executable = await engine.compile(program.program, { threads });
  const key = streamKey("1", "init", 1000);
  const data = Object.values(program.data).map(({ variable, type }) => {
    const uniform = philoxUniform(
      key,
      0,
      type.shape.reduce((a, b) => a * b, 1),
    );
    return [
      variable,
      { ...type, data: type.dtype === "i32" ? Int32Array.from(uniform, (u) => u * 4) : uniform },
    ];
  });
  await executable.write({ ...initialVariables(program, "1"), ...Object.fromEntries(data) });
  const orders = Array.from({ length: 16 }, (_, i) =>
    Int32Array.from(philoxUniform(key, i + 1, program.batch), (u) => u * rows),
  );
  let step = 0;
  const run: Runner = async (steps) => {
    const began = performance.now();
    for (let i = 0; i < steps; i++) {
      step++;
      await executable.run("step", {
        indices: { dtype: "i32", shape: [program.batch], data: orders[i % 16]! },
        lr: { dtype: "f32", shape: [], data: Float32Array.of(0.03) },
        step: { dtype: "f32", shape: [], data: Float32Array.of(step) },
        counter: { dtype: "u64", shape: [2], data: BigUint64Array.of(0n, BigInt(step)) },
      });
    }
    return (performance.now() - began) / steps;
  };
  await run(5);
  return run;
}

async function kerasRunner(
  network: string,
  batch: number,
): Promise<{ run: Runner; parameters: number; close(): void }> {
  const child = spawn(peerPython(), ["bench/peer/step.py", network, String(batch), String(threads)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the Keras process ended; run bench/peer/step.py by hand to see why");
    return Number(value);
  };
  const parameters = await next();
  const run: Runner = (steps) => {
    child.stdin.write(`${steps}\n`);
    return next();
  };
  return { run, parameters, close: () => child.stdin.end() };
}

/** GFLOP/s of a 2048 x 2048 matrix product, the best of ten: what this machine gives at most. */
async function measurePeak(engine: Engine): Promise<number> {
  const n = 2048;
  const builder = createBuilder();
  const type = { dtype: "f32", shape: [n, n] } as const;
  const a = { name: "a", type };
  const product = builder.emit("MatMul", [builder.read(a), builder.read(a)]);
  const sum = builder.emit("Sum", [product, builder.ints([0, 1])], { keep_dims: false });
  const program = { variables: [a], entries: { multiply: { feeds: {}, fetches: { sum }, targets: [] } } };
  const executable = await engine.compile(program, { threads });
  await executable.write({ a: { ...type, data: philoxUniform(streamKey("1", "init"), 0, n * n) } });
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 10; i++) {
    const began = performance.now();
    await executable.run("multiply", {});
    best = Math.min(best, performance.now() - began);
  }
  executable.close();
  return (2 * n ** 3) / best / 1e6;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const reporter = createReporter();
const study = planStudy("specs/galaxy-zoo.dl", { host: diskHost, reporter });
if (!study) throw new Error(reporter.diagnostics.map(({ message }) => message).join("\n"));
const engine = await openEngine("tensorflow");
const peak = await measurePeak(engine);
console.log(
  `${cpus()[0]?.model}, ${threads} threads, TensorFlow ${engine.info.version}, matrix product ${peak.toFixed(0)} GFLOP/s`,
);
for (const [network, label] of [
  ["vgg", "plain"],
  ["resnet", "skip"],
] as const) {
  const trial = study.plan.trials.find(({ levels }) => levels.model === label)!;
  const dlc = await dlcRunner(engine, trial);
  const keras = await kerasRunner(network, trial.recipe.batch);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < blocks; i++) {
    ours.push(await dlc(stepsPerBlock));
    theirs.push(await keras.run(stepsPerBlock));
  }
  keras.close();
  // Forward, and two products of the same size backward.
  const flops =
    6 * trial.recipe.batch * trial.networks[0]!.network.layers.reduce((sum, { macs }) => sum + macs, 0);
  const ratios = ours.map((ms, i) => ms / theirs[i]!);
  console.log(
    `${network.padEnd(8)} dlc ${median(ours).toFixed(1)} ms   keras ${median(theirs).toFixed(1)} ms   ` +
      `ratio ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})   ` +
      `${(flops / median(ours) / 1e6).toFixed(0)} GFLOP/s, ${((100 * flops) / median(ours) / 1e6 / peak).toFixed(0)} % of the matrix product`,
  );
}
process.exit(0);
