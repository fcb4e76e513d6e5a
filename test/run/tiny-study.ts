/** A study that trains in a second: two small networks on 8 x 8 pictures that are bright at the left or at the right, two seeds. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomSource } from "../../src/ops/philox.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { type RunOptions, runStudy } from "../../src/run/run.ts";
import { sha256 } from "../../src/store/canonical.ts";
import type { DataSpec, Plan, RecipeSpec, TrialSpec } from "../../src/study/plan.ts";
import { call as dataCall, dataSpec, tensor } from "../data/spec.ts";
import { call, network, pairedTrial, recipe } from "../train/networks.ts";

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "dlc-run-"));
}

function writeIdx(path: string, shape: readonly number[], data: Uint8Array): void {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head[2] = 8;
  head[3] = shape.length;
  shape.forEach((size, i) => {
    head.writeUInt32BE(size, 4 + 4 * i);
  });
  // Other processes may be reading: what is there stays whole.
  const draft = `${path}-${process.pid}`;
  writeFileSync(draft, Buffer.concat([head, data]));
  renameSync(draft, path);
}

/** Writes the pictures and tells how they are read. */
export function tinyData(folder: string, side = 8, rows = [200, 40] as const): DataSpec {
  mkdirSync(folder, { recursive: true });
  const random = randomSource([7, 9]);
  for (const [name, count] of [
    ["train", rows[0]],
    ["t10k", rows[1]],
  ] as const) {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
    const images = new Uint8Array(count * side * side).map((_, i) => {
      const left = i % side < side / 2;
      const bright = left === (labels[Math.floor(i / (side * side))] === 0);
      return Math.max(0, Math.min(255, (bright ? 150 : 100) + 60 * random.normal()));
    });
    writeIdx(join(folder, `${name}-images-idx3-ubyte`), [count, side, side], images);
    writeIdx(join(folder, `${name}-labels-idx1-ubyte`), [count], labels);
  }
  return dataSpec({
    name: "sides",
    source: dataCall("reader", "idx", { path: folder }),
    fields: [
      { role: "input", name: "x", type: tensor("u8", side, side, 1), value: { source: "image" } },
      { role: "target", name: "y", type: { kind: "class", count: 2 }, value: { source: "label" } },
    ],
    split: dataCall("split", "random", { train: 0.6, valid: 0.2, test: 0.2, seed: "1" }),
    prepare: [{ fields: ["x"], steps: [dataCall("prepare", "scale", { from: 255 })] }],
  });
}

export function tinyPlan(data: DataSpec, changes: Partial<RecipeSpec> = {}): Plan {
  const side = data.fields[0]!.type.kind === "tensor" ? (data.fields[0]!.type.shape[0] as number) : 0;
  const how = recipe(
    call("optimizer", "sgd", { lr: 0.05, momentum: 0.9 }),
    call("loss", "cross_entropy"),
    16,
  );
  const widths = { narrow: 4, wide: 16 };
  const trials = Object.entries(widths).flatMap(([model, units], m) =>
    ["1", "2"].map((seed, s): TrialSpec => {
      const net = network([side, side, 1], (layer) => {
        layer("flatten", {}, [-1]);
        layer("dense", { units });
        layer("relu");
        layer("dense", { units: 2 });
      });
      const paired = pairedTrial({ ...net, model }, how, data);
      return {
        ordinal: 2 * m + s + 1,
        experiment: "width",
        levels: { model },
        replicates: { seed },
        seed,
        ...paired,
        recipe: { ...paired.recipe, ...changes },
      };
    }),
  );
  return {
    study: "tiny",
    question: "which width?",
    trials,
    experiments: [
      {
        name: "width",
        doc: null,
        factors: [{ path: "model", labels: Object.keys(widths) }],
        replicates: [{ path: "seed", labels: ["1", "2"] }],
        trials: trials.map(({ ordinal }) => ordinal),
        choose: [],
        reports: [{ metrics: [{ split: "test", metric: "accuracy", parameters: {} }], as: null, by: null }],
        comparisons: [],
        allowed: [],
      },
    ],
  };
}

const source = { path: "studies/tiny.dl", text: "//! which width?\n" };
const module = {
  file: { source, edition: undefined, doc: undefined, declarations: [] },
  imports: new Map(),
  standard: new Map(),
};

/** Runs a plan and keeps what it told. */
export async function runTiny(
  plan: Plan,
  folder: string,
  workerFile: string,
  options: Partial<RunOptions> = {},
): Promise<{ end: string; directory: string; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const ended = await runStudy({
    study: { plan, program: { main: module, modules: [module] } },
    runsFolder: join(folder, "runs"),
    cacheFolder: join(folder, "cache"),
    engineName: "tensorflow",
    signal: new AbortController().signal,
    workerFile,
    ...options,
    onEvent(event) {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  return { ...ended, events };
}

/** sha256 of every committed result of a folder by the name of its slot. */
export function resultsOf(folder: string): Record<string, string> {
  const slots = join(folder, "runs", "trials");
  const names = readdirSync(slots).flatMap((part) =>
    readdirSync(join(slots, part)).map((name) => [part, name]),
  );
  return Object.fromEntries(
    names
      .filter(([, name]) => name!.endsWith(".json"))
      .map(([part, name]) => [name, sha256(readFileSync(join(slots, part!, name!)))]),
  );
}

export function keysOf(runs: string, run: string): string[] {
  return JSON.parse(readFileSync(join(runs, run, "run.json"), "utf8")).trials;
}

/** How many attempts each trial of a run took. */
export function attemptsOf(runs: string, run: string): number[] {
  const trials = join(runs, run, "trials");
  return readdirSync(trials)
    .sort()
    .map((name) => readdirSync(join(trials, name, "attempts")).length);
}
