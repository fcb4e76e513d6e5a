import { expect, test } from "vitest";
import { operatorNames, operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import { call } from "../train/networks.ts";

const total = 100;
const stepsPerEpoch = 10;

function factors(
  op: string,
  given: Readonly<Record<string, Json>>,
  at: readonly number[],
  lr = 0.1,
): number[] {
  const { parameters } = call("schedule", op, given);
  const schedule = operatorOf("schedule", op);
  return at.map((step) => schedule.factor({ lr, step, total, stepsPerEpoch }, parameters));
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12) as number);

test("cosine: (1 + cos(pi t)) / 2 between 1 and the floor", () => {
  expect(factors("cosine", {}, [0, 25, 50, 75])).toEqual(
    close([1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2]),
  );
  expect(factors("cosine", { floor: 0.1 }, [0, 50, 100])).toEqual(close([1, 0.55, 0.1]));
});

test("a warm-up of one epoch rises in equal steps; the rest follows its shape", () => {
  const given = { warmup: { epochs: 1 } };
  for (const op of ["constant", "cosine", "linear"])
    expect(factors(op, given, [0, 4, 9, 10])).toEqual(close([0.1, 0.5, 1, 1]));
  expect(factors("cosine", given, [55])).toEqual(close([0.5]));
  expect(factors("linear", { warmup: { steps: 20 }, floor: 0.5 }, [19, 20, 60, 100])).toEqual(
    close([1, 1, 0.75, 0.5]),
  );
  expect(factors("step", { every: { epochs: 3 }, warmup: { steps: 5 } }, [0, 4, 5])).toEqual(
    close([0.2, 1, 1]),
  );
});

test("linear to a rate: 0.003 to 0.0001 (Kim and Brunner 2017); a higher floor counts", () => {
  const given = { to: 0.0001 };
  expect(factors("linear", given, [0, 50, 100], 0.003).map((f) => f * 0.003)).toEqual(
    close([0.003, 0.00155, 0.0001]),
  );
  expect(factors("linear", { ...given, floor: 0.5 }, [100], 0.003)).toEqual(close([0.5]));
  expect(factors("linear", { to: 1 }, [0, 100], 0.003)).toEqual(close([1, 1]));
});

test("polynomial, exponential, inverse time", () => {
  expect(factors("polynomial", { power: 2 }, [0, 50, 100])).toEqual(close([1, 0.25, 0]));
  expect(factors("polynomial", { power: 0.5, to: 0.05 }, [75], 0.1)).toEqual(close([0.75]));
  expect(factors("exponential", { factor: 0.5, every: { epochs: 2 } }, [0, 10, 20, 40])).toEqual(
    close([1, Math.SQRT1_2, 0.5, 0.25]),
  );
  // Pearson et al. (2018): decay 1e-4 in each batch.
  expect(factors("inverse_time", { decay: 1e-4 }, [0, 10_000])).toEqual(close([1, 0.5]));
});

test("drops at shares of the training; cosine starts again", () => {
  expect(factors("drops", { at: [0.5, 0.75] }, [0, 49, 50, 74, 75])).toEqual(close([1, 1, 0.1, 0.1, 0.01]));
  expect(factors("cosine_restarts", { period: { epochs: 1 }, growth: 2 }, [0, 5, 10, 20, 29, 30])).toEqual(
    close([1, 0.5, 1, 0.5, (1 + Math.cos(0.95 * Math.PI)) / 2, 1]),
  );
});

test("one_cycle: PyTorch's OneCycleLR, div_factor 25, final_div_factor 1e4, pct_start 0.3", () => {
  // Its formula, cosine annealing from step 0 to 29 and from there to 99.
  const anneal = (from: number, to: number, done: number) =>
    to + ((from - to) / 2) * (1 + Math.cos(Math.PI * done));
  expect(factors("one_cycle", {}, [0, 10, 29, 64, 99])).toEqual(
    close([0.04, anneal(0.04, 1, 10 / 29), 1, anneal(1, 4e-6, 35 / 70), 4e-6]),
  );
});

test("step drops at each multiple of `every`", () => {
  expect(factors("step", { every: { epochs: 3 }, factor: 0.1 }, [0, 29, 30, 59, 60, 99])).toEqual(
    close([1, 1, 0.1, 0.1, 0.01, 0.001]),
  );
  expect(factors("step", { every: { steps: 50 }, factor: 0.5 }, [49, 50])).toEqual(close([1, 0.5]));
});

test("plateau: dropped after each stretch of patience without an improvement", () => {
  const { parameters } = call("schedule", "plateau", {
    metric: { split: "valid", metric: "loss", parameters: {} },
    factor: 0.5,
    patience: { epochs: 2 },
    min_delta: 0.1,
    floor: 0.1,
  });
  const after = (goal: "max" | "min", given: typeof parameters, ...values: readonly number[]) => {
    const epochs = values.map((value, i) => ({ epoch: i + 1, step: 10 * (i + 1), value }));
    const time = { lr: 0.1, step: 10 * values.length, total, stepsPerEpoch, watched: { epochs, goal } };
    return operatorOf("schedule", "plateau").factor(time, given);
  };
  const losses = [3, 2, 2, 1.95, 1.5, 1.6, 1.5, 1.5, 1.5, 1.5];
  const rates = losses.map((_, i) => after("min", parameters, ...losses.slice(0, i + 1)));
  expect(rates).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
  // Never below the floor; more may be better; NaN is no improvement; patience may be in steps.
  expect(after("min", parameters, ...Array(20).fill(1))).toBe(0.1);
  expect(after("max", parameters, 1, 2, 3, 4)).toBe(1);
  expect(after("max", parameters, 4, 3, 2, 1)).toBe(0.5);
  expect(after("min", parameters, 1, Number.NaN, Number.NaN)).toBe(0.5);
  expect(after("min", parameters, Number.NaN, Number.NaN, 1)).toBe(1);
  expect(after("min", { ...parameters, patience: { steps: 30 } }, 1, 1, 1)).toBe(1);
  expect(after("min", { ...parameters, patience: { steps: 30 } }, 1, 1, 1, 1)).toBe(0.5);
  expect(after("min", parameters)).toBe(1);
});

test("no rate is negative, none above 1, at any step", () => {
  const given: Record<string, Readonly<Record<string, Json>>> = {
    step: { every: { steps: 7 } },
    drops: { at: [0.3, 0.6] },
    inverse_time: { decay: 0.01 },
    cosine_restarts: { period: { epochs: 2 }, growth: 1.5 },
    linear: { to: 0.3 },
    plateau: { metric: { split: "valid", metric: "loss", parameters: {} } },
  };
  for (const op of operatorNames("schedule")) {
    for (const factor of factors(
      op,
      given[op] ?? {},
      Array.from({ length: 130 }, (_, i) => i),
    )) {
      expect(factor).toBeGreaterThanOrEqual(0);
      expect(factor).toBeLessThanOrEqual(1);
    }
  }
});
