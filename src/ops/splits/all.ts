import type { SplitOp } from "../split.ts";
import { shares, splitSeed, takesValid } from "./shares.ts";

const stratified: SplitOp = {
  name: "stratified",
  family: "split",
  version: 2,
  doc: "Draws rows at random with the same share of every class in every split.",
  example: "split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)",
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
  example: "split = random(train: 70%, valid: 15%, test: 15%)",
  positional: 0,
  parameters: [...shares, splitSeed],
  hasValid: takesValid,
};

const given: SplitOp = {
  name: "given",
  family: "split",
  version: 1,
  doc: "Keeps the division that the source brings, as the train and test files of MNIST; `valid` is drawn from the training rows.",
  example: `data shown {
  source = idx("mnist")
  input image : u8[28, 28, 1] = source.image
  target label : class[10] = source.label
  split = given(valid: 10%)
  prepare image { scale(0 .. 1) }
}`,
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
  example: `data shown {
  source = csv("stars.csv")
  group tile : string = source.tile
  input colours : f32[2] = [source.g - source.r, source.r - source.i]
  target label : class[2] = source.kind
  split = grouped(by: tile, train: 70%, valid: 15%, test: 15%)
}`,
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
  example: `data shown {
  source = csv("stars.csv")
  keep ra : f32 = source.ra
  keep dec : f32 = source.dec
  input colours : f32[2] = [source.g - source.r, source.r - source.i]
  target label : class[2] = source.kind
  split = by_region(by: [ra, dec], cell: 2 deg, train: 70%, valid: 15%, test: 15%)
}`,
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
  example: `data folded = galaxies with { split = k_fold(5, by: label, valid: 15%) }
experiment crossed = question with {
  data = folded
  repeat fold over 1 .. 5
}`,
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
