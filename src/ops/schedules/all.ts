import type { ScheduleOp, ScheduleTime } from "../schedule.ts";
import type { Json, Parameter, ParameterType } from "../signature.ts";

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
  shape: (done: number, floor: number) => number,
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
      return shape(done, (given.floor as number | undefined) ?? 0);
    },
  };
}

const step: ScheduleOp = {
  name: "step",
  family: "schedule",
  version: 1,
  doc: "The learning rate is multiplied by `factor` after `every` so many epochs or steps, counted from the start.",
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
    "The learning rate falls in a straight line from its full value to `floor` of it at the end of training.",
    [warmup, floor],
    (done, least) => 1 - (1 - least) * done,
  ),
  step,
];
