import type { Parameter, Signature } from "../signature.ts";

/** For `random` and `sobol`. */
const space: Parameter = {
  name: "over",
  type: { kind: "any" },
  doc: "A range (`0 .. 0.5`, at equal ratios `1e-4 .. 1e-1 log`, in steps `16 .. 64 step 16`), a list to draw from, or a record of several: `{ lr: 1e-4 .. 1e-1 log, width: [32, 64] }`.",
};

const span: Parameter = {
  name: "range",
  type: { kind: "range" },
  doc: "The least and the greatest value: `1e-4 .. 1e-1`.",
};

const points: Parameter = { name: "n", type: { kind: "int", min: 1 }, doc: "How many values." };

const seed: Parameter = {
  name: "seed",
  type: { kind: "seed" },
  default: "1",
  doc: "Fixes the values drawn. Does not change with the trial's seed.",
};

/** `vary path over AXIS`. A list, a range of integers and a record of alternatives are axes too. */
export const axes: readonly Signature[] = [
  {
    name: "grid",
    family: "axis",
    version: 1,
    doc: "The values given, one after the other: `grid(0.01, 0.03, 0.1)`.",
    example: "vary recipe.optimizer.lr over grid(0.001, 0.003, 0.01)",
    positional: Number.POSITIVE_INFINITY,
    parameters: [
      { name: "values", type: { kind: "list", of: { kind: "any" } }, doc: "The levels of the factor." },
    ],
  },
  {
    name: "log_grid",
    family: "axis",
    version: 1,
    doc: "`n` values at equal ratios from the least to the greatest, both included: `log_grid(1e-4 .. 1e-1, 4)` is 0.0001, 0.001, 0.01, 0.1.",
    example: "vary recipe.optimizer.lr over log_grid(1e-4 .. 1e-1, 4)",
    positional: 2,
    parameters: [span, points],
  },
  {
    name: "random",
    family: "axis",
    version: 1,
    doc: "`n` values drawn uniformly, the same in every run: `random(0 .. 0.5, 8, seed: 3)`. From a record, `n` points: `vary p over random({ lr: 1e-4 .. 1e-1 log, width: [32, 64] }, 8)`, used as `p.lr` and `p.width`.",
    example: "vary model.rate over random(0 .. 0.5, 4, seed: 3)",
    positional: 3,
    parameters: [space, points, seed],
  },
  {
    name: "sobol",
    family: "axis",
    version: 1,
    doc: "`n` values of a Sobol (1967) sequence, spread more evenly than random ones; best with 8, 16, 32, ... The seed moves the whole sequence. From a record, `n` points as of `random`.",
    example: `vary p over sobol({ lr: 1e-4 .. 1e-1 log, width: [8, 16, 32] }, 8)
model = small(width: p.width)
recipe = short with { optimizer.lr = p.lr }`,
    positional: 3,
    parameters: [space, points, seed],
  },
  {
    name: "zip",
    family: "axis",
    version: 1,
    doc: "Axes side by side instead of crossed: the first value of one with the first of the other. `vary p over zip([32, 64], [0.1, 0.05])` is used as `p[0]` and `p[1]`, `zip({ width: [32, 64], lr: [0.1, 0.05] })` as `p.width` and `p.lr`.",
    example: `vary p over zip({ width: [8, 16], lr: [3e-3, 1e-3] })
model = small(width: p.width)
recipe = short with { optimizer.lr = p.lr }`,
    positional: Number.POSITIVE_INFINITY,
    parameters: [
      {
        name: "axes",
        type: { kind: "list", of: { kind: "any" } },
        doc: "Axes of equal length, or one record of them.",
      },
    ],
  },
];
