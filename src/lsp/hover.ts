import { describeType } from "../check/describe.ts";
import { fileScope, showValue } from "../check/evaluate.ts";
import { layerTable } from "../check/shapes.ts";
import { createReporter, definedKinds } from "../diagnostics/diagnostic.ts";
import { exampleOf } from "../ops/example.ts";
import { showField } from "../ops/field.ts";
import type { Signature } from "../ops/signature.ts";
import { type Definition, isDefinition, type Meaning } from "../study/names/meaning.ts";
import { summarise } from "../study/summarise.ts";
import type { Span } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";
import { nameAt, statementAt } from "./places.ts";
import { count, headerOf, lineOf, short, showNumbers, showParameter, showShapes, textOf } from "./show.ts";

export interface Hover {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

/** What the name at a place is: what it stands for, its type or shape, what it costs, and its documentation. */
export function hover(analysis: Analysis, offset: number): Hover | undefined {
  const found = nameAt(analysis, offset);
  if (!found || found.meanings.length === 0) return undefined;
  const parts = found.meanings.map((meaning) => describe(meaning, analysis, offset));
  const texts = [...new Set(parts.flat().filter((part) => part !== ""))];
  return texts.length === 0 ? undefined : { span: found.name.span, text: texts.join("\n\n") };
}

const code = (text: string): string => `\`\`\`dl\n${text}\n\`\`\``;

/** Paragraphs of Markdown. */
function describe(meaning: Meaning, analysis: Analysis, offset: number): readonly string[] {
  if (isDefinition(meaning)) return describeDefinition(meaning, analysis, offset);
  switch (meaning.kind) {
    case "operator":
      return [...describeOperator(meaning.signature), ...atStatement(analysis, offset)];
    case "argument":
      return [
        code(showParameter(meaning.parameter)),
        meaning.parameter.doc,
        `a parameter of \`${meaning.signature.name}\``,
      ];
    case "setting":
      return [
        code(meaning.text),
        meaning.type
          ? `a line of a ${meaning.of === "data" ? "`data`" : meaning.of}: ${describeType(meaning.type)}`
          : `a part of an experiment`,
      ];
    case "split":
      return [code(meaning.text), splits[meaning.text] ?? ""];
    case "role":
      return [code(meaning.text), roles[meaning.text] ?? ""];
    case "section":
      return [code(meaning.text), sections[meaning.text] ?? ""];
    case "module":
      return [code(meaning.text), meaning.module?.file.doc ?? ""];
    case "column":
      return [code(`source.${meaning.text}`), "read from the source"];
    case "diagnostic": {
      const kind = definedKinds().find((each) => each.code === meaning.text);
      return kind ? [code(`${kind.code} ${kind.slug}`), `\`dlc explain ${kind.code}\` says more`] : [];
    }
    case "current":
      return meaning.text === "it"
        ? [code("it"), "the current tensor", ...atStatement(analysis, offset)]
        : [];
    default:
      return [];
  }
}

const splits: Readonly<Record<string, string>> = {
  train: "rows that the weights are fitted on",
  valid: "rows that choices are made on: checkpoints, levels of factors",
  test: "rows that are read once a trial, for the answer",
  cost: "what a training costs",
};

const roles: Readonly<Record<string, string>> = {
  input: "may be fed to a network",
  target: "may enter a loss or a metric",
  group: "rows of one group are never divided between splits",
  weight: "multiplies the loss of its row; metrics are not weighted",
  id: "names a row; never fed",
  keep: "metrics may be resolved by it; never fed",
};

const sections: Readonly<Record<string, string>> = {
  prepare: "runs once on every split and is kept; statistics are fitted on the training rows only",
  augment: "runs on the training rows only, anew in every epoch",
  evaluate: "runs in place of `augment` when the network is evaluated",
};

export function describeOperator(signature: Signature): readonly string[] {
  const parameters = signature.parameters.map((each) => `  ${showParameter(each)}`);
  const header = parameters.length === 0 ? signature.name : `${signature.name}(\n${parameters.join("\n")}\n)`;
  return [code(header), signature.doc, code(exampleOf(signature))];
}

/** The shape behind the statement at a place and what it costs. */
function atStatement(analysis: Analysis, offset: number): readonly string[] {
  const statement = statementAt(analysis, offset);
  const uses = statement && analysis.expanded.get(statement);
  const shapes = uses && showShapes(uses);
  if (!shapes) return [];
  const parameters = showNumbers(
    uses.map(({ cost }) => cost.parameters),
    count,
  );
  const macs = showNumbers(
    uses.map(({ cost }) => cost.macs),
    short,
  );
  const times = Math.max(...uses.map(({ types }) => types.length));
  const often = times > 1 ? `, in ${times} uses` : "";
  const costs =
    parameters === "0" && macs === "0"
      ? ""
      : `; ${parameters} parameters, ${macs} multiply-accumulates a sample`;
  return [`\`${shapes}\`${often}${costs}`];
}

function describeDefinition(definition: Definition, analysis: Analysis, offset: number): readonly string[] {
  const { kind, name, owner, declaration, doc } = definition;
  const text = name.text;
  if (declaration)
    return [
      code(headerOf(declaration)),
      declaration.doc ?? "",
      ...aboutDeclaration(definition, analysis),
      ...atStatement(analysis, offset),
    ];
  const of = owner ? ` of \`${owner.name.text}\`` : "";
  switch (kind) {
    case "let":
      return [
        code(`let ${text} = ${definition.value ? lineOf(definition.value.span) : ""}`),
        doc ?? "",
        ...computed(definition, analysis),
      ];
    case "parameter": {
      const parameter = owner?.parameters.find((each) => each.name === name);
      return [code(parameter ? lineOf(parameter.span) : text), `a parameter${of}`];
    }
    case "dimension":
      return [code(text), text === "N" ? "the batch" : `a dimension${of}`];
    case "input":
    case "output":
      return [code(`${text} : ${definition.type ? textOf(definition.type.span) : ""}`), `an ${kind}${of}`];
    case "variable":
      return [code(`for ${text} in ${definition.value ? lineOf(definition.value.span) : ""}`)];
    case "tensor":
    case "tensors":
    case "group": {
      const what = { tensor: "a tensor", tensors: "a list of tensors", group: "a part" }[kind];
      return [code(text), `${what}${of}`, ...atStatement(analysis, name.span.start)];
    }
    case "field":
      return [
        code(lineOf(fieldSpan(definition, analysis))),
        ...typeLeftOut(definition, analysis),
        ...fieldTypes(text, analysis),
      ];
    default:
      return [code(definition.value ? `${text}: ${lineOf(definition.value.span)}` : text), kinds[kind] ?? ""];
  }
}

const kinds: Partial<Record<Definition["kind"], string>> = {
  level: "a level of a factor",
  axis: "a factor of its own, used in the lines below",
  network: "a network of this experiment",
  entry: "an entry of a record",
};

/** Parameters of the networks that a model becomes; the size of an experiment; the lines of a data set. */
function aboutDeclaration(
  { kind, declaration }: Definition,
  { plan, trainings }: Analysis,
): readonly string[] {
  const name = declaration!.name.text;
  if (kind === "model") {
    const networks = new Set(
      plan?.trials
        .flatMap(({ networks: all }) => all.map(({ network }) => network))
        .filter(({ model }) => model === name),
    );
    if (networks.size === 0) return [];
    const tables = [...networks].map(layerTable);
    const macs = tables.map(({ layers }) => layers.reduce((sum, layer) => sum + layer.macs, 0));
    return [
      `${showNumbers(
        tables.map(({ trainable }) => trainable),
        count,
      )} parameters, ${showNumbers(macs, short)} multiply-accumulates a sample`,
    ];
  }
  if (kind !== "experiment") return [];
  const experiment = plan?.experiments.find((each) => each.name === name);
  if (plan && experiment) return [summarise({ ...plan, experiments: [experiment] })];
  const n = trainings.get(declaration!);
  return n === undefined ? [] : [`${count(n)} trainings`];
}

/** What a `let` of a file comes to, where that is not what is written. */
function computed({ name, value }: Definition, { program, host }: Analysis): readonly string[] {
  const module = program.modules.find(({ file }) =>
    file.declarations.some((each) => each.kind === "let" && each.name === name),
  );
  const found = module && fileScope(module, { host, reporter: createReporter() }).lookup(name.text);
  const shown = found && showValue(found);
  return shown && value && shown !== lineOf(value.span) ? [`\`${shown}\``] : [];
}

function fieldSpan({ name }: Definition, analysis: Analysis): Span {
  const { file, start } = name.span;
  return file === analysis.module.file.source ? (statementAt(analysis, start)?.span ?? name.span) : name.span;
}

function typeLeftOut({ name }: Definition, { steps }: Analysis): readonly string[] {
  for (const [statement, types] of steps)
    if (statement.kind === "field" && statement.name === name)
      return [...types.values()].map((type) => `its type is \`${showField(type)}\``);
  return [];
}

/** What networks see of a field, where preparation changes it. */
function fieldTypes(field: string, { plan }: Analysis): readonly string[] {
  const types = new Set(
    plan?.trials.flatMap(({ data }) => (data.fed[field] ? [showField(data.fed[field])] : [])),
  );
  return types.size > 0 ? [`networks see \`${[...types].join("`, `")}\``] : [];
}
