/** A finished run of two networks on simulated galaxies, with predictions drawn from seeded noise instead of trained: for tests only. */
import type { Layer, Network } from "../../src/check/network.ts";
import { randomSource, streamKey } from "../../src/ops/philox.ts";
import type { RunData, RunDataset, TrialRecord } from "../../src/store/run-data.ts";
import type { DataSpec, ExperimentPlan, MetricSpec, Plan, TrialSpec } from "../../src/study/plan.ts";
import type { EpochRecord, SplitPredictions } from "../../src/train/outcome.ts";
import type { Dim } from "../../src/types/tensor.ts";
import { pairedTrial } from "../train/networks.ts";

const file = { path: "specs/first-study.dl", text: "edition 2026\n" };
const span = { file, start: 0, end: 12 };
const classes = ["star", "spiral", "elliptical"];
const count = 1800;
const size = 32;

export const metric = (split: MetricSpec["split"], name: string, parameters = {}): MetricSpec => ({
  split,
  metric: name,
  parameters,
});

export interface RunOptions {
  readonly seeds?: number;
  /** Levels of the learning rate; none: no such factor. */
  readonly rates?: readonly string[];
  /** How much better the second network is, in units of its logits. */
  readonly advantage?: number;
  /** Changes of trials by ordinal: `{ 7: { state: "diverged", divergedAt: 41 } }`. */
  readonly changes?: Readonly<Record<number, Partial<TrialRecord>>>;
  readonly experiment?: Partial<ExperimentPlan>;
  readonly question?: string | null;
}

export function galaxiesRun(options: RunOptions = {}): RunData {
  const { seeds = 6, rates = [], advantage = 0.15, changes = {} } = options;
  const dataset = galaxies();
  const models = ["vgg", "resnet"];
  const seedLabels = Array.from({ length: seeds }, (_, i) => String(i + 1));
  const trials: TrialSpec[] = [];
  for (const model of models)
    for (const rate of rates.length > 0 ? rates : [null])
      for (const seed of seedLabels) trials.push(trialSpec(trials.length + 1, model, rate, seed));
  const experiment: ExperimentPlan = {
    name: "morphology",
    doc: null,
    factors: [
      { path: "model", labels: models },
      ...(rates.length > 0 ? [{ path: "recipe.optimizer.lr", labels: rates }] : []),
    ],
    replicates: [{ path: "seed", labels: seedLabels }],
    trials: trials.map(({ ordinal }) => ordinal),
    choose:
      rates.length > 0
        ? [{ path: "recipe.optimizer.lr", by: metric("valid", "accuracy"), goal: "max", per: ["model"] }]
        : [],
    reports: [
      {
        metrics: [metric("test", "accuracy"), metric("test", "macro_f1")],
        as: { op: "mean_ci", parameters: { level: 0.95 } },
        by: null,
      },
    ],
    comparisons: [
      {
        factor: "model",
        left: "resnet",
        right: "vgg",
        on: metric("test", "accuracy"),
        paired: ["seed"],
        margin: null,
      },
    ],
    allowed: [],
    ...options.experiment,
  };
  const { question = "Star, spiral or elliptical in three infrared bands?" } = options;
  const plan: Plan = { study: "first-study", question, experiments: [experiment], trials };
  return {
    id: "first-study-20261123T141502Z-a41c9e",
    directory: "runs/first-study-20261123T141502Z-a41c9e",
    study: "first-study",
    startedAt: "2026-11-23T14:15:02Z",
    plan,
    set: [],
    spec: [{ path: "specs/first-study.dl", text: "edition 2026\n\n//! Star, spiral or elliptical?\n" }],
    environment: {
      dlc: "0.1.0",
      node: "20.20.2",
      platform: "linux x64",
      cpu: "a processor",
      cores: 2,
      engine: { name: "tensorflow", version: "2.21.0", digest: "9f3c5d0a77e1".padEnd(64, "0") },
      threads: 1,
      git: { commit: "0123456789abcdef0123456789abcdef01234567", dirty: false },
    },
    trials: trials.map((trial) => ({ ...trialRecord(trial, dataset, advantage), ...changes[trial.ordinal] })),
    datasets: { euclid: dataset },
  };
}

function galaxies(): RunDataset {
  const source = randomSource(streamKey(11, "simulate"));
  const label = new Int32Array(count);
  const snr = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    label[row] = row % 3;
    snr[row] = 5 * 20 ** source.uniform();
  }
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const field = { shape: [], classes: null, undo: [] };
  return {
    name: "euclid",
    count,
    rows: { test: rows.slice(0, 270), valid: rows.slice(270, 540), train: rows.slice(540) },
    fields: {
      label: { ...field, role: "target", type: { kind: "class", count: 3 }, data: label, classes },
      snr: { ...field, role: "keep", type: { kind: "tensor", dtype: "f32", shape: [] }, data: snr },
    },
    digest: "5d0a77e19f3c".padEnd(64, "0"),
    picture: (row) => (row < 120 ? { shape: [size, size, 3], data: drawGalaxy(row, label[row]!) } : null),
  };
}

function drawGalaxy(row: number, kind: number): Float32Array {
  const source = randomSource(streamKey(row, "simulate", 1));
  const data = new Float32Array(size * size * 3);
  const turn = source.uniform() * Math.PI;
  const flat = kind === 0 ? 1 : 0.5 + 0.4 * source.uniform();
  const width = kind === 0 ? 1.5 : 3.5 + source.uniform();
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const u = (x - 15.5) * Math.cos(turn) + (y - 15.5) * Math.sin(turn);
      const v = ((y - 15.5) * Math.cos(turn) - (x - 15.5) * Math.sin(turn)) / flat;
      const r = Math.hypot(u, v);
      const arms = kind === 1 ? 1 + 0.8 * Math.cos(2 * Math.atan2(v, u) - r) : 1;
      for (let band = 0; band < 3; band++)
        data[(y * size + x) * 3 + band] =
          3 * arms * Math.exp(-r / (width * (1 + 0.1 * band))) + 0.15 * source.normal() - 0.5;
    }
  return data;
}

function trialSpec(ordinal: number, model: string, rate: string | null, seed: string): TrialSpec {
  const levels = { model, ...(rate === null ? {} : { "recipe.optimizer.lr": rate }) };
  const data: DataSpec = {
    name: "euclid",
    source: { op: "simulate.galaxies", parameters: { count, size, seed: "11" } },
    fields: fieldsOf(),
    split: {
      op: "stratified",
      parameters: { by: "label", train: 0.7, valid: 0.15, test: 0.15, seed: "7" },
    },
    prepare: [{ fields: ["image"], steps: [{ op: "standardize", parameters: {} }] }],
    augment: [],
    evaluate: [],
    prepared: {},
    fed: {},
  };
  const loss = { op: "cross_entropy", parameters: { smoothing: 0.1 } };
  const optimizer = { op: "sgd", parameters: { lr: Number(rate ?? 0.03), momentum: 0.9 } };
  const paired = pairedTrial(network(model), { optimizer, loss, batch: 32 }, data);
  const schedule = { op: "cosine", parameters: { warmup: { epochs: 1 } } };
  return {
    ordinal,
    experiment: "morphology",
    levels,
    replicates: { seed },
    seed,
    ...paired,
    recipe: {
      ...paired.recipe,
      objectives: paired.recipe.objectives.map((each) => ({ ...each, schedule })),
      length: { epochs: 8 },
    },
  };
}

function fieldsOf(): DataSpec["fields"] {
  const value = { source: "" };
  return [
    {
      role: "input",
      name: "image",
      type: { kind: "tensor", dtype: "f32", shape: [size, size, 3] },
      value,
      where: null,
    },
    { role: "target", name: "label", type: { kind: "class", count: 3 }, value, where: null },
  ];
}

function network(model: string): Network {
  const layers: Layer[] = [];
  const add = (op: string, path: string, shape: readonly number[], kernel: readonly number[], macs: number) =>
    layers.push({
      id: layers.length,
      op,
      parameters: op === "conv" ? { channels: shape.at(-1)!, kernel: 3 } : {},
      inputs: [layers.length - 1],
      output: { dtype: "f32", shape: ["N", ...shape] as Dim[] },
      weights: kernel.length
        ? [
            {
              name: "kernel",
              shape: kernel,
              trainable: true,
              decays: true,
              init: { kind: "constant", value: 0 },
            },
          ]
        : [],
      macs,
      path,
      span,
    });
  let channels = 3;
  for (const [stage, width] of [16, 32, 32].entries()) {
    const side = size >> stage;
    add(
      "conv",
      `stage${stage}/conv`,
      [side, side, width],
      [3, 3, channels, width],
      side * side * 9 * channels * width,
    );
    add("relu", `stage${stage}/relu`, [side, side, width], [], 0);
    if (model === "resnet") add("add", `stage${stage}/add`, [side, side, width], [], 0);
    add("max_pool", `stage${stage}/max_pool`, [side / 2, side / 2, width], [], 0);
    channels = width;
  }
  add("global_avg_pool", "global_avg_pool", [32], [], 0);
  add("dense", "dense", [3], [32, 3], 96);
  return {
    model,
    inputs: [{ name: "image", field: "image", type: { dtype: "f32", shape: ["N", size, size, 3] } }],
    outputs: [{ name: "output", tensor: layers.length - 1, type: { dtype: "f32", shape: ["N", 3] } }],
    layers,
  };
}

function trialRecord(trial: TrialSpec, dataset: RunDataset, advantage: number): TrialRecord {
  const second = trial.levels.model === "resnet";
  const rate = Number(trial.levels["recipe.optimizer.lr"] ?? 0.03);
  const skill = 1.5 + (second ? advantage : 0) - 0.6 * Math.abs(Math.log10(rate / 0.03));
  const luck = randomSource(streamKey(trial.seed, "order", second ? 2 : 1)).normal() * 0.06;
  const record = { skill: skill + luck, key: streamKey(trial.seed, "dropout", trial.ordinal) };
  return {
    ordinal: trial.ordinal,
    state: "done",
    divergedAt: null,
    epochs: epochs(record.skill, trial.ordinal, rate),
    steps: 312,
    predictions: (split) => (split === "train" ? null : predictions(dataset, split, record.skill, trial)),
    weights: trial.ordinal.toString(16).padStart(64, "0"),
    seconds: (second ? 8.9 : 8.1) + ((trial.ordinal * 37) % 10) / 20,
    reused: false,
    error: null,
  };
}

function epochs(skill: number, ordinal: number, lr: number): EpochRecord[] {
  const source = randomSource(streamKey(ordinal, "evaluate"));
  return Array.from({ length: 8 }, (_, e) => ({
    epoch: e + 1,
    step: 39 * (e + 1),
    lr: (lr * (1 + Math.cos((Math.PI * e) / 8))) / 2,
    metrics: {
      "train.loss": 0.35 + 0.75 * Math.exp(-e / 2.5) + 0.02 * source.normal(),
      "valid.loss": 0.42 + 0.65 * Math.exp(-e / 2) + 0.03 * source.normal(),
      "valid.accuracy": 0.55 + 0.2 * skill * (1 - Math.exp(-(e + 1) / 2.2)) + 0.012 * source.normal(),
    },
  }));
}

function predictions(
  dataset: RunDataset,
  split: "valid" | "test",
  skill: number,
  trial: TrialSpec,
): SplitPredictions {
  const rows = dataset.rows[split];
  const outputs = new Float32Array(rows.length * 3);
  const losses = new Float32Array(rows.length);
  for (const [i, row] of rows.entries()) {
    // What is hard is hard for both networks and every seed.
    const shared = randomSource(streamKey(row, "evaluate", 1));
    const own = randomSource(streamKey(row, "dropout", trial.ordinal));
    const truth = Number(dataset.fields.label!.data[row]);
    const signal = skill * Math.log10(Number(dataset.fields.snr!.data[row])) + (truth === 0 ? 1.5 : 0);
    const logits = [0, 1, 2].map(
      (k) =>
        (k === truth ? signal : k > 0 && truth > 0 ? 0.5 : -0.5) +
        0.9 * shared.normal() +
        0.35 * own.normal(),
    );
    outputs.set(logits, 3 * i);
    const top = Math.max(...logits);
    losses[i] = top + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - top), 0)) - logits[truth]!;
  }
  return { rows, outputs: { output: { shape: [3], data: outputs } }, losses: { "": losses } };
}
