import type { SplitOp } from "../split.ts";
import { shares, splitSeed, takesValid } from "./shares.ts";

const stratified: SplitOp = {
  name: "stratified",
  family: "split",
  version: 2,
  doc: "Draws rows at random with the same share of every class in every split.",
  positional: 0,
  parameters: [
    { name: "by", type: { kind: "field" }, doc: "A field that is a class." },
    ...shares,
    splitSeed,
  ],
  hasValid: takesValid,
};

const random: SplitOp = {
  name: "random",
  family: "split",
  version: 1,
  doc: "Draws rows at random.",
  positional: 0,
  parameters: [...shares, splitSeed],
  hasValid: takesValid,
};

const given: SplitOp = {
  name: "given",
  family: "split",
  version: 1,
  doc: "Keeps the division that the source brings, as the train and test files of MNIST; `valid` is drawn from the training rows.",
  positional: 0,
  parameters: [
    {
      name: "valid",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0,
      doc: "Share of the source's training rows to watch and tune on.",
    },
    splitSeed,
  ],
  hasValid: takesValid,
};

const grouped: SplitOp = {
  name: "grouped",
  family: "split",
  version: 1,
  doc: "Draws whole groups at random, so that no group (a star, a field of the sky, a patient) is in two splits. Shares are of the rows, met as nearly as whole groups allow.",
  positional: 0,
  parameters: [
    { name: "by", type: { kind: "field" }, doc: "A field with the role `group`." },
    ...shares,
    splitSeed,
  ],
  hasValid: takesValid,
};

const byRegion: SplitOp = {
  name: "by_region",
  family: "split",
  version: 1,
  doc: "Draws whole cells of a grid over two coordinates, so that neighbours on the sky stay together.",
  positional: 0,
  parameters: [
    {
      name: "by",
      type: { kind: "list", of: { kind: "field" } },
      doc: "Two number fields: right ascension and declination.",
    },
    {
      name: "cell",
      type: { kind: "real", min: 0, unit: "deg" },
      doc: "Width of a cell.",
    },
    ...shares,
    splitSeed,
  ],
  hasValid: takesValid,
};

const kFold: SplitOp = {
  name: "k_fold",
  family: "split",
  version: 2,
  doc: "Divides rows into k folds; each is the test split once. The trial's `fold` must be spent: `repeat fold over 1 .. 5`.",
  parameters: [
    { name: "k", type: { kind: "int", min: 2 }, doc: "How many folds." },
    {
      name: "by",
      type: { kind: "field" },
      optional: true,
      doc: "A class whose shares every fold keeps, or a group that no fold divides.",
    },
    {
      name: "valid",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0,
      doc: "Share of all rows to watch and tune on, taken from the rows outside the fold.",
    },
    splitSeed,
  ],
  hasValid: takesValid,
};

/** Every operator of the family; `../registry.ts` makes the table. */
export const splits: readonly SplitOp[] = [stratified, random, given, grouped, byRegion, kFold];
