/**
 * Optimizers against their formulas (each one's paper, as in its doc), written here in float64: 100 steps on the long valley
 * x^2/20 + y^2 and on Beale's function, with a falling rate and weight decay.
 */
import { describe, expect, test } from "vitest";
import { createBuilder } from "../../src/graph/builder.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import type { Builder, Value, Variable } from "../../src/ops/node.ts";
import { operatorNames, operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import type { Tensor } from "../../src/types/tensor.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { call } from "../train/networks.ts";

const engine = await tensorflowForTests();
type Point = readonly [number, number];
type Given = Readonly<Record<string, Json>>;

interface Surface {
  readonly start: Point;
  gradient(at: Point): Point;
  build(b: Builder, x: Value, y: Value): Value;
}

const surfaces: Record<string, Surface> = {
  valley: {
    start: [3, 1],
    gradient: ([x, y]) => [x / 10, 2 * y],
    build: (b, x, y) =>
      b.emit("AddV2", [
        b.emit("Mul", [b.emit("Square", [x]), b.scalar(0.05, x.type.dtype)]),
        b.emit("Square", [y]),
      ]),
  },
  beale: {
    start: [1, 1],
    gradient([x, y]) {
      const terms = [1.5, 2.25, 2.625].map((c, i) => ({ e: c - x + x * y ** (i + 1), k: i + 1 }));
      return [
        terms.reduce((sum, { e, k }) => sum + 2 * e * (y ** k - 1), 0),
        terms.reduce((sum, { e, k }) => sum + 2 * e * x * k * y ** (k - 1), 0),
      ];
    },
    build(b, x, y) {
      const powers = [y, b.emit("Square", [y]), b.emit("Mul", [b.emit("Square", [y]), y])];
      const terms = powers.map((power, i) => {
        const rest = b.emit("Sub", [b.scalar([1.5, 2.25, 2.625][i]!, x.type.dtype), x]);
        return b.emit("Square", [b.emit("AddV2", [rest, b.emit("Mul", [x, power])])]);
      });
      return b.emit("AddN", terms);
    },
  },
};

/** One element's step: the new weight, from its gradient without decay. `s` keeps the slots. */
type Rule = (w: number, g: number, lr: number, t: number, s: Record<string, number>) => number;
/** The step of a whole tensor. */
type WholeRule = (w: Point, g: Point, lr: number, t: number, s: readonly [Slots, Slots]) => Point;
type Slots = Record<string, number>;

const each =
  (rule: Rule): WholeRule =>
  (w, g, lr, t, s) => [rule(w[0], g[0], lr, t, s[0]), rule(w[1], g[1], lr, t, s[1])];

const decay = 0.01;
const moment = (s: Record<string, number>, name: string, rate: number, value: number): number => {
  s[name] = rate * (s[name] ?? 0) + (1 - rate) * value;
  return s[name];
};
const adamStep = (g: number, lr: number, t: number, s: Record<string, number>, epsilon: number): number => {
  const m = moment(s, "m", 0.9, g) / (1 - 0.9 ** t);
  const v = moment(s, "v", 0.999, g * g) / (1 - 0.999 ** t);
  return (lr * m) / (Math.sqrt(v) + epsilon);
};

interface Case {
  readonly op: string;
  readonly given: Given;
  readonly rule?: Rule;
  readonly whole?: WholeRule;
  /** Signs near 0 differ between f32 and f64, and with them whole steps. */
  readonly jumps?: boolean;
}

const cases: readonly Case[] = [
  {
    op: "sgd",
    given: { lr: 0.01, weight_decay: decay },
    rule: (w, g, lr) => w - lr * (g + decay * w),
  },
  {
    op: "sgd",
    given: { lr: 0.003, momentum: 0.9, weight_decay: decay },
    rule(w, g, lr, _, s) {
      s.v = 0.9 * (s.v ?? 0) - lr * (g + decay * w);
      return w + s.v;
    },
  },
  {
    op: "sgd",
    given: { lr: 0.003, momentum: 0.9, nesterov: true },
    rule(w, g, lr, _, s) {
      s.v = 0.9 * (s.v ?? 0) - lr * g;
      return w + 0.9 * s.v - lr * g;
    },
  },
  {
    op: "adam",
    // An epsilon large enough to show where it is added.
    given: { lr: 0.02, epsilon: 1e-2, weight_decay: decay },
    rule: (w, g, lr, t, s) => w - adamStep(g + decay * w, lr, t, s, 1e-2),
  },
  {
    op: "adamw",
    given: { lr: 0.02, weight_decay: decay },
    rule: (w, g, lr, t, s) => w - lr * decay * w - adamStep(g, lr, t, s, 1e-8),
  },
  {
    op: "adagrad",
    given: { lr: 0.1, initial: 0.1 },
    rule(w, g, lr, _, s) {
      s.sum = (s.sum ?? 0.1) + g * g;
      return w - (lr * g) / (Math.sqrt(s.sum) + 1e-10);
    },
  },
  {
    op: "adadelta",
    given: { lr: 1 },
    rule(w, g, lr, _, s) {
      const e = moment(s, "e", 0.95, g * g);
      const d = (Math.sqrt((s.d ?? 0) + 1e-6) / Math.sqrt(e + 1e-6)) * g;
      moment(s, "d", 0.95, d * d);
      return w - lr * d;
    },
  },
  {
    op: "rmsprop",
    given: { lr: 0.01, momentum: 0.5 },
    rule(w, g, lr, _, s) {
      const v = moment(s, "v", 0.9, g * g);
      s.d = 0.5 * (s.d ?? 0) + (lr * g) / Math.sqrt(v + 1e-7);
      return w - s.d;
    },
  },
  {
    op: "nadam",
    given: { lr: 0.02, epsilon: 1e-2, weight_decay: decay },
    rule(w, g0, lr, t, s) {
      const g = g0 + decay * w;
      const m = moment(s, "m", 0.9, g);
      const v = moment(s, "v", 0.999, g * g) / (1 - 0.999 ** t);
      const ahead = (0.9 * m) / (1 - 0.9 ** (t + 1)) + (0.1 * g) / (1 - 0.9 ** t);
      return w - (lr * ahead) / (Math.sqrt(v) + 1e-2);
    },
  },
  {
    op: "adamax",
    given: { lr: 0.02, weight_decay: decay },
    rule(w, g0, lr, t, s) {
      const g = g0 + decay * w;
      const m = moment(s, "m", 0.9, g);
      s.u = Math.max(0.999 * (s.u ?? 0), Math.abs(g));
      return w - ((lr / (1 - 0.9 ** t)) * m) / (s.u + 1e-8);
    },
  },
  {
    op: "lion",
    given: { lr: 0.003, weight_decay: decay },
    jumps: true,
    rule(w, g, lr, _, s) {
      const c = 0.9 * (s.m ?? 0) + (1 - 0.9) * g;
      moment(s, "m", 0.99, g);
      return w - lr * (Math.sign(c) + decay * w);
    },
  },
  {
    op: "lamb",
    given: { lr: 0.02, epsilon: 1e-2, weight_decay: decay },
    whole(w, g, lr, t, s) {
      const step = w.map((value, i) => adamStep(g[i]!, 1, t, s[i]!, 1e-2) + decay * value);
      const trust = Math.hypot(...w) / Math.hypot(...step);
      return [w[0] - lr * trust * step[0]!, w[1] - lr * trust * step[1]!];
    },
  },
];

const steps = 100;
const rateAt = (lr: number, t: number) => lr * (1 - t / (2 * steps));

function reference(rule: WholeRule, lr: number, surface: Surface): Point[] {
  const slots: [Record<string, number>, Record<string, number>] = [{}, {}];
  const path: Point[] = [];
  let w = surface.start;
  for (let t = 1; t <= steps; t++) {
    const g = surface.gradient(w);
    w = rule(w, g, rateAt(lr, t), t, slots);
    path.push(w);
  }
  return path;
}

async function onEngine(op: string, given: Given, surface: Surface, dtype: "f32" | "f64"): Promise<Point[]> {
  const { parameters } = call("optimizer", op, given);
  const optimizer = operatorOf("optimizer", op);
  const b = createBuilder();
  const tensor = (shape: readonly number[], values: readonly number[]): Tensor => ({
    dtype,
    shape,
    data: dtype === "f32" ? Float32Array.from(values) : Float64Array.from(values),
  });
  const weight: Variable = { name: "w", type: { dtype, shape: [2] } };
  const slots = optimizer.slots(parameters);
  const slotOf = (name: string): Variable => ({ name: `w:${name}`, type: weight.type });
  const value = b.read(weight);
  const [x, y] = [0, 1].map((i) =>
    b.emit("Reshape", [b.emit("Slice", [value, b.ints([i]), b.ints([1])]), b.ints([])]),
  ) as [Value, Value];
  const [gradient] = differentiate(b, surface.build(b, x, y), [value]);
  const lr = b.placeholder("lr", { dtype, shape: [] });
  const step = b.placeholder("step", { dtype, shape: [] });
  const targets = optimizer.update(
    {
      builder: b,
      weight,
      value,
      gradient: gradient!,
      decays: true,
      lr,
      step,
      slot: (name) => b.variable(slotOf(name)),
      handle: b.variable(weight),
      target: b.target,
    },
    parameters,
  );
  const run = await engine!.compile(
    {
      variables: [weight, ...slots.map(({ name }) => slotOf(name))],
      entries: { step: { feeds: { lr, step }, fetches: {}, targets } },
    },
    { threads: 1 },
  );
  await run.write({
    w: tensor([2], surface.start),
    ...Object.fromEntries(slots.map(({ name, initial }) => [`w:${name}`, tensor([2], [initial, initial])])),
  });
  const path: Point[] = [];
  for (let t = 1; t <= steps; t++) {
    await run.run("step", { lr: tensor([], [rateAt(given.lr as number, t)]), step: tensor([], [t]) });
    path.push(Array.from((await run.read(["w"])).w!.data as Float64Array) as unknown as Point);
  }
  run.close();
  return path;
}

test("every optimizer is here", () => {
  expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual([...operatorNames("optimizer")].sort());
});

describe.skipIf(!engine)("100 steps against the formulas", () => {
  for (const { op, given, rule, whole, jumps } of cases) {
    for (const [name, surface] of Object.entries(surfaces)) {
      test(`${op}(${Object.keys(given).join(", ")}) on ${name}`, async () => {
        const path = reference(whole ?? each(rule!), given.lr as number, surface);
        const distance = (other: readonly Point[]) =>
          Math.max(...path.flatMap((p, t) => [Math.abs(p[0] - other[t]![0]), Math.abs(p[1] - other[t]![1])]));
        // It goes somewhere, so that agreement means something.
        expect(distance(path.map(() => surface.start))).toBeGreaterThan(0.01);
        expect(distance(await onEngine(op, given, surface, "f64"))).toBeLessThan(1e-10);
        if (!jumps) expect(distance(await onEngine(op, given, surface, "f32"))).toBeLessThan(2e-5);
      });
    }
  }
});
