import type { Parameter, Signature } from "../signature.ts";

const trials: Parameter = {
  name: "trials",
  type: { kind: "int", min: 1 },
  doc: "How many points are tried.",
};

const seed: Parameter = {
  name: "seed",
  type: { kind: "seed" },
  default: "1",
  doc: "Fixes what is proposed. Does not change with the trial's seed.",
};

const pruner: Parameter = {
  name: "pruner",
  type: { kind: "operator", family: "pruner" },
  optional: true,
  doc: "Ends trainings early that promise little: `median`, `halving`, `hyperband`.",
};

const startup: Parameter = {
  name: "startup",
  type: { kind: "int", min: 0 },
  default: 10,
  doc: "Points drawn at random before the first proposal.",
};

/** `search METHOD over { path: axis, ... } by max(valid.m)`. The numbers are those of Optuna where it has them. */
export const searches: readonly Signature[] = [
  {
    name: "tpe",
    family: "search",
    version: 1,
    doc: "Tree-structured Parzen estimators (Bergstra et al. 2011): points are likelier near those that did well and away from the others.",
    example: "search tpe(trials: 20) over { model.rate: 0 .. 0.5 } by max(valid.accuracy)",
    parameters: [
      trials,
      seed,
      startup,
      {
        name: "candidates",
        type: { kind: "int", min: 1 },
        default: 24,
        doc: "Points drawn for a proposal, of which the most promising is tried.",
      },
      pruner,
    ],
  },
  {
    name: "random",
    family: "search",
    version: 1,
    doc: "Points drawn independently: the yardstick of every search.",
    example: "search random(trials: 20) over { model.rate: 0 .. 0.5 } by max(valid.accuracy)",
    parameters: [trials, seed, pruner],
  },
];

/** What ends trainings of a search early. */
export const pruners: readonly Signature[] = [
  {
    name: "median",
    family: "pruner",
    version: 1,
    doc: "Ends a training that is worse than the median of the others after as many epochs (Golovin et al. 2017).",
    example: "search tpe(trials: 20, pruner: median) over { model.rate: 0 .. 0.5 } by max(valid.accuracy)",
    positional: 0,
    parameters: [
      { ...startup, default: 5, doc: "Trainings that are let alone before." },
      {
        name: "warmup",
        type: { kind: "int", min: 0 },
        default: 0,
        doc: "Epochs of each training in which it is let alone.",
      },
    ],
  },
  {
    name: "halving",
    family: "pruner",
    version: 1,
    doc: "Successive halving (Jamieson and Talwalkar 2016): at each rung the best 1 in `reduction` goes on, `reduction` times as long.",
    example:
      "search random(trials: 20, pruner: halving) over { model.rate: 0 .. 0.5 } by max(valid.accuracy)",
    positional: 0,
    parameters: [
      { name: "least", type: { kind: "int", min: 1 }, default: 1, doc: "Epochs up to the first rung." },
      { name: "reduction", type: { kind: "int", min: 2 }, default: 4, doc: "One of how many goes on." },
    ],
  },
  {
    name: "hyperband",
    family: "pruner",
    version: 1,
    doc: "Successive halving from several first rungs side by side (Li et al. 2018).",
    example:
      "search random(trials: 20, pruner: hyperband) over { model.rate: 0 .. 0.5 } by max(valid.accuracy)",
    positional: 0,
    parameters: [
      { name: "least", type: { kind: "int", min: 1 }, default: 1, doc: "Epochs up to the earliest rung." },
      { name: "reduction", type: { kind: "int", min: 2 }, default: 3, doc: "One of how many goes on." },
    ],
  },
];
