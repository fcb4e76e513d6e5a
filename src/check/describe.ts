/** Values, types and families in words, for messages and labels. */
import type { Family, ParameterType, RealUnit } from "../ops/signature.ts";
import { textOf } from "../text/source.ts";
import type { NumberValue, OperatorValue, Value } from "./value.ts";

const familyWords: Readonly<Record<Family, string>> = {
  layer: "layer",
  reader: "reader",
  split: "split",
  prepare: "step of `prepare`",
  augment: "step of `augment`",
  loss: "loss",
  optimizer: "optimizer",
  schedule: "schedule",
  metric: "metric",
  cost: "cost",
  axis: "axis",
  interval: "interval",
  stop: "rule to stop",
  keep: "rule to keep a checkpoint",
  initializer: "initializer",
  mass: "profile of mass",
  light: "profile of light",
  psf: "point-spread function",
  learner: "classic learner",
  search: "search",
  pruner: "pruner",
  start: "origin of weights",
  clip: "way to clip",
  average: "average of weights",
};

/** `layer`, `optimizer`, `step of prepare`. */
export function familyWord(family: Family): string {
  return familyWords[family];
}

export function withArticle(words: string): string {
  return `${/^[aeiou]/i.test(words) ? "an" : "a"} ${words}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function listWords(words: readonly string[], last = "or"): string {
  return words.length < 2
    ? (words[0] ?? "")
    : `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;
}

/** Examples of ranges by their unit. */
const ranges: Readonly<Record<RealUnit | "none", string>> = {
  none: "0 .. 1",
  fraction: "1% .. 10%",
  deg: "0 .. 90 deg",
  arcsec: "0.5 .. 2 arcsec",
  px: "1 .. 4 px",
};

/** What a parameter takes: `a whole number`, `an optimizer`. */
export function describeType(type: ParameterType): string {
  switch (type.kind) {
    case "int":
      return type.unit ? `a whole number of ${type.unit}` : "a whole number";
    case "real":
      if (type.unit === "fraction") return "a share, such as 50%";
      return type.unit ? `a number of ${type.unit}` : "a number";
    case "bool":
      return "true or false";
    case "string":
      return "a string";
    case "path":
      return "a path in quotes";
    case "seed":
      return "a whole number of 0 or more";
    case "word":
      return listWords(type.words.map((word) => `\`${word}\``));
    case "label":
      return "a name";
    case "field":
      return "the name of a field";
    case "duration":
      return "a length, such as 3 epochs";
    case "range":
      return `a range, such as ${ranges[type.unit ?? "none"]}`;
    case "metric":
      return "a metric, such as valid.loss";
    case "operator":
      return withArticle(familyWord(type.family));
    case "list":
      return `a list, each of it ${describeType(type.of)}`;
    case "record":
      return `a record such as { ${type.entries.map(({ name }) => `${name}: ...`).join(", ")} }`;
    case "any":
      return "a value";
    case "union":
      return listWords(type.of.map(describeType));
  }
}

/** What a value is: `a string`, `the layer \`relu\``. */
export function describeValue(value: Value): string {
  switch (value.kind) {
    case "number":
      return showValue(value);
    case "bool":
      return String(value.value);
    case "string":
      return "a string";
    case "word":
      return `the word \`${value.value}\``;
    case "list":
      return "a list";
    case "record":
      return "a record";
    case "range":
      return "a range";
    case "operator":
      return `the ${familyWord(value.signature.family)} \`${value.signature.name}\``;
    case "declared":
    case "section":
      return `the ${value.declaration.what} \`${value.declaration.name.text}\``;
    case "metric":
      return `the metric ${showValue(value)}`;
    case "expression":
      return "an expression over tensors";
  }
}

/** The text of a value, as its label in tables: `0.03`, `relu`, `vgg([32, 64])`. */
export function showValue(value: Value): string {
  switch (value.kind) {
    case "number":
      return showNumber(value);
    case "bool":
      return String(value.value);
    case "string":
      return value.value;
    case "word":
      return value.value;
    case "list":
      return `[${value.items.map(showValue).join(", ")}]`;
    case "record":
      return `{ ${value.entries.map((entry) => `${entry.label}: ${showValue(entry.value)}`).join(", ")} }`;
    case "range": {
      const step = value.step ? ` step ${showNumber({ ...value.step, unit: undefined })}` : "";
      return `${showNumber({ ...value.from, unit: undefined })} .. ${showNumber(value.to)}${step}${value.log ? " log" : ""}`;
    }
    case "operator":
      return showOperator(value);
    case "declared": {
      const first = value.declaration.parameters[0]?.name.text;
      return showCall(value.declaration.name.text, value.arguments, first);
    }
    case "section":
      return value.declaration.name.text;
    case "metric": {
      const on = value.on?.map(showValue) ?? [];
      const metric = showValue(value.metric);
      if (on.length === 0) return `${value.split}.${metric}`;
      const inner = metric.endsWith(")") ? `, ${metric.slice(metric.indexOf("(") + 1, -1)}` : "";
      return `${value.split}.${metric.replace(/\(.*$/s, "")}(${on.join(", ")}${inner})`;
    }
    case "expression":
      return textOf(value.span);
  }
}

function showOperator(value: OperatorValue): string {
  const first = value.signature.positional === 0 ? undefined : value.signature.parameters[0]?.name;
  return showCall(value.signature.name, value.arguments, first);
}

function showCall(name: string, given: ReadonlyMap<string, Value>, first: string | undefined): string {
  if (given.size === 0) return name;
  const inner = [...given].map(([key, value]) =>
    key === first ? showValue(value) : `${key}: ${showValue(value)}`,
  );
  return `${name}(${inner.join(", ")})`;
}

function showNumber(value: NumberValue): string {
  // Twelve digits: 0.1 + 0.2 is 0.3 to a reader.
  const text = value.digits ?? String(Number(value.value.toPrecision(12)));
  if (!value.unit) return text;
  const singular =
    value.value === 1 && (value.unit === "epochs" || value.unit === "steps")
      ? value.unit.slice(0, -1)
      : value.unit;
  return `${text} ${singular}`;
}
