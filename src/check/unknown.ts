/** Names that are not known, with what was probably meant. */

import { notations } from "../diagnostics/notations.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { operatorNames } from "../ops/registry.ts";
import type { Family, ParameterType } from "../ops/signature.ts";
import type { Name } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Context } from "./context.ts";
import { familyWord, listWords } from "./describe.ts";
import { namedElsewhere } from "./elsewhere.ts";
import { unknownMember, unknownName, unknownOperator } from "./messages.ts";
import { familiesOf, namesOf } from "./resolve.ts";
import type { Scope } from "./scope.ts";

/** What stands before the dot of a metric. */
export const splitNames = ["train", "valid", "test", "cost"] as const;

export function reportUnknownName(
  name: string,
  span: Span,
  scope: Scope,
  context: Context,
  expected: ParameterType | undefined,
): void {
  const elsewhere = namedElsewhere(name, span, scope.module);
  if (elsewhere) {
    context.reporter.report(unknownName, { name }, span, elsewhere);
    return;
  }
  const families = familiesOf(expected);
  const isMetric = expected?.kind === "metric";
  const candidates = isMetric
    ? [...splitNames]
    : expected
      ? [...namesOf(expected), ...scope.names()]
      : [...namesOf({ kind: "any" }), ...scope.names()];
  const inStandard = isMetric ? undefined : standardPath(name, context);
  if (inStandard !== undefined && families[0] === "metric") {
    const hint = `bring it in at the head of the file: \`import ${inStandard.replace(/\.\w+$/, "")} { ${name} }\``;
    context.reporter.report(unknownOperator, { what: "metric", name }, span, { text: "not known", hint });
    return;
  }
  const meant = (isMetric && metricMeant(name)) || inStandard || suggest(name, candidates);
  const details = {
    text: meant ? `did you mean \`${meant}\`?` : "not known",
    hint: meant
      ? undefined
      : isMetric
        ? "a metric is written with its split, as `test.accuracy` or `valid.loss`"
        : (notations[name] ?? (families.length === 1 ? exampleOf(families[0]!) : dimensionHint(name))),
    fixes: meant
      ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" as const }]
      : [],
  };
  if (families.length === 1)
    context.reporter.report(unknownOperator, { what: familyWord(families[0]!), name }, span, details);
  else context.reporter.report(unknownName, { name }, span, details);
}

/** A name in an expression over tensors that is none of `names`. */
export function reportUnknownTensor(
  name: string,
  span: Span,
  names: readonly string[],
  scope: Scope,
  context: Context,
): void {
  const elsewhere = namedElsewhere(name, span, scope.module);
  if (elsewhere) {
    context.reporter.report(unknownName, { name }, span, elsewhere);
    return;
  }
  const meant = suggest(name, names);
  const all = names.map((each) => `\`${each}\``);
  context.reporter.report(unknownName, { name }, span, {
    text: meant ? `did you mean \`${meant}\`?` : "not known",
    hint:
      meant || all.length === 0
        ? undefined
        : `there ${all.length === 1 ? "is" : "are"} ${listWords(all, "and")}`,
    fixes: meant ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "review" }] : [],
  });
}

/** `nn.ReLU`, `tf.keras.layers.Dense`: operators stand alone here. */
export function reportForeignPath(
  path: readonly Name[],
  span: Span,
  context: Context,
  expected: ParameterType | undefined,
): void {
  const last = path.at(-1)!.text;
  const meant = suggest(
    last,
    namesOf(expected && familiesOf(expected).length > 0 ? expected : { kind: "any" }),
  );
  context.reporter.report(unknownName, { name: path.map(({ text }) => text).join(".") }, span, {
    text: meant ? `did you mean \`${meant}\`?` : "not known",
    hint: meant ? undefined : "layers, losses and optimizers stand alone, without a module before them",
    fixes: meant ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "review" }] : [],
  });
}

/** `std.vision.residual` for `residual`: where the standard library declares a thing of that name. */
export function standardPath(name: string, { host }: Context): string | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const declares = new RegExp(`^(?:model|block|loss|metric|recipe) ${name}\\b`, "m");
  const module = host.standardModules.find((each) => declares.test(host.standard(each) ?? ""));
  return module && `std.${module}.${name}`;
}

/** `val_loss` of Keras and `test_acc` are `valid.loss` and `test.accuracy` here. */
function metricMeant(name: string): string | undefined {
  const [, before, rest] = /^([a-z]+)_(\w+)$/i.exec(name) ?? [];
  if (before === undefined || rest === undefined) return undefined;
  const split = splitNames.find((each) => each === before) ?? suggest(before, splitNames);
  const names = operatorNames("metric");
  const metric = names.includes(rest) ? rest : suggest(rest, names);
  return split && metric && `${split}.${metric}`;
}

function dimensionHint(name: string): string | undefined {
  return /^[A-Z]\w?$/.test(name)
    ? `dimensions are named in the signature, as \`-> f32[N, ${name}]\`; everything else is written small`
    : undefined;
}

function exampleOf(family: Family): string | undefined {
  const names = operatorNames(family).map((name) => `\`${name}\``);
  if (names.length === 0) return undefined;
  const some = names.length > 8 ? [...names.slice(0, 7), "others"] : names;
  return `there are ${listWords(some, "and")}`;
}

export function reportUnknownMember(
  name: Name,
  of: string,
  candidates: readonly string[],
  context: Context,
): void {
  const meant = suggest(name.text, candidates);
  context.reporter.report(unknownMember, { name: name.text, of }, name.span, {
    text: meant ? `did you mean \`${meant}\`?` : "not known",
    hint:
      meant || candidates.length === 0
        ? undefined
        : `there ${candidates.length === 1 ? "is" : "are"} ${listWords(
            candidates.map((each) => `\`${each}\``),
            "and",
          )}`,
    fixes: meant
      ? [{ title: `write \`${meant}\``, edits: [{ span: name.span, text: meant }], safety: "safe" }]
      : [],
  });
}
