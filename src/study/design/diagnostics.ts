/** What can be wrong with the design of a study (60): what its answer would be worth. */
import { define } from "../../diagnostics/diagnostic.ts";

export const testLeak = define(
  "DL6001",
  "test-decides",
  "error",
  (p: { what: string }) => `${p.what} on the test split: the answer would be too good`,
);
export const groupStraddles = define(
  "DL6002",
  "group-straddles-splits",
  "warning",
  (p: { group: string; split: string }) =>
    `rows of one \`${p.group}\` may be in two splits: \`${p.split}\` does not keep them together`,
);
export const unreachable = define(
  "DL6003",
  "unreachable-comparison",
  "warning",
  (p: { pairs: string; least: string; level: string; results: number; needed: number }) =>
    `${p.pairs} cannot reach p < ${p.level}${p.results > 1 ? `, which ${p.results} comparisons need (Holm)` : ""}: the least possible p is ${p.least}; ${p.needed} can`,
);
export const oneSeed = define(
  "DL6004",
  "one-seed-interval",
  "warning",
  (p: { interval: string }) => `one training gives no interval: \`${p.interval}\` needs a \`repeat\``,
);
export const unequalParameters = define(
  "DL6005",
  "unequal-parameters",
  "warning",
  (p: { left: string; right: string; a: number; b: number; percent: string }) =>
    `\`${p.left}\` has ${p.a.toLocaleString("en")} parameters, \`${p.right}\` ${p.b.toLocaleString("en")}: ${p.percent} % more in one arm`,
);
export const unequalBudgets = define(
  "DL6006",
  "unequal-budgets",
  "warning",
  (p: { left: string; right: string; a: string; b: string }) =>
    `\`${p.left}\` trains for ${p.a}, \`${p.right}\` for ${p.b}`,
);
export const nothingToChoose = define(
  "DL6007",
  "nothing-to-choose",
  "warning",
  (p: { path: string; level: string }) =>
    `\`${p.path}\` has one level, \`${p.level}\`: there is nothing to choose`,
);
export const unpaired = define(
  "DL6008",
  "unpaired-comparison",
  "warning",
  (p: { replicate: string }) =>
    `both arms run with the same \`${p.replicate}\`s, but the comparison does not pair them`,
);
export const unusedAllow = define(
  "DL6009",
  "unused-allow",
  "warning",
  (p: { code: string }) => `nothing here needs \`allow ${p.code}\``,
);

export const trainedOnEvaluationRows = define(
  "DL6010",
  "trained-on-evaluation-rows",
  "error",
  (p: { experiment: string; data: string }) =>
    `\`${p.experiment}\` was trained on rows that \`${p.data}\` evaluates on: the answer would be too good`,
);

export const evaluationAugmented = define(
  "DL6011",
  "evaluation-augmented",
  "warning",
  (p: { step: string; field: string }) =>
    `\`${p.step}\` draws at random in \`evaluate ${p.field}\`: what is measured is not the data as they are`,
);

export const unequalTuning = define(
  "DL6012",
  "unequal-tuning",
  "warning",
  (p: { more: string; tried: number; less: string; others: number }) =>
    `\`${p.more}\` is the best of ${p.tried} settings, \`${p.less}\` of ${p.others}: the more are tried, the better is the best`,
);

export const marginWithoutMeaning = define(
  "DL6013",
  "margin-without-meaning",
  "error",
  (p: { problem: string }) => p.problem,
);

export const comparedWhereChosen = define(
  "DL6014",
  "compared-where-chosen",
  "warning",
  (p: { what: string }) =>
    `the arms are compared on the validation split, which decides ${p.what}: the answer may be too good`,
);

export const chosenOverDivisions = define(
  "DL6016",
  "chosen-over-divisions",
  "warning",
  (p: { what: string; divisions: number }) =>
    `${p.what} over ${p.divisions} divisions of the rows: a row that is valid in one is test in another, so test rows decide too`,
);

export const armsAlike = define(
  "DL6017",
  "arms-alike",
  "warning",
  (p: { left: string; right: string; pairs: number }) =>
    `\`${p.left}\` and \`${p.right}\` are the same training${p.pairs === 1 ? "" : `, in all ${p.pairs} pairs`}: every difference is 0`,
);

export const rowsMayBeShared = define(
  "DL6015",
  "rows-may-be-shared",
  "warning",
  (p: { experiment: string; data: string }) =>
    `\`${p.experiment}\` may have been trained on rows that \`${p.data}\` evaluates on`,
);
