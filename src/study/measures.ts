/** What each metric of a study compares in a trial, and whether it can. */
import { listWords } from "../check/describe.ts";
import { type Formula, fieldsIn, type Leaf, partOf, rewriteFormula } from "../check/formula.ts";
import { metricDoesNotFit } from "../check/shape-messages.ts";
import { typeOfField } from "../check/stage.ts";
import { appliedTo, appliedToExpressions, formulaOf } from "../check/state-formula.ts";
import type { DeclaredValue, ExpressionValue, MetricValue } from "../check/value.ts";
import type { FieldType } from "../ops/field.ts";
import { typesOfPixel } from "../ops/pixel-labels.ts";
import { operatorOf } from "../ops/registry.ts";
import { type Span, textOf } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { checkSplitOf, measureKey, metricName } from "./metric.ts";
import { labelOf, type Settled } from "./objectives.ts";
import type { DataSpec, Measure, MetricSpec } from "./plan.ts";

/** A metric as it is asked for. */
export interface AskedMetric {
  readonly metric: MetricSpec;
  readonly value: MetricValue;
  readonly span: Span;
}

export interface Measures {
  readonly measures: Readonly<Record<string, Measure>>;
  readonly predictions: Readonly<Record<string, Formula>>;
}

/** The formulas of metrics in a trial, and what must be predicted for them. Reports metrics that cannot be measured. */
export function measuresOf(
  asked: readonly AskedMetric[],
  settled: Settled,
  data: DataSpec,
  context: StudyContext,
): Measures {
  const measures: Record<string, Measure> = {};
  const predictions: Record<string, Formula> = { ...settled.predictions };
  const keep = (label: string, formula: Formula) => {
    predictions[label] ??= formula;
  };
  for (const each of asked) {
    if (each.metric.split === "cost" || !checkSplitOf(each.metric, data, each.span, context)) continue;
    const measure = measureOf(each, settled, data, keep, context);
    if (measure) measures[measureKey(each.metric)] = measure;
  }
  const target = settled.pair && fieldFormula(settled.pair.target, settled);
  if (target) cut(target, settled, data, keep, context);
  return { measures, predictions };
}

type Keep = (label: string, formula: Formula) => void;

/** Undefined where the metric compares the sole output with the sole target, and after a report. */
function measureOf(
  asked: AskedMetric,
  settled: Settled,
  data: DataSpec,
  keep: Keep,
  context: StudyContext,
): Measure | undefined {
  const { metric, value, span } = asked;
  const cutHere = (formula: Formula) => cut(formula, settled, data, keep, context);
  if (value.metric.kind === "declared") {
    const formula = ownFormula(value.metric, asked, settled, context);
    if (!formula) return undefined;
    const targets = fieldsIn(formula).filter((field) => settled.stage.fields.get(field)?.role === "target");
    return { kind: "own", value: cutHere(formula), field: targets.length === 1 ? targets[0]! : null };
  }
  const op = operatorOf("metric", metric.metric);
  if (op.name === "loss") return lossMeasure(asked, settled, cutHere, context);
  const compared = comparedBy(asked, settled, context);
  if (!compared) return undefined;
  const { output, target } = compared;
  const leaf = target.result < 0 ? target.leaves[-1 - target.result] : undefined;
  const field = leaf && "field" in leaf ? leaf.field : null;
  const type = (field !== null && settled.stage.fields.get(field)?.type) || fieldLike(target);
  const pixel = typesOfPixel(output.type, type);
  const problem = op.check(pixel.output, pixel.target, metric.parameters);
  if (problem) {
    const [first, second] = (metric.on && value.on) ?? [];
    const swapped = field === null && output.result < 0 && "field" in output.leaves[-1 - output.result]!;
    const hint =
      swapped && first && second
        ? `what the network answers comes first: \`${metricName(metric)}(${textOf(second.span)}, ${textOf(first.span)})\``
        : problem.hint;
    context.reporter.report(metricDoesNotFit, { problem: problem.problem }, span, { hint });
    return undefined;
  }
  if (!metric.on) return undefined;
  return { kind: "pair", output: cutHere(output), target: cutHere(target), field };
}

const fieldLike = ({ type }: Formula): FieldType => ({
  kind: "tensor",
  dtype: type.dtype,
  shape: type.shape.slice(1) as readonly number[],
});

/** What a metric of the language compares: what is written, or the sole output and target. */
function comparedBy(
  { metric, value, span }: AskedMetric,
  settled: Settled,
  context: StudyContext,
): { readonly output: Formula; readonly target: Formula } | undefined {
  const { stage, pair, predictions } = settled;
  const { on } = value;
  const name = metricName(metric);
  const fail = (problem: string): undefined => {
    const output = Object.keys(predictions)[0] ?? "output";
    const target = [...stage.fields].find(([, { role }]) => role === "target")?.[0] ?? "field";
    const hint = `write what is compared: \`${name}(${output}, ${target})\``;
    context.reporter.report(metricDoesNotFit, { problem }, span, { hint });
    return undefined;
  };
  const read = (each: ExpressionValue) => {
    const where = { what: name, isMetric: true, scope: each.scope, span: each.span };
    return formulaOf(each.expr, where, stage, context);
  };
  if (on && on.length === 2) {
    const [output, target] = on.map(read);
    return output && target && { output, target };
  }
  if (on && on.length > 2)
    return fail(`\`${name}\` compares an output with a target, and ${on.length} tensors are given`);
  if (on) {
    const target = read(on[0]!);
    const field = target && fieldsIn(target)[0];
    const output = pairedWith(field, settled);
    if (!target) return undefined;
    return output
      ? { output, target }
      : fail(`nothing says which output \`${name}\` compares with \`${field}\``);
  }
  if (!pair)
    return fail(
      `\`${name}\` alone compares the sole output with the sole target, and there is more than one of them, or none`,
    );
  return { output: predictions[pair.prediction]!, target: fieldFormula(pair.target, settled) };
}

/** The output that a target is compared with where only the target is named: the sole one, or the one with its name. */
function pairedWith(field: string | undefined, { predictions }: Settled): Formula | undefined {
  const all = Object.entries(predictions);
  if (all.length === 1) return all[0]![1];
  return all.find(([label]) => label === field || label.endsWith(`.${field}`))?.[1];
}

function fieldFormula(field: string, { stage }: Settled): Formula {
  const type = typeOfField(stage.fields.get(field)!.type);
  return { leaves: [{ field }], layers: [], result: -1, type, text: field };
}

/** An own metric on what is written, or on the sole output and, where it takes two tensors, the sole target. */
function ownFormula(
  metric: DeclaredValue,
  { metric: spec, value, span }: AskedMetric,
  settled: Settled,
  context: StudyContext,
): Formula | undefined {
  const { stage, pair, predictions } = settled;
  const name = metricName(spec);
  const takes = metric.declaration.inputs.length;
  const scope = value.on?.[0]?.scope ?? {
    module: metric.module,
    has: () => false,
    lookup: () => undefined,
    names: () => [],
  };
  const where = { what: name, isMetric: true, scope, span };
  if (value.on) return appliedToExpressions(metric, value.on, where, stage, context);
  const labels = Object.keys(predictions);
  const [output] = labels;
  if ((takes === 2 && pair) || (takes === 1 && labels.length === 1)) {
    const names = takes === 2 ? [pair!.prediction, `data.${pair!.target}`] : [output!];
    return appliedTo(
      metric,
      names.map((each) => soleName(each, settled)),
      where,
      stage,
      context,
    );
  }
  const ports = metric.declaration.inputs.map((port) => port.name?.text ?? "x");
  const targets = [...stage.fields].flatMap(([field, { role }]) => (role === "target" ? [field] : []));
  context.reporter.report(
    metricDoesNotFit,
    {
      problem: `\`${name}\` takes ${listWords(
        ports.map((port) => `\`${port}\``),
        "and",
      )}, and nothing says what they are here`,
    },
    span,
    {
      hint: `write it: \`${name}(${[output ?? "output", ...targets, ...ports.map(() => "...")].slice(0, takes).join(", ")})\``,
    },
  );
  return undefined;
}

/** The name of a default prediction as an expression has it: `model.output`. */
function soleName(label: string, { predictions }: Settled): string {
  const leaf = predictions[label]?.leaves.find((each) => "network" in each);
  return leaf && "network" in leaf ? `${leaf.network}.${leaf.output}` : label;
}

/** The loss as a metric: a loss of the whole batch is taken of the whole split. */
function lossMeasure(
  { metric, span }: AskedMetric,
  { objectives }: Settled,
  cutHere: (formula: Formula) => Formula,
  context: StudyContext,
): Measure | undefined {
  // A classic learner has no recipe, and so no loss to look at.
  if (objectives.length === 0) return undefined;
  const { of } = metric.parameters;
  const objective =
    of === undefined && objectives.length === 1 ? objectives[0] : objectives.find(({ name }) => name === of);
  if (!objective) {
    const name = metricName(metric);
    const names = objectives.map((each) => each.name).filter((each) => each !== "");
    const problem =
      of === undefined
        ? `\`${name}\` could be that of ${listWords(names.map((each) => `\`${each}\``))}`
        : `no \`train\` block is called \`${of}\``;
    context.reporter.report(metricDoesNotFit, { problem }, span, {
      hint: names.length > 0 ? `write \`${name}(of: ${names[0]})\`` : `write \`${name}\``,
    });
    return undefined;
  }
  if (objective.loss.type.shape.length > 0) return undefined;
  return { kind: "own", value: cutHere(objective.loss), field: null };
}

/**
 * The formula over predictions and targets: what a network gives is predicted, and so is an input, and a target that is changed
 * on its way into evaluation.
 */
function cut(formula: Formula, settled: Settled, data: DataSpec, keep: Keep, context: StudyContext): Formula {
  const { stage } = settled;
  const changed = (field: string) =>
    data.evaluate.some(({ fields, steps }) => fields.includes(field) && steps.length > 0);
  return rewriteFormula(formula, (leaf, ref): Leaf => {
    if ("prediction" in leaf) return leaf;
    if ("field" in leaf) {
      const { role, type } = stage.fields.get(leaf.field)!;
      if (role !== "input" && !changed(leaf.field)) return leaf;
      // An output may have the same name: `psnr(model.image, data.image)`.
      const label = Object.hasOwn(settled.predictions, leaf.field) ? `data.${leaf.field}` : leaf.field;
      keep(label, partOf(formula, ref, typeOfField(type), label));
      return { prediction: label };
    }
    const label = labelOf(formula, ref, stage, context);
    const { network } = stage.built.get(leaf.network)!;
    const { type } = network!.outputs.find(({ name }) => name === leaf.output)!;
    keep(label, partOf(formula, ref, type, label));
    return { prediction: label };
  });
}
