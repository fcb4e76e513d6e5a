import type { Parameter } from "../signature.ts";

/** Shares are of the whole: 70% of all rows. They may leave rows unused. */
export const shares: readonly Parameter[] = [
  {
    name: "train",
    type: { kind: "real", min: 0, max: 1, unit: "fraction" },
    doc: "Share of all rows to train on. A smaller share is a part of a larger one.",
  },
  {
    name: "valid",
    type: { kind: "real", min: 0, max: 1, unit: "fraction" },
    default: 0,
    doc: "Share of all rows to watch and tune on.",
  },
  {
    name: "test",
    type: { kind: "real", min: 0, max: 1, unit: "fraction" },
    doc: "Share of all rows for the answer. They are drawn first and do not move when the other shares change.",
  },
];

export const splitSeed: Parameter = {
  name: "seed",
  type: { kind: "seed" },
  default: "1",
  doc: "Fixes the order in which rows are drawn. Does not change with the trial's seed.",
};

export const takesValid = (parameters: Readonly<Record<string, unknown>>): boolean =>
  typeof parameters.valid === "number" && parameters.valid > 0;
