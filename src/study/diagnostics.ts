/** What can be wrong with data (40) or a study (50), or wants a later version (70). Of its design (60): `design/diagnostics.ts`. */
import { listWords } from "../check/describe.ts";
import { define } from "../diagnostics/diagnostic.ts";

export const missingInData = define(
  "DL4002",
  "data-incomplete",
  "error",
  (p: { data: string; what: string }) => `\`${p.data}\` has no ${p.what}`,
);
export const unknownField = define(
  "DL4003",
  "unknown-field",
  "error",
  (p: { field: string; data: string }) => `\`${p.data}\` has no field \`${p.field}\``,
);
export const unknownColumn = define(
  "DL4004",
  "unknown-column",
  "error",
  (p: { name: string; reader: string }) => `\`${p.reader}\` offers no \`${p.name}\``,
);
export const typeNotKnown = define(
  "DL4005",
  "field-type-not-known",
  "error",
  (p: { field: string; problem: string | undefined }) =>
    p.problem === undefined
      ? `the type of \`${p.field}\` is known only when the source is read`
      : `the type of \`${p.field}\` is read from the data, but ${p.problem}`,
);
export const typeDiffers = define(
  "DL4006",
  "field-type-differs",
  "error",
  (p: { field: string; written: string; found: string }) =>
    `\`${p.field}\` is written as ${p.written}, but the source gives ${p.found}`,
);
export const badFieldType = define(
  "DL4007",
  "bad-field-type",
  "error",
  (p: { problem: string }) => p.problem,
);
export const stepDoesNotFit = define(
  "DL4008",
  "step-does-not-fit",
  "error",
  (p: { problem: string }) => p.problem,
);
export const statedTypeDiffers = define(
  "DL4009",
  "stated-type-differs",
  "error",
  (p: { field: string; stated: string; found: string }) =>
    `\`${p.field}\` is ${p.found} here, not ${p.stated}`,
);
export const sizeVaries = define(
  "DL4010",
  "size-varies",
  "error",
  (p: { field: string; type: string; dimension: string }) =>
    `\`${p.field}\` is still ${p.type} after \`prepare\`: \`${p.dimension}\` varies from row to row`,
);
export const trainAndEvaluationDiffer = define(
  "DL4011",
  "training-and-evaluation-differ",
  "error",
  (p: { field: string; training: string; evaluation: string }) =>
    `\`${p.field}\` is ${p.training} in training, but ${p.evaluation} in evaluation`,
);
export const inputNotF32 = define(
  "DL4012",
  "input-not-f32",
  "error",
  (p: { field: string; type: string }) =>
    `\`${p.field}\` would reach the network as ${p.type}; networks take f32, and i32 for \`embedding\``,
);
export const badSplit = define("DL4013", "bad-split", "error", (p: { problem: string }) => p.problem);
export const badFieldExpression = define(
  "DL4014",
  "bad-field-expression",
  "error",
  (p: { problem: string }) => p.problem,
);
export const notAStep = define(
  "DL4015",
  "not-a-step",
  "error",
  (p: { section: string }) => `this is not a step of \`${p.section}\``,
);
export const splitIsEmpty = define(
  "DL4016",
  "no-such-split",
  "error",
  (p: { data: string; split: string }) => `\`${p.data}\` has no ${p.split} split`,
);
export const unknownRole = define(
  "DL4017",
  "unknown-role",
  "error",
  (p: { role: string }) => `there is no role \`${p.role}\` for a field`,
);
export const badRowWeight = define(
  "DL4018",
  "bad-row-weight",
  "error",
  (p: { problem: string }) => p.problem,
);

export const dataDiffer = define("DL4019", "data-differ", "error", (p: { problem: string }) => p.problem);
export const dataUnreadable = define(
  "DL4020",
  "data-cannot-be-read",
  "error",
  (p: { problem: string }) => p.problem,
);

export const typesRead = define("DL4021", "field-type-read", "hint", (p: { fields: readonly string[] }) =>
  p.fields.length === 1
    ? `the type of \`${p.fields[0]}\` is left out and read from the data`
    : `the types of ${listWords(
        p.fields.map((field) => `\`${field}\``),
        "and",
      )} are left out and read from the data`,
);

export const unknownClass = define(
  "DL4022",
  "unknown-class",
  "error",
  (p: { name: string; field: string }) => `there is no class \`${p.name}\` of \`${p.field}\``,
);

export const missingLine = define(
  "DL5001",
  "line-missing",
  "error",
  (p: { where: string; what: string }) => `\`${p.where}\` has no \`${p.what}\``,
);
export const unknownPath = define("DL5003", "unknown-path", "error", (p: { problem: string }) => p.problem);
export const outOfPlace = define(
  "DL5004",
  "out-of-place",
  "error",
  (p: { kind: string }) => `this line has no meaning in ${p.kind}`,
);
export const badAxis = define("DL5005", "bad-axis", "error", (p: { problem: string }) => p.problem);
export const unknownLevel = define(
  "DL5006",
  "unknown-level",
  "error",
  (p: { label: string }) => `no factor has a level \`${p.label}\``,
);
export const badComparison = define(
  "DL5007",
  "bad-comparison",
  "error",
  (p: { problem: string }) => p.problem,
);
export const notAnAxis = define(
  "DL5008",
  "not-an-axis",
  "error",
  (p: { path: string; want: string }) => `\`${p.path}\` is not ${p.want} of this experiment`,
);
export const valueReplaced = define(
  "DL5011",
  "value-replaced",
  "hint",
  (p: { what: string; by: string }) => `${p.what} is replaced by ${p.by}`,
);
export const tooManyTrials = define(
  "DL5012",
  "too-many-trials",
  "error",
  (p: { count: number; most: number }) =>
    `this experiment has ${p.count.toLocaleString("en")} trainings; at most ${p.most.toLocaleString("en")} fit in a plan`,
);
export const cannotSet = define("DL5013", "cannot-set", "error", (p: { problem: string }) => p.problem);
export const wrongKind = define(
  "DL5014",
  "wrong-kind",
  "error",
  (p: { what: string; found: string }) => `${p.what} is needed here, but this is ${p.found}`,
);
export const unknownExperiment = define(
  "DL5015",
  "unknown-experiment",
  "error",
  (p: { name: string }) => `there is no experiment \`${p.name}\``,
);
export const wrongGoal = define(
  "DL5016",
  "wrong-goal",
  "error",
  (p: { metric: string; written: string; goal: string }) =>
    `\`${p.written}\` would choose the worst: ${p.goal === "max" ? "more" : "less"} of \`${p.metric}\` is better`,
);
export const badChoice = define("DL5017", "bad-choice", "error", (p: { problem: string }) => p.problem);
export const badReport = define("DL5018", "bad-report", "error", (p: { problem: string }) => p.problem);
export const definedTwice = define(
  "DL5019",
  "defined-twice",
  "error",
  (p: { name: string }) => `\`${p.name}\` is already set`,
);
export const refersToItself = define(
  "DL5020",
  "refers-to-itself",
  "error",
  (p: { name: string }) => `\`${p.name}\` is made from itself`,
);

export const badCondition = define("DL5021", "bad-condition", "error", (p: { problem: string }) => p.problem);
export const foldNotSpent = define(
  "DL5022",
  "fold-not-spent",
  "error",
  (p: { data: string; k: number }) =>
    `\`${p.data}\` is divided into ${p.k} folds, but no line says which one a training leaves out`,
);
export const noFolds = define(
  "DL5023",
  "no-folds",
  "error",
  (p: { data: string; split: string }) => `\`${p.data}\` has no folds: its split is \`${p.split}\``,
);
export const noSuchFold = define(
  "DL5024",
  "no-such-fold",
  "error",
  (p: { fold: string; k: number }) => `there is no fold ${p.fold}: folds are numbered 1 to ${p.k}`,
);
export const unknownNetwork = define(
  "DL5033",
  "unknown-network",
  "error",
  (p: { name: string }) => `the experiment has no network \`${p.name}\``,
);

export const badOrigin = define("DL5025", "bad-origin", "error", (p: { problem: string }) => p.problem);
export const badSearch = define("DL5026", "bad-search", "error", (p: { problem: string }) => p.problem);
export const badEnsemble = define("DL5027", "bad-ensemble", "error", (p: { problem: string }) => p.problem);
export const badBudget = define("DL5028", "bad-budget", "error", (p: { problem: string }) => p.problem);
export const nothingToSave = define(
  "DL5029",
  "nothing-to-save",
  "error",
  (p: { name: string; what: string }) => `there is no network \`${p.name}\` ${p.what}`,
);

export const batchTooLarge = define(
  "DL5030",
  "batch-too-large",
  "error",
  (p: { batch: number; rows: number; data: string }) =>
    `a batch takes ${p.batch.toLocaleString("en")} rows, but \`${p.data}\` trains on ${p.rows.toLocaleString("en")}`,
);

export const notInThisVersion = define(
  "DL7001",
  "not-in-this-version",
  "error",
  (p: { what: string }) => `${p.what} cannot be run in this version yet`,
);
