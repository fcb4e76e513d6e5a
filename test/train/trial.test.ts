import { describe, expect, test } from "vitest";
import { modelDigest } from "../../src/train/digest.ts";
import type { Checkpoint } from "../../src/train/outcome.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/train/serialize.ts";
import { type TrainOptions, trainTrial } from "../../src/train/trial.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { done, points, smallProgram, smallTrial } from "./small-trial.ts";

const engine = await tensorflowForTests();
const dataset = points();
const train = (options: Partial<TrainOptions> = {}) =>
  trainTrial({
    trial: smallTrial(),
    program: smallProgram(),
    dataset,
    engine: engine!,
    threads: 1,
    ...options,
  });

describe.skipIf(!engine)("training a trial", () => {
  test("learns; equal seeds give equal bits, another seed does not", async () => {
    const first = done(await train());
    const again = done(await train());
    const other = done(await train({ trial: smallTrial({}, "4") }));
    // 100 rows, 16 a batch: 6 steps an epoch.
    expect(first.steps).toBe(24);
    expect(first.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 6],
      [2, 12],
      [3, 18],
      [4, 24],
    ]);
    expect(Object.keys(first.epochs[0]!.metrics)).toEqual(["train.loss", "valid.loss", "valid.accuracy"]);
    expect(first.epochs[3]!.metrics["valid.accuracy"]).toBeGreaterThan(0.8);
    expect(first.epochs[3]!.metrics["train.loss"]).toBeLessThan(first.epochs[0]!.metrics["train.loss"]!);
    expect(modelDigest(again.weights)).toBe(modelDigest(first.weights));
    expect(again.epochs).toEqual(first.epochs);
    expect(modelDigest(other.weights)).not.toBe(modelDigest(first.weights));
    expect(Object.keys(first.weights).sort()).toEqual(["hidden/bias", "hidden/kernel", "out/kernel"]);
  });

  test("predictions cover valid and test in order, the padding of the last batch left out", async () => {
    const { predictions } = done(await train());
    expect(predictions.valid!.rows).toEqual(dataset.rows.valid);
    expect(predictions.test!.rows).toEqual(dataset.rows.test);
    const { data } = predictions.test!.outputs.output!;
    expect(data).toHaveLength(50);
    for (const [i, row] of dataset.rows.test.entries()) {
      const [a, b] = data.subarray(2 * i, 2 * i + 2) as unknown as [number, number];
      const truth = (dataset.fields.label!.data as Int32Array)[row] ? b : a;
      const expected = Math.log(Math.exp(a) + Math.exp(b)) - truth;
      expect(predictions.test!.losses[""]![i]).toBeCloseTo(expected, 5);
    }
  });

  test.each([1, 8, 11, 12, 23])(
    "stopped after step %i and resumed, it equals the uninterrupted one",
    async (at) => {
      const whole = done(await train());
      const stop = new AbortController();
      let step = 0;
      const stopped = await train({
        signal: stop.signal,
        engine: {
          ...engine!,
          compile: async (program, options) => {
            const executable = await engine!.compile(program, options);
            const run: typeof executable.run = async (entry, feeds) => {
              if (entry === "step" && ++step === at) stop.abort();
              return executable.run(entry, feeds);
            };
            return { ...executable, run };
          },
        },
      });
      if (stopped.state !== "interrupted") throw new Error(stopped.state);
      expect(stopped.checkpoint.step).toBe(at);
      const from = readCheckpoint(writeCheckpoint(stopped.checkpoint));
      const resumed = done(await train({ from }));
      expect(modelDigest(resumed.weights)).toBe(modelDigest(whole.weights));
      expect(resumed.epochs).toEqual(whole.epochs);
      expect(resumed.predictions).toEqual(whole.predictions);
    },
  );

  test("checkpoints come at each epoch's end and by time; each leads to the same end", async () => {
    const checkpoints: Checkpoint[] = [];
    const whole = done(
      await train({ checkpointSeconds: 0, onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint) }),
    );
    expect(checkpoints.map(({ step }) => step)).toContain(24);
    expect(checkpoints.length).toBeGreaterThan(4);
    const resumed = done(await train({ from: checkpoints.at(-1)! }));
    expect(modelDigest(resumed.weights)).toBe(modelDigest(whole.weights));
  });

  test("a loss that is not finite ends the trial with its step", async () => {
    const trial = smallTrial({ optimizer: { op: "sgd", parameters: { lr: 1e30 } } });
    const outcome = await train({ trial });
    expect(outcome).toMatchObject({ state: "diverged", epochs: [] });
    expect((outcome as { step: number }).step).toBeLessThan(6);
  });

  test("the best epoch's weights are kept, and training stops early", async () => {
    const metric = { split: "valid", metric: "loss", parameters: {} } as const;
    const trial = smallTrial({
      length: { epochs: 60 },
      optimizer: { op: "sgd", parameters: { lr: 0.3 } },
      keep: { kind: "best", metric, goal: "min" },
      stop: { op: "early", parameters: { metric, patience: { epochs: 3 } } },
    });
    const outcome = done(await train({ trial }));
    const losses = outcome.epochs.map(({ metrics }) => metrics["valid.loss"]!);
    const best = Math.min(...losses);
    expect(outcome.epochs.length).toBeLessThan(60);
    expect(losses.indexOf(best)).toBe(losses.length - 4);
    const kept = outcome.predictions.valid!.losses[""]!.reduce((sum, loss) => sum + loss, 0) / 25;
    expect(kept).toBeCloseTo(best, 6);
  });

  test("on a plateau the rate falls, and goes on falling after a resumption as if there had been none", async () => {
    const metric = { split: "valid", metric: "accuracy", parameters: {} };
    const schedule = {
      op: "plateau",
      parameters: {
        metric,
        factor: 0.5,
        patience: { epochs: 1 },
        min_delta: 0.05,
        floor: 0,
        warmup: { steps: 0 },
      },
    };
    const plain = smallTrial({ length: { epochs: 8 } });
    const objectives = plain.recipe.objectives.map((each) => ({ ...each, schedule }));
    const trial = { ...plain, recipe: { ...plain.recipe, objectives } };
    const checkpoints: Checkpoint[] = [];
    const onCheckpoint = (each: Checkpoint) => void checkpoints.push(each);
    const whole = done(await train({ trial, onCheckpoint }));
    const [first, ...rest] = whole.epochs;
    let best = first!.metrics["valid.accuracy"]!;
    let rate = 0.05;
    // With a patience of one epoch each that does not improve halves the rate of the next.
    for (const { lr, metrics } of rest) {
      expect(lr).toBeCloseTo(rate, 12);
      if (metrics["valid.accuracy"]! > best + 0.05) best = metrics["valid.accuracy"]!;
      else rate /= 2;
    }
    expect(whole.epochs.at(-1)!.lr).toBeLessThan(0.02);
    const from = checkpoints.find(({ step }) => step === 30);
    const resumed = done(await train({ trial, from: readCheckpoint(writeCheckpoint(from!))! }));
    expect(modelDigest(resumed.weights)).toBe(modelDigest(whole.weights));
    expect(resumed.epochs).toEqual(whole.epochs);
  });

  test("a trial of a few steps, and a length in steps, end with a partial epoch", async () => {
    const tried = done(await train({ limit: { steps: 2, evaluations: 1 } }));
    expect(tried.steps).toBe(2);
    expect(tried.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 2]]);
    const steps = done(await train({ trial: smallTrial({ length: { steps: 8 } }) }));
    expect(steps.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 6],
      [2, 8],
    ]);
  });

  test("a batch larger than the split is said in words", async () => {
    const few = { ...dataset, rows: { ...dataset.rows, train: Int32Array.of(1, 2) } };
    await expect(train({ dataset: few })).rejects.toThrow(
      "the train split of points has 2 rows, and a batch takes 16",
    );
  });
});
