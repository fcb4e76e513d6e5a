/** What operators make of some tensors and fields: their shape rules and costs, asked and not retold. */
import { createBuilder, GraphError } from "../src/graph/builder.ts";
import { differentiate } from "../src/graph/differentiate.ts";
import { type FieldType, showField, targetType } from "../src/ops/field.ts";
import type { LayerOp } from "../src/ops/layer.ts";
import type { LossOp } from "../src/ops/loss.ts";
import type { MetricOp } from "../src/ops/metric.ts";
import { afterStep } from "../src/ops/pixel-labels.ts";
import type { PrepareOp } from "../src/ops/prepare.ts";
import type { Json, Parameters, ParameterType, Signature } from "../src/ops/signature.ts";
import { elementCount, showType, type TensorType } from "../src/types/tensor.ts";

/** A paragraph or table in Markdown; undefined for families that have no shapes. */
export function shapeTable(operator: Signature): string | undefined {
  switch (operator.family) {
    case "layer":
      return layerTable(operator as LayerOp);
    case "prepare":
    case "augment":
      return stepTable(operator as PrepareOp);
    case "metric": {
      const { goal, check } = operator as MetricOp;
      const fits = pairs((output, target, given) => check(output, target, given), operator);
      return [`${goal === "max" ? "More" : "Less"} is better.`, fits].filter(Boolean).join(" ");
    }
    case "cost":
      return "Less is better.";
    default:
      return undefined;
  }
}

const tensor = (...sizes: number[]): TensorType => ({ dtype: "f32", shape: ["N", ...sizes] });
const field = (dtype: "f32" | "u8" | "bool", ...shape: number[]): FieldType => ({
  kind: "tensor",
  dtype,
  shape,
});
const classes = (count: number): FieldType => ({ kind: "class", count });

const tensors = [tensor(32, 32, 16), tensor(100, 16), tensor(64)];
/** For what takes no real ones. */
const numbers: TensorType = { dtype: "i32", shape: ["N", 20] };

function layerTable(layer: LayerOp): string | undefined {
  const rows: string[] = [];
  let smooth: boolean | undefined;
  for (const input of [...tensors, numbers]) {
    if (input === numbers && rows.length > 0) break;
    const inputs = Array.from({ length: Math.min(layer.arity, 2) }, () => input);
    for (const given of samples(layer, input)) {
      const inferred = layer.infer(inputs, given.parameters);
      if ("problem" in inferred) continue;
      const trained = inferred.weights.filter((weight) => weight.trainable);
      const parameters = trained.reduce((sum, weight) => sum + elementCount(weight.shape), 0);
      rows.push(
        `| \`${given.text}\` | ${inputs.map((each) => `\`${showType(each)}\``).join(", ")} | \`${showType(inferred.output)}\` | ${count(parameters)} | ${count(inferred.macs)} |`,
      );
      if (input !== numbers || trained.length > 0) smooth ??= hasGradient(layer, inputs, given.parameters);
      break;
    }
  }
  if (rows.length === 0) return undefined;
  // What takes no tensor is the same beside each.
  const table = `| written | takes | gives | parameters | MACs |\n| --- | --- | --- | ---: | ---: |\n${[...new Set(rows)].join("\n")}`;
  return `${table}\n\nGradient: ${smooth ? "yes" : "no"}.`;
}

const count = (n: number): string => (n === 0 ? "" : n.toLocaleString("en-US"));

/** Whether a loss behind the layer reaches its inputs. */
function hasGradient(layer: LayerOp, inputs: readonly TensorType[], parameters: Parameters): boolean {
  const builder = createBuilder();
  const numbers = (type: TensorType) => ({
    dtype: type.dtype,
    shape: type.shape.map((dim) => (dim === "N" ? 2 : (dim as number))),
  });
  const fed = inputs.map((type, i) => builder.placeholder(`input${i}`, numbers(type)));
  const inferred = layer.infer(inputs, parameters);
  if ("problem" in inferred) return false;
  const shapes = new Map(inferred.weights.map((weight) => [weight.name, weight.shape]));
  try {
    const output = layer.lower(
      {
        builder,
        training: true,
        output: inferred.output.shape.map((dim) => (dim === "N" ? 2 : dim)),
        weight: (name) => builder.placeholder(name, { dtype: "f32", shape: shapes.get(name)! }),
        update: () => undefined,
        uniform: (shape) => builder.placeholder("uniform", { dtype: "f32", shape }),
      },
      fed,
      parameters,
    );
    const axes = builder.ints(output.type.shape.map((_, axis) => axis));
    differentiate(builder, builder.emit("Sum", [output, axes], { keep_dims: false }), fed);
    return true;
  } catch (error) {
    if (error instanceof GraphError) return false;
    throw error;
  }
}

const rows: readonly FieldType[] = [
  field("u8", 64, 64, 3),
  field("f32", 64, 64, 3),
  field("f32", 100),
  field("f32"),
  classes(4),
  { kind: "class", count: 4, shape: [64, 64] },
];

function stepTable(step: PrepareOp): string | undefined {
  const lines = rows.flatMap((type) => {
    for (const given of samples(step, type.kind === "tensor" ? (type as TensorType) : undefined)) {
      const after = afterStep(step, type, given.parameters);
      if (!("problem" in after))
        return [`| \`${given.text}\` | \`${showField(type)}\` | \`${showField(after)}\` |`];
    }
    return [];
  });
  return lines.length === 0
    ? undefined
    : `| written | takes, a row | gives |\n| --- | --- | --- |\n${lines.join("\n")}`;
}

const outputs = [tensor(3), tensor(2), tensor(1), tensor(5), tensor(32, 32, 3)];
const targets = [
  classes(3),
  classes(2),
  targetType(field("bool")),
  field("f32"),
  field("f32", 5),
  field("f32", 32, 32, 3),
];

/** `Pairs f32[N, 3] with class[3], ...`: of some outputs and fields those that go together. */
function pairs(
  check: (output: TensorType, target: FieldType, given: Parameters) => unknown,
  operator: Signature,
): string | undefined {
  const given = samples(operator, undefined)[0];
  if (!given) return undefined;
  const found = outputs.flatMap((output) =>
    targets
      .filter((target) => !check(output, target, given.parameters))
      .map((target) => `\`${showType(output)}\` with \`${showField(target)}\``),
  );
  if (found.length === 0) return undefined;
  if (found.length === outputs.length * targets.length) return "Fits every output and target.";
  return `Pairs ${found.length < 2 ? found[0] : `${found.slice(0, -1).join(", ")}, and ${found.at(-1)}`}.`;
}

/**
 * The kind of target that a loss or metric is for, where it is not `class[3]`: a word of `test/docs/blocks.ts`. Undefined also for
 * other families.
 */
export function targetOf(operator: Signature): "binary" | "numbers" | "images" | undefined {
  if (operator.family !== "loss" && operator.family !== "metric") return undefined;
  const { parameters } = samples(operator, undefined)[0] ?? { parameters: {} };
  const { check } = operator as LossOp | MetricOp;
  const fits = (output: TensorType, target: FieldType) => check(output, target, parameters) === undefined;
  if (fits(tensor(3), classes(3))) return undefined;
  if (fits(tensor(1), classes(2))) return "binary";
  return fits(tensor(1), field("f32")) ? "numbers" : "images";
}

/** Calls to try: defaults, and for what must be given values that often fit. None where nothing is known to fit. */
function samples(
  operator: Signature,
  input: TensorType | undefined,
): { readonly text: string; readonly parameters: Parameters }[] {
  const elements = input ? elementCount(input.shape.filter((dim) => dim !== "N") as number[]) : 4;
  return [16, 2].flatMap((whole) => {
    const parameters: Record<string, Json> = {};
    const written: string[] = [];
    for (const [i, parameter] of operator.parameters.entries()) {
      if (parameter.default !== undefined) parameters[parameter.name] = parameter.default;
      else if (!parameter.optional) {
        const value = sample(parameter.type, whole, elements);
        if (!value) return [];
        parameters[parameter.name] = value.json;
        written.push(i < (operator.positional ?? 1) ? value.text : `${parameter.name}: ${value.text}`);
      }
    }
    const text = written.length === 0 ? operator.name : `${operator.name}(${written.join(", ")})`;
    return [{ text, parameters }];
  });
}

function sample(
  type: ParameterType,
  whole: number,
  elements: number,
): { readonly json: Json; readonly text: string } | undefined {
  switch (type.kind) {
    case "int":
      return { json: whole, text: type.unit ? `${whole} ${type.unit}` : String(whole) };
    case "real": {
      const value = type.max !== undefined ? type.max / 2 : 2;
      const share = type.unit === "fraction";
      return {
        json: value,
        text: share ? `${value * 100}%` : type.unit ? `${value} ${type.unit}` : String(value),
      };
    }
    case "word":
      return { json: type.words[0]!, text: type.words[0]! };
    case "bool":
      return { json: true, text: "true" };
    case "list":
      return type.of.kind === "int" ? { json: [2, elements / 2], text: `[2, ${elements / 2}]` } : undefined;
    case "union":
      return sample(type.of[0]!, whole, elements);
    case "range": {
      const unit = type.unit && type.unit !== "fraction" ? ` ${type.unit}` : "";
      return { json: { from: 0, to: 1 }, text: `0 .. 1${unit}` };
    }
    default:
      return undefined;
  }
}
