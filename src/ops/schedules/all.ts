import { isBetter } from "../metric.ts";
import type { ScheduleOp, ScheduleTime } from "../schedule.ts";
import type { Json, Parameter, Parameters, ParameterType } from "../signature.ts";

const duration: ParameterType = { kind: "duration", in: ["epochs", "steps"] };

const warmup: Parameter = {
  name: "warmup",
  type: duration,
  default: { steps: 0 },
  doc: "For so long the rate rises in equal steps to its full value, which its last step has.",
};

const floor: Parameter = {
  name: "floor",
  type: { kind: "real", min: 0, max: 1, unit: "fraction" },
  default: 0,
  doc: "Share of the rate that remains at the end.",
};

const to: Parameter = {
  name: "to",
  type: { kind: "real", min: 0 },
  optional: true,
  doc: "Learning rate at the end: `linear(to: 1e-4)`. Where `floor` is higher, that counts.",
};

/** `{ epochs: 3 }` or `{ steps: 100 }` in steps, rounded. */
function stepsIn(value: Json | undefined, { stepsPerEpoch }: ScheduleTime): number {
  const { epochs, steps } = value as { epochs?: number; steps?: number };
  return epochs === undefined ? (steps ?? 0) : Math.round(epochs * stepsPerEpoch);
}

/** Rises through `warmup`, then goes as `shape` says: `done` runs from 0 at the end of the warm-up to 1 at the end of training. */
function afterWarmup(
  name: string,
  doc: string,
  parameters: readonly Parameter[],
  shape: (done: number, floor: number, given: Parameters) => number,
): ScheduleOp {
  return {
    name,
    family: "schedule",
    version: 1,
    doc,
    parameters,
    factor(time, given) {
      const rise = stepsIn(given.warmup, time);
      if (time.step < rise) return (time.step + 1) / rise;
      const done = Math.min(1, (time.step - rise) / Math.max(1, time.total - rise));
      const share = (given.floor as number | undefined) ?? 0;
      const to = (given.to as number | undefined) ?? 0;
      return shape(done, time.lr > 0 ? Math.min(1, Math.max(share, to / time.lr)) : share, given);
    },
  };
}

const step: ScheduleOp = {
  name: "step",
  family: "schedule",
  version: 1,
  doc: "The learning rate is multiplied by `factor` after `every` so many epochs or steps, counted from the start.",
  example: "schedule = step(every: 2 epochs, factor: 50%)",
  parameters: [
    { name: "every", type: duration, doc: "Time between two drops: `10 epochs`." },
    {
      name: "factor",
      type: { kind: "real", min: 0, unit: "fraction" },
      default: 0.1,
      doc: "What the rate is multiplied by.",
    },
    warmup,
  ],
  factor(time, parameters) {
    const rise = stepsIn(parameters.warmup, time);
    const drops = Math.floor(time.step / Math.max(1, stepsIn(parameters.every, time)));
    return (parameters.factor as number) ** drops * Math.min(1, (time.step + 1) / Math.max(1, rise));
  },
};

const drops: ScheduleOp = {
  name: "drops",
  family: "schedule",
  version: 1,
  doc: "The learning rate is multiplied by `factor` at each of the shares of the training named: `drops(at: [50%, 75%])` is the schedule of He et al. (2016) for CIFAR-10.",
  example: "schedule = drops(at: [50%, 75%])",
  positional: 1,
  parameters: [
    {
      name: "at",
      type: { kind: "list", of: { kind: "real", min: 0, max: 1, unit: "fraction" } },
      doc: "When it drops, as shares of the whole training.",
    },
    {
      name: "factor",
      type: { kind: "real", min: 0, unit: "fraction" },
      default: 0.1,
      doc: "What the rate is multiplied by.",
    },
    warmup,
  ],
  factor(time, { at, factor, warmup }) {
    const passed = (at as readonly number[]).filter((share) => time.step >= Math.round(share * time.total));
    const rise = stepsIn(warmup, time);
    return (factor as number) ** passed.length * Math.min(1, (time.step + 1) / Math.max(1, rise));
  },
};

const exponential: ScheduleOp = {
  name: "exponential",
  family: "schedule",
  version: 1,
  doc: "The learning rate falls evenly on a logarithmic scale: it is multiplied by `factor` in every stretch of `every`, a little at each step.",
  example: "schedule = exponential(factor: 90%, every: 1 epoch)",
  positional: 0,
  parameters: [
    {
      name: "factor",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0.9,
      doc: "What the rate has been multiplied by after `every`.",
    },
    {
      name: "every",
      type: duration,
      default: { epochs: 1 },
      doc: "The stretch of time that `factor` is for.",
    },
    warmup,
  ],
  factor(time, { factor, every, warmup }) {
    const rise = stepsIn(warmup, time);
    if (time.step < rise) return (time.step + 1) / rise;
    return (factor as number) ** ((time.step - rise) / Math.max(1, stepsIn(every, time)));
  },
};

const inverseTime: ScheduleOp = {
  name: "inverse_time",
  family: "schedule",
  version: 1,
  doc: "The learning rate is divided by `1 + decay step`: what `decay` of the optimizers of Keras 1 and 2 did.",
  example: "schedule = inverse_time(1e-4)",
  parameters: [
    {
      name: "decay",
      type: { kind: "real", min: 0 },
      doc: "How much is added to the divisor in each step: `1e-4`.",
    },
    warmup,
  ],
  factor(time, { decay, warmup }) {
    const rise = stepsIn(warmup, time);
    return Math.min(1, (time.step + 1) / Math.max(1, rise)) / (1 + (decay as number) * time.step);
  },
};

const cosineRestarts: ScheduleOp = {
  name: "cosine_restarts",
  family: "schedule",
  version: 1,
  doc: "The learning rate falls along half a cosine to `floor` of it and starts again from its full value, each fall `growth` times as long as the one before (Loshchilov and Hutter 2017).",
  example: "schedule = cosine_restarts(1 epoch, growth: 2)",
  parameters: [
    { name: "period", type: duration, doc: "Length of the first fall: `10 epochs`." },
    {
      name: "growth",
      type: { kind: "real", min: 1 },
      default: 1,
      doc: "How much longer each fall is than the last.",
    },
    floor,
  ],
  factor(time, { period, growth, floor: least }) {
    let length = Math.max(1, stepsIn(period, time));
    let at = time.step;
    while (at >= length) {
      at -= length;
      length = Math.max(1, Math.round(length * (growth as number)));
    }
    return (least as number) + ((1 - (least as number)) * (1 + Math.cos((Math.PI * at) / length))) / 2;
  },
};

const oneCycle: ScheduleOp = {
  name: "one_cycle",
  family: "schedule",
  version: 1,
  doc: "The learning rate rises along half a cosine from `start` of it to its full value, then falls along another to `end` of it (Smith and Topin 2018). Momentum stays as it is. The numbers are PyTorch's.",
  example: "schedule = one_cycle(rise: 30%)",
  positional: 0,
  parameters: [
    {
      name: "rise",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0.3,
      doc: "Share of the training in which it rises.",
    },
    {
      name: "start",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0.04,
      doc: "Share of the rate at the first step.",
    },
    {
      name: "end",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 4e-6,
      doc: "Share of the rate at the last step.",
    },
  ],
  factor({ step, total }, given) {
    const { rise, start, end } = given as Readonly<Record<string, number>>;
    const top = rise! * total - 1;
    const between = (from: number, to: number, done: number) =>
      to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, done)))) / 2;
    if (step <= top) return between(start!, 1, top > 0 ? step / top : 1);
    return between(1, end!, (step - top) / Math.max(1, total - 1 - top));
  },
};

const plateau: ScheduleOp = {
  name: "plateau",
  family: "schedule",
  version: 1,
  doc: "The learning rate is multiplied by `factor` whenever the metric has not improved for `patience`: `plateau(valid.loss)`. The metric is measured after every epoch; what counts is the best value so far. After a drop `patience` begins anew.",
  example: "schedule = plateau(valid.loss, factor: 50%, patience: 2 epochs)",
  parameters: [
    {
      name: "metric",
      type: { kind: "metric" },
      doc: "What should improve: `valid.loss`, `valid.accuracy`.",
    },
    {
      name: "factor",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0.1,
      doc: "What the rate is multiplied by.",
    },
    {
      name: "patience",
      type: duration,
      default: { epochs: 10 },
      doc: "How long to wait for an improvement.",
    },
    {
      name: "min_delta",
      type: { kind: "real", min: 0 },
      default: 0,
      doc: "What is better by no more than this is no improvement, in the metric's unit.",
    },
    floor,
    warmup,
  ],
  factor(time, given) {
    const { epochs, goal } = time.watched ?? { epochs: [], goal: "min" };
    const patience = given.patience as { readonly epochs?: number; readonly steps?: number };
    let drops = 0;
    let best = epochs[0];
    let since = epochs[0];
    for (const each of epochs.slice(1)) {
      if (isBetter(each.value, best!.value, goal, given.min_delta as number)) {
        best = each;
        since = each;
        continue;
      }
      const waited = patience.steps === undefined ? each.epoch - since!.epoch : each.step - since!.step;
      if (waited < (patience.steps ?? patience.epochs!)) continue;
      drops++;
      since = each;
    }
    const rise = Math.min(1, (time.step + 1) / Math.max(1, stepsIn(given.warmup, time)));
    return rise * Math.max((given.factor as number) ** drops, given.floor as number);
  },
};

/** Every operator of the family; `../registry.ts` makes the table. */
export const schedules: readonly ScheduleOp[] = [
  afterWarmup(
    "constant",
    "The learning rate stays as it is, after a warm-up if one is given.",
    [warmup],
    () => 1,
  ),
  afterWarmup(
    "cosine",
    `The learning rate falls along half a cosine from its full value to \`floor\` of it.

Loshchilov and Hutter (2017), without restarts: \`floor + (1 - floor) (1 + cos(pi t)) / 2\`, with t from 0 after the warm-up to 1 at the end of training.`,
    [warmup, floor],
    (done, least) => least + ((1 - least) * (1 + Math.cos(Math.PI * done))) / 2,
  ),
  afterWarmup(
    "linear",
    "The learning rate falls in a straight line from its full value to `floor` of it, or to the rate `to`, at the end of training.",
    [warmup, floor, to],
    (done, least) => 1 - (1 - least) * done,
  ),
  afterWarmup(
    "polynomial",
    "The learning rate falls as `(1 - t)^power` from its full value to `floor` of it, or to the rate `to`, with t from 0 after the warm-up to 1 at the end of training.",
    [
      {
        name: "power",
        type: { kind: "real", min: 0 },
        default: 2,
        doc: "1 is a straight line; 2 falls fast first.",
      },
      warmup,
      floor,
      to,
    ],
    (done, least, { power }) => least + (1 - least) * (1 - done) ** (power as number),
  ),
  step,
  drops,
  exponential,
  inverseTime,
  cosineRestarts,
  oneCycle,
  plateau,
];
