import { expect, test } from "vitest";
import { operatorNames, operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import { call } from "../train/networks.ts";

const total = 100;
const stepsPerEpoch = 10;

function factors(op: string, given: Readonly<Record<string, Json>>, at: readonly number[]): number[] {
  const { parameters } = call("schedule", op, given);
  const schedule = operatorOf("schedule", op);
  return at.map((step) => schedule.factor({ step, total, stepsPerEpoch }, parameters));
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

test("step drops at each multiple of `every`", () => {
  expect(factors("step", { every: { epochs: 3 }, factor: 0.1 }, [0, 29, 30, 59, 60, 99])).toEqual(
    close([1, 1, 0.1, 0.1, 0.01, 0.001]),
  );
  expect(factors("step", { every: { steps: 50 }, factor: 0.5 }, [49, 50])).toEqual(close([1, 0.5]));
});

test("no rate is negative, none above 1, at any step", () => {
  const given: Record<string, Readonly<Record<string, Json>>> = { step: { every: { steps: 7 } } };
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
