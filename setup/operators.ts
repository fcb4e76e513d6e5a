/** The pages of `docs/operators/`, written from the definitions in `src/ops`: one for each family. `setup/generate.mjs` keeps them. */
import { describeType } from "../src/check/describe.ts";
import { exampleOf } from "../src/ops/example.ts";
import { operators } from "../src/ops/registry.ts";
import type { Family, Json, Parameter, ParameterType, Signature } from "../src/ops/signature.ts";
import { shapeTable, targetOf } from "./operator-shapes.ts";

interface Page {
  /** Of the file, without `.md`. */
  readonly name: string;
  readonly title: string;
  readonly where: string;
}

const pages: readonly Page[] = [
  {
    name: "readers",
    title: "Readers",
    where:
      "`source = reader(...)` of a [data set](../language/data.md). Fields are made from what a reader offers, as `source.image`.",
  },
  {
    name: "splits",
    title: "Splits",
    where: "`split = ...` of a [data set](../language/data.md).",
  },
  {
    name: "prepare",
    title: "Steps of prepare",
    where:
      "`prepare field { ... }` of a [data set](../language/data.md): once for every row, kept by content.",
  },
  {
    name: "augment",
    title: "Steps of augment and evaluate",
    where:
      "`augment field { ... }` of a [data set](../language/data.md): training rows only, anew at every step. Steps that draw nothing may also stand in `evaluate field { ... }`.",
  },
  {
    name: "profiles",
    title: "Profiles of simulators",
    where:
      "Arguments of [readers](readers.md) that simulate: the mass of a lens, the light of a source, the point-spread function.",
  },
  {
    name: "layers",
    title: "Layers",
    where:
      "In bodies of [models and blocks](../language/model.md). The tables show what a layer makes of some tensors; MACs are multiply-accumulates for one sample, forward.",
  },
  {
    name: "initializers",
    title: "Initializers",
    where:
      "How weights begin: `init: he_normal` of a layer with a kernel, or `init: { kernel: orthogonal, bias: 0.1 }`. `inputs` and `outputs` count what one number of the output sums over, and where one of the input goes.",
  },
  {
    name: "losses",
    title: "Losses",
    where:
      "`loss = ...` of a [recipe](../language/recipe.md): one number an example, averaged over the batch.",
  },
  {
    name: "optimizers",
    title: "Optimizers",
    where: "`optimizer = ...` of a [recipe](../language/recipe.md).",
  },
  {
    name: "schedules",
    title: "Schedules",
    where:
      "`schedule = ...` of a [recipe](../language/recipe.md): a factor on the optimizer's learning rate at each step. It goes by the time alone, but for `plateau`, which watches a metric.",
  },
  {
    name: "checkpoints",
    title: "When to stop and what to keep",
    where: "`stop = ...` and `keep = ...` of a [recipe](../language/recipe.md).",
  },
  {
    name: "metrics",
    title: "Metrics",
    where:
      "Members of a split, `test.accuracy`, in [experiments](../language/experiment.md) and after `stop` and `keep`; `cost.time` and its kin stand alone.",
  },
  {
    name: "axes",
    title: "Axes",
    where:
      "Behind `over` in an [experiment](../language/experiment.md). Lists, ranges and records of alternatives are [axes](../language/axes.md) too.",
  },
  {
    name: "intervals",
    title: "Intervals",
    where: "`report ... as interval` of an [experiment](../language/experiment.md).",
  },
  {
    name: "searches",
    title: "Searches and pruners",
    where:
      "`search METHOD over { path: axis } by max(valid.m)` of an [experiment](../language/experiment.md); a pruner is given to the method: `tpe(trials: 50, pruner: median)`.",
  },
  {
    name: "learners",
    title: "Classic learners",
    where: "In place of a model in an [experiment](../language/experiment.md), to compare with.",
  },
  {
    name: "weights",
    title: "Weights: origin, clipping, averages",
    where: "`init = ...`, `clip = ...` and `average = ...` of a [recipe](../language/recipe.md).",
  },
];

/** On which page a family stands. */
const pageOfFamily: Readonly<Record<Family, string>> = {
  reader: "readers",
  split: "splits",
  prepare: "prepare",
  augment: "augment",
  layer: "layers",
  initializer: "initializers",
  loss: "losses",
  optimizer: "optimizers",
  schedule: "schedules",
  stop: "checkpoints",
  keep: "checkpoints",
  metric: "metrics",
  cost: "metrics",
  axis: "axes",
  interval: "intervals",
  mass: "profiles",
  light: "profiles",
  psf: "profiles",
  search: "searches",
  pruner: "searches",
  learner: "learners",
  start: "weights",
  clip: "weights",
  average: "weights",
};

/** File name to its text. */
export function operatorPages(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const rows: string[] = [];
  for (const page of pages) {
    const own = operators.filter(({ family }) => pageOfFamily[family] === page.name);
    if (own.length === 0) continue;
    files.set(`${page.name}.md`, pageOf(page, own));
    const names = own.map((operator) => `[${fullName(operator)}](${page.name}.md#${anchor(operator)})`);
    rows.push(`| [${page.title}](${page.name}.md) | ${names.join(", ")} |`);
  }
  const index = `# Operators\n\nEvery operator of the language, from its definition in \`src/ops\`.\n\n| | |\n| --- | --- |\n${rows.join("\n")}\n`;
  return files.set("README.md", index);
}

const generated = "<!-- Written by setup/generate.mjs from src/ops; change the definitions there. -->";

function pageOf({ title, where }: Page, own: readonly Signature[]): string {
  const rows = own.map(
    (each) => `| [\`${fullName(each)}\`](#${anchor(each)}) | ${cell(firstSentence(each.doc))} |`,
  );
  return `# ${title}\n\n${generated}\n\n${where}\n\n| | |\n| --- | --- |\n${rows.join("\n")}\n\n${own.map(entry).join("\n")}`;
}

function entry(operator: Signature): string {
  const parts = [`## ${fullName(operator)}`, `\`${call(operator)}\``, operator.doc];
  if (operator.parameters.length > 0)
    parts.push(
      `| parameter | takes | default | |\n| --- | --- | --- | --- |\n${operator.parameters.map((each) => parameterRow(each)).join("\n")}`,
    );
  parts.push(`\`\`\`dl ${placeOf(operator)}\n${exampleOf(operator)}\n\`\`\``);
  const shapes = shapeTable(operator);
  if (shapes) parts.push(shapes);
  return `${parts.join("\n\n")}\n`;
}

/** Where examples of a family stand, as `test/docs/blocks.ts` knows it. */
const places: Readonly<Record<Family, string>> = {
  reader: "declarations",
  split: "data",
  prepare: "data",
  augment: "data",
  layer: "body",
  initializer: "body",
  loss: "recipe",
  optimizer: "recipe",
  schedule: "recipe",
  stop: "recipe",
  keep: "recipe",
  start: "recipe",
  clip: "recipe",
  average: "recipe",
  metric: "experiment",
  cost: "experiment",
  axis: "experiment",
  interval: "experiment",
  search: "experiment",
  pruner: "experiment",
  learner: "experiment",
  mass: "declarations",
  light: "declarations",
  psf: "declarations",
};

/** What can be checked and planned, and not yet run: by `notYet` of `src/study`. */
const later = new Set<string>(["search", "pruner", "learner", "start from"]);

/** The words behind ```dl: the place, and the kind of target that a loss or metric is for. */
function placeOf(operator: Signature): string {
  const { family, name } = operator;
  const isWhole = /^(data|model|experiment|metric|loss) \w/m.test(exampleOf(operator));
  const isLater = later.has(family) || later.has(`${family} ${name}`);
  const words = isWhole ? ["declarations"] : [places[family], targetOf(operator)];
  return [...words, isLater ? "later" : undefined].filter(Boolean).join(" ");
}

const fullName = ({ family, name }: Signature): string => (family === "cost" ? `cost.${name}` : name);

/** As GitHub makes them of headings. */
const anchor = (operator: Signature): string => fullName(operator).toLowerCase().replaceAll(".", "");

function firstSentence(doc: string): string {
  const paragraph = doc.split("\n\n")[0]!;
  return /^.*?\.(?= [A-Z`]|$)/s.exec(paragraph)?.[0] ?? paragraph;
}

/** `conv(channels, kernel: 3, bias: true)`: those that must be given first, as they may be written. */
function call({ name, family, parameters, positional }: Signature): string {
  const byPosition = positional ?? 1;
  const texts = parameters.map((parameter, i) => {
    const shown = parameter.default === undefined ? undefined : show(parameter.default, parameter.type);
    if (shown !== undefined) return `${parameter.name}: ${shown}`;
    if (parameter.optional) return `${parameter.name}: ...`;
    return i < byPosition ? parameter.name : `${parameter.name}: ...`;
  });
  const full = fullName({ name, family } as Signature);
  return texts.length === 0 ? full : `${full}(${texts.join(", ")})`;
}

function parameterRow(parameter: Parameter): string {
  const { name, type, doc } = parameter;
  const otherwise =
    parameter.default !== undefined
      ? `\`${show(parameter.default, type)}\``
      : parameter.optional
        ? "may be left out"
        : "must be given";
  return `| \`${name}\` | ${cell(`${describeType(type)}${limits(type)}`)} | ${otherwise} | ${cell(doc)} |`;
}

/** A cell of a table is one line, without the bar that would end it. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");

function limits(type: ParameterType): string {
  if (type.kind !== "int" && type.kind !== "real") return "";
  const written = (value: number) => show(value, type);
  const max = type.kind === "real" ? type.max : undefined;
  if (type.min !== undefined && max !== undefined) return `, ${written(type.min)} to ${written(max)}`;
  if (type.min !== undefined) return `, ${written(type.min)} or more`;
  return max === undefined ? "" : `, at most ${written(max)}`;
}

/** A value as it would be written in a file. */
function show(value: Json, type: ParameterType): string {
  if (typeof value === "number") {
    const unit = "unit" in type ? type.unit : undefined;
    if (unit === "fraction") return `${Number((value * 100).toPrecision(12))}%`;
    // 1e-5 as people write it.
    const digits = value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
    return unit ? `${digits} ${unit}` : digits;
  }
  if (type.kind === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    const of = type.kind === "list" ? type.of : type;
    return `[${value.map((each) => show(each as Json, of)).join(", ")}]`;
  }
  const record = value as Readonly<Record<string, Json>>;
  if ("from" in record && "to" in record) {
    const unit = type.kind === "range" ? type.unit : undefined;
    if (unit === "fraction")
      return [record.from, record.to].map((end) => `${100 * Number(end)}%`).join(" .. ");
    return `${record.from} .. ${record.to}${unit ? ` ${unit}` : ""}`;
  }
  if ("op" in record) return String(record.op);
  const [[unit, amount] = ["", ""]] = Object.entries(record);
  return `${amount} ${unit === "seconds" ? "s" : amount === 1 ? unit.replace(/s$/, "") : unit}`;
}
