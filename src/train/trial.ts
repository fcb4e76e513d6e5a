/** Trains one trial: the loop over steps and epochs, from the first weights or a checkpoint to the predictions. */
import type { Dataset } from "../data/dataset.ts";
import { Problem } from "../diagnostics/problem.ts";
import type { Engine, Executable, Tensors } from "../engine/engine.ts";
import { isBetter } from "../ops/metric.ts";
import { keyToBigInt, permutation, type Stream, streamKey } from "../ops/philox.ts";
import { typesOfPixel } from "../ops/pixel-labels.ts";
import { operatorOf } from "../ops/registry.ts";
import { measureKey, steeringMetrics } from "../study/metric.ts";
import type { MetricSpec, TrialSpec } from "../study/plan.ts";
import { elementCount, emptyArray, type StaticType, type Tensor } from "../types/tensor.ts";
import { metricKey, predict } from "./evaluate.ts";
import { averagingRate, learningRate, lengthOf, stopsEarly } from "./length.ts";
import { measure } from "./measure.ts";
import type { Checkpoint, EpochRecord, SplitPredictions, TrialOutcome, TrialProgress } from "./outcome.ts";
import { dueAt, entryFor, named, stateOf, type TrialProgram } from "./program.ts";
import { initialVariables } from "./weights.ts";

export interface TrainOptions {
  readonly trial: TrialSpec;
  /** Of `build.ts`, for this trial and this dataset. */
  readonly program: TrialProgram;
  readonly dataset: Dataset;
  readonly engine: Engine;
  /** Intra-op threads of the engine. */
  readonly threads: number;
  /** Goes on from here. The same program, data and engine are needed. */
  readonly from?: Checkpoint | undefined;
  /** Ends the trial at the next step with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Metrics to measure on `valid` (or `train`) at each epoch's end, besides the loss, accuracy and what the recipe names. */
  readonly watch?: readonly MetricSpec[];
  /** At most a few times a second. */
  readonly onProgress?: (progress: TrialProgress) => void;
  readonly onEpoch?: (record: EpochRecord) => void | Promise<void>;
  /** At each epoch's end, and within an epoch when `checkpointSeconds` went by. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void | Promise<void>;
  readonly checkpointSeconds?: number;
  /** To try a study: so many steps, and so many batches of each evaluation. */
  readonly limit?: { readonly steps: number; readonly evaluations: number } | undefined;
}

const progressSeconds = 0.25;

/**
 * The same trial on the same engine with the same threads gives the same weights bit for bit, interrupted or not. Throws a
 * `Problem` where the data do not fit the recipe, an `EngineError` where the engine fails.
 */
export async function trainTrial(options: TrainOptions): Promise<TrialOutcome> {
  const { dataset, engine, program, threads, trial, from } = options;
  const { train } = dataset.rows;
  if (train.length < program.batch) {
    throw new Problem(
      `the train split of ${dataset.name} has ${train.length} rows, and a batch takes ${program.batch}`,
      "Take a smaller batch, or a larger share of the rows for train.",
    );
  }
  const executable = await engine.compile(program.program, { threads });
  try {
    await executable.write(dataVariables(program, dataset));
    await executable.write(from ? from.variables : initialVariables(program, trial.seed));
    return await runLoop(options, executable);
  } finally {
    executable.close();
  }
}

export interface EvaluateOptions
  extends Pick<TrainOptions, "trial" | "program" | "dataset" | "engine" | "threads"> {
  readonly weights: Tensors;
  readonly splits: readonly ("train" | "valid" | "test")[];
}

/** What trained weights predict for the rows of some splits. */
export async function evaluateWeights(
  options: EvaluateOptions,
): Promise<Readonly<Record<string, SplitPredictions>>> {
  const { trial, program, dataset, engine, threads, weights, splits } = options;
  const executable = await engine.compile(program.program, { threads });
  try {
    await executable.write(dataVariables(program, dataset));
    await executable.write(asEvaluated(program, weights));
    const made: Record<string, SplitPredictions> = {};
    for (const split of splits)
      made[split] = await predict(executable, program, dataset.rows[split], trial.seed);
    return made;
  } finally {
    executable.close();
  }
}

/** Weights under the names that an evaluation reads them by: it reads the averages where there are some. */
function asEvaluated({ averages }: TrialProgram, weights: Tensors): Tensors {
  return { ...weights, ...Object.fromEntries(averages.map(({ name, of }) => [name, weights[of]!])) };
}

async function runLoop(options: TrainOptions, executable: Executable): Promise<TrialOutcome> {
  const { dataset, program, trial, from, signal, limit, onProgress, onEpoch, onCheckpoint } = options;
  const { recipe } = trial;
  const train = dataset.rows.train;
  const length = lengthOf(recipe, Math.floor(train.length / program.batch));
  const { stepsPerEpoch } = length;
  const metrics = epochMetrics(options);
  const shown =
    metrics.find(({ split, metric }) => split === "valid" && metric === "accuracy") ??
    metrics.find(({ split }) => split === "valid");
  const stateNames = stateOf(program);
  const feeds = stepFeeds(program, trial.seed);
  const readWeights = async (): Promise<Tensors> => {
    const held = new Map(program.averages.map(({ name, of }) => [of, name]));
    const names = program.weights.map(({ name }) => held.get(name) ?? name);
    const read = await executable.read(names);
    return Object.fromEntries(program.weights.map(({ name }, i) => [name, read[names[i]!]!]));
  };

  let step = from?.step ?? 0;
  let epochs: readonly EpochRecord[] = from?.epochs ?? [];
  let lossSum = from?.lossSum ?? 0;
  let lossSteps = from?.lossSteps ?? 0;
  let blocks: NonNullable<Checkpoint["blocks"]> = from?.blocks ?? {};
  let best: Checkpoint["best"] = from?.best ?? null;
  let lr = 0;
  let order = new Int32Array(0);
  let orderOf = -1;

  const began = performance.now();
  const seconds = () => (from?.seconds ?? 0) + (performance.now() - began) / 1000;
  const epochsIn = (total: number) => Math.max(1, Math.ceil(total / stepsPerEpoch));
  const reached = () => length.reached(step, seconds()) || (limit !== undefined && step >= limit.steps);
  const finished = () => reached() || (lossSteps === 0 && stopsEarly(recipe, epochs));
  const checkpoint = async (): Promise<Checkpoint> => {
    const variables = await executable.read(stateNames);
    return { step, seconds: seconds(), variables, epochs, lossSum, lossSteps, blocks, best };
  };
  const evaluated = (rows: Int32Array) =>
    predict(
      executable,
      program,
      limit ? rows.subarray(0, limit.evaluations * program.evaluateBatch) : rows,
      trial.seed,
    );

  const endEpoch = async () => {
    const values: Record<string, number> = { "train.loss": lossSum / lossSteps };
    for (const [name, { sum, steps }] of Object.entries(blocks)) values[lossKey(name)] = sum / steps;
    for (const split of ["train", "valid"] as const) {
      const wanted = metrics.filter((spec) => spec.split === split);
      if (wanted.length === 0) continue;
      const found = await evaluated(dataset.rows[split]);
      for (const spec of wanted) values[metricKey(spec)] = measure(trial, spec, found, dataset.fields);
    }
    const record = { epoch: Math.ceil(step / stepsPerEpoch), step, lr, metrics: values };
    epochs = [...epochs, record];
    lossSum = 0;
    lossSteps = 0;
    blocks = {};
    if (recipe.keep.kind === "best") {
      const value = values[metricKey(recipe.keep.metric)]!;
      if (!best || isBetter(value, best.value, recipe.keep.goal))
        best = { value, epoch: record.epoch, weights: await readWeights() };
    }
    await onEpoch?.(record);
  };

  let lastCheckpoint = performance.now();
  let lastProgress = performance.now();
  let stepsShown = step;
  const tellProgress = (loss: number, now: number) => {
    const total = limit
      ? Math.min(limit.steps, length.total(step, seconds()))
      : length.total(step, seconds());
    const value = shown && epochs.at(-1)?.metrics[metricKey(shown)];
    onProgress?.({
      step,
      steps: total,
      epoch: Math.ceil(step / stepsPerEpoch),
      epochs: epochsIn(total),
      loss,
      valid: shown && value !== undefined ? { metric: metricKey(shown), value } : null,
      samplesPerSecond: ((step - stepsShown) * program.batch * 1000) / Math.max(1e-3, now - lastProgress),
    });
    lastProgress = now;
    stepsShown = step;
  };

  while (!finished()) {
    if (signal?.aborted) return { state: "interrupted", checkpoint: await checkpoint() };
    const epoch = Math.floor(step / stepsPerEpoch);
    if (orderOf !== epoch) {
      order = permutation(train.length, streamKey(trial.seed, "order"), epoch).map((i) => train[i]!);
      orderOf = epoch;
    }
    const total = length.total(step, seconds());
    const due = dueAt(recipe.objectives, step + 1);
    const first = (step - epoch * stepsPerEpoch) * program.batch;
    feeds.set(order.subarray(first, first + program.batch), step + 1);
    for (const objective of due) {
      // Its updates so far count as steps of the optimizer, and the whole training those of the schedule.
      const rate = learningRate(objective, { step, total, stepsPerEpoch }, epochs);
      feeds.setObjective(objective.name, (step + 1) / objective.every, rate);
      if (objective === due[0]) lr = rate;
    }
    let loss = 0;
    if (due.length > 0) {
      const entry = entryFor(due, recipe.objectives.length);
      const fetched = await executable.run(entry, feeds.of(entry));
      for (const { name } of due) {
        const value = fetched[named("loss", name)]!.data[0] as number;
        loss += value;
        if (name === "") continue;
        const before = blocks[name] ?? { sum: 0, steps: 0 };
        blocks = { ...blocks, [name]: { sum: before.sum + value, steps: before.steps + 1 } };
      }
    }
    step++;
    if (program.averages.length > 0) {
      const rate = Float32Array.of(averagingRate(recipe, step, total));
      await executable.run("average", { rate: { dtype: "f32", shape: [], data: rate } });
    }
    if (!Number.isFinite(loss)) return { state: "diverged", step, epochs };
    lossSum += loss;
    lossSteps++;

    const now = performance.now();
    const atEnd = step % stepsPerEpoch === 0 || reached();
    if (now - lastProgress > progressSeconds * 1000 || atEnd) tellProgress(loss, now);
    if (atEnd) {
      await endEpoch();
      // Evaluation is no part of the pace.
      lastProgress = performance.now();
    }
    const isDue = now - lastCheckpoint > (options.checkpointSeconds ?? 60) * 1000;
    if (onCheckpoint && (atEnd || isDue)) {
      await onCheckpoint(await checkpoint());
      lastCheckpoint = performance.now();
    }
  }

  // A length in time may end between two looks at the clock.
  if (lossSteps > 0) await endEpoch();
  const weights = best ? best.weights : await readWeights();
  if (best) await executable.write(asEvaluated(program, weights));
  const predictions: Partial<Record<"valid" | "test", SplitPredictions>> = {};
  for (const split of ["valid", "test"] as const) {
    if (dataset.rows[split].length > 0) predictions[split] = await evaluated(dataset.rows[split]);
  }
  return { state: "done", steps: step, epochs, weights, predictions };
}

/** `train.loss`, or `train.loss(of: "generator")`. */
const lossKey = (of: string): string =>
  metricKey({ split: "train", metric: "loss", parameters: of === "" ? {} : { of } });

/** What is measured at each epoch's end, each once. */
function epochMetrics({ dataset, program, trial, watch = [] }: TrainOptions): readonly MetricSpec[] {
  const { objectives } = trial.recipe;
  const plain = (metric: string, of = ""): MetricSpec => ({
    split: "valid",
    metric,
    parameters: of === "" ? {} : { of },
  });
  const wanted = [
    ...objectives
      .filter(({ name }) => program.losses.includes(name) || trial.measures[measureKey(plain("loss", name))])
      .map(({ name }) => plain("loss", name)),
    ...(hasAccuracy(trial, dataset) ? [plain("accuracy")] : []),
    ...steeringMetrics(trial.recipe),
    ...watch,
  ];
  const byKey = new Map(wanted.map((spec) => [metricKey(spec), spec]));
  // The loss of training is the mean over the epoch's steps.
  for (const { name } of objectives) byKey.delete(lossKey(name));
  return [...byKey.values()].filter(
    ({ split }) => (split === "train" || split === "valid") && dataset.rows[split].length > 0,
  );
}

/** Is there a sole output that is paired with a class? */
function hasAccuracy({ pair, predictions }: TrialSpec, { fields }: Dataset): boolean {
  const target = pair && fields[pair.target];
  if (!target) return false;
  const pixel = typesOfPixel(predictions[pair.prediction]!.type, target.type);
  return operatorOf("metric", "accuracy").check(pixel.output, pixel.target, {}) === undefined;
}

/** The data as variables, in the types that the program declares. */
function dataVariables({ data }: TrialProgram, dataset: Dataset): Tensors {
  return Object.fromEntries(
    Object.entries(data).map(([name, { variable, type }]) => {
      const field = dataset.fields[name];
      if (!field) throw new Error(`the program reads the field ${name}, which ${dataset.name} does not have`);
      return [variable, inType(field.data, type)];
    }),
  );
}

function inType(data: Tensor["data"], type: StaticType): Tensor {
  const wanted = emptyArray(type.dtype, 0).constructor;
  if (data.constructor === wanted) return { ...type, data };
  const converted = emptyArray(type.dtype, elementCount(type.shape));
  converted.set(data as never);
  return { ...type, data: converted };
}

/** The feeds of a step, whose arrays are filled anew each time. Only what an entry takes is given to it. */
function stepFeeds({ program, batch, objectives }: TrialProgram, seed: string) {
  const indices = new Int32Array(batch);
  const scalar = (): Tensor & { readonly data: Float32Array } => ({
    dtype: "f32",
    shape: [],
    data: new Float32Array(1),
  });
  const numbers = new Map(
    objectives
      .flatMap(({ name }) => [named("lr", name), named("step", name)])
      .map((name) => [name, scalar()]),
  );
  const counter = new BigUint64Array(2);
  const key = (stream: Stream) => BigUint64Array.of(keyToBigInt(streamKey(seed, stream)));
  const all: Readonly<Record<string, Tensor>> = {
    indices: { dtype: "i32", shape: [batch], data: indices },
    ...Object.fromEntries(numbers),
    counter: { dtype: "u64", shape: [2], data: counter },
    augmentKey: { dtype: "u64", shape: [1], data: key("augment") },
    dropoutKey: { dtype: "u64", shape: [1], data: key("dropout") },
  };
  const byEntry = new Map(
    Object.entries(program.entries).map(([entry, { feeds }]) => [
      entry,
      Object.fromEntries(Object.entries(all).filter(([name]) => name in feeds)),
    ]),
  );
  return {
    of: (entry: string) => byEntry.get(entry)!,
    /** `step` is 1 for the first. */
    set(rows: Int32Array, step: number) {
      indices.set(rows);
      counter[1] = BigInt(step);
    },
    /** `step` is 1 for its first update. */
    setObjective(name: string, step: number, rate: number) {
      numbers.get(named("lr", name))!.data[0] = rate;
      numbers.get(named("step", name))!.data[0] = step;
    },
  };
}
