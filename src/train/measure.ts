/** Metrics measured on predictions: afterwards, and without the engine that made them. */
import { type Formula, walkFormula } from "../check/formula.ts";
import type { FieldValues } from "../data/dataset.ts";
import { runOnce } from "../engine/reference/once.ts";
import { createBuilder } from "../graph/builder.ts";
import { dtypeOfField, type FieldType } from "../ops/field.ts";
import type { Predicted } from "../ops/metric.ts";
import { asPixels } from "../ops/pixel-labels.ts";
import { operatorOf } from "../ops/registry.ts";
import { fieldPrediction, measureKey } from "../study/metric.ts";
import type { MetricSpec, TrialSpec } from "../study/plan.ts";
import { type DType, elementCount, type Tensor, type TypedArray } from "../types/tensor.ts";
import { withClassNumbers } from "./class-names.ts";
import { formulaLowering } from "./forward.ts";
import type { Prediction, SplitPredictions } from "./outcome.ts";

/** What of a trial its metrics need. */
export type Measured = Pick<TrialSpec, "pair" | "measures" | "predictions" | "recipe">;

type Fields = Readonly<Record<string, FieldValues | undefined>>;

/** NaN where it is not defined for these rows, or where what it needs was not predicted. */
export function measure(trial: Measured, spec: MetricSpec, found: SplitPredictions, fields: Fields): number {
  const how = trial.measures[measureKey(spec)];
  if (how?.kind === "own") return computed(trial, how.value, how.field, found, fields).data[0] as number;
  const op = operatorOf("metric", spec.metric);
  if (how) {
    const output = computed(trial, how.output, how.field, found, fields);
    const target = computed(trial, how.target, how.field, found, fields);
    const field = how.field === null ? undefined : fields[how.field];
    return op.measure(
      asPixels({
        count: found.rows.length,
        outputs: output.data as Float32Array,
        outputShape: output.shape.slice(1),
        targets: target.data,
        target: field
          ? ofShape(field.type, target.shape.slice(1))
          : { kind: "tensor", dtype: target.dtype, shape: target.shape.slice(1) },
        classes: field?.classes ?? null,
        losses: new Float32Array(0),
      }),
      spec.parameters,
    );
  }
  const losses = found.losses[String(spec.parameters.of ?? trial.recipe.objectives[0]!.name)];
  const predicted = pairOf(trial, found, fields) ?? withoutPair(found, losses);
  return op.measure({ ...predicted, losses: losses ?? predicted.losses }, spec.parameters);
}

/** The sole output beside the sole target, in the units of the target; labels of pixels pixel by pixel. Undefined where a trial has no such pair. */
export function pairOf(trial: Measured, found: SplitPredictions, fields: Fields): Predicted | undefined {
  const { pair } = trial;
  const field = pair && fields[pair.target];
  const outputs = pair && found.outputs[pair.prediction];
  if (!field || !outputs) return undefined;
  const changed = fieldPrediction(pair.target, trial.predictions);
  const { data, shape } = (changed !== undefined && found.outputs[changed]) || {
    data: rowsOf(field, found.rows),
    shape: field.shape,
  };
  return asPixels({
    count: found.rows.length,
    outputs: undone(outputs.data, outputs.shape, field) as Float32Array,
    outputShape: outputs.shape,
    targets: undone(data, shape, field),
    target: ofShape(field.type, shape),
    classes: field.classes,
    losses: Object.values(found.losses)[0] ?? new Float32Array(0),
  });
}

/** The type of a field whose rows have another shape now. */
const ofShape = (type: FieldType, shape: readonly number[]): FieldType =>
  type.shape === undefined ? type : { ...type, shape };

function withoutPair({ rows }: SplitPredictions, losses: Float32Array = new Float32Array(0)): Predicted {
  return {
    count: rows.length,
    outputs: new Float32Array(0),
    outputShape: [0],
    targets: new Float32Array(0),
    target: { kind: "tensor", dtype: "f32", shape: [] },
    classes: null,
    losses,
  };
}

/** The predictions of some of the rows. */
export function subsetOf(found: SplitPredictions, places: readonly number[]): SplitPredictions {
  const pick = <T extends TypedArray>(data: T, size: number): T => gather(data, size, places) as T;
  return {
    rows: pick(found.rows, 1),
    outputs: mapValues(found.outputs, ({ shape, data }) => ({
      shape,
      data: pick(data, elementCount(shape)),
    })),
    losses: mapValues(found.losses, (losses) => pick(losses, 1)),
  };
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));

function gather(data: TypedArray, size: number, places: ArrayLike<number>): TypedArray {
  const out = new (data.constructor as new (length: number) => TypedArray)(places.length * size);
  for (let i = 0; i < places.length; i++)
    out.set(data.subarray(places[i]! * size, (places[i]! + 1) * size) as never, i * size);
  return out;
}

const rowsOf = ({ data, shape }: FieldValues, rows: Int32Array): TypedArray =>
  gather(data, elementCount(shape), rows);

/** The values of all rows in the units in which they were measured. */
export const inOwnUnits = (field: FieldValues): TypedArray => undone(field.data, field.shape, field);

/** Row by row, where the rows have the shape of the field; else as they are. */
function undone(data: TypedArray, shape: readonly number[], { undo, shape: own }: FieldValues): TypedArray {
  if (undo.length === 0 || elementCount(shape) !== elementCount(own)) return data;
  const size = elementCount(own);
  const out = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += size) {
    let row = { shape: own, data: data.subarray(at, at + size) as TypedArray };
    for (const { op, parameters, fitted } of undo)
      row = { shape: own, data: operatorOf("prepare", op).undo!(row, parameters, fitted ?? undefined).data };
    out.set(row.data as never, at);
  }
  return out;
}

/**
 * A formula over predictions and fields, with `N` the number of rows. Outputs of networks and the target `field` are in the units
 * of that field.
 */
function computed(
  trial: Measured,
  asked: Formula,
  field: string | null,
  found: SplitPredictions,
  fields: Fields,
): Tensor {
  const formula = withClassNumbers(asked, (name) => fields[name]?.classes);
  const count = found.rows.length;
  const units = field === null ? undefined : fields[field];
  const tensors = new Map<string, Tensor>();
  const tensor = (data: TypedArray, shape: readonly number[], dtype: DType): Tensor => ({
    dtype,
    shape: [count, ...shape],
    data,
  });
  const predicted = (label: string): Tensor => {
    const { data, shape }: Prediction = found.outputs[label] ?? missing(label);
    const { leaves, result, type } = trial.predictions[label]!;
    const ofNetwork = result < 0 && "network" in leaves[-1 - result]!;
    if (type.dtype === "i32") return tensor(Int32Array.from(data), shape, "i32");
    return tensor(units && ofNetwork ? undone(data, shape, units) : data, shape, "f32");
  };
  const read = (name: string): Tensor => {
    const values = fields[name] ?? missing(name);
    const data = rowsOf(values, found.rows);
    const dtype = dtypeOfField(values.type);
    return tensor(name === field ? undone(data, values.shape, values) : data, values.shape, dtype);
  };
  walkFormula(formula, {
    leaf(leaf) {
      if ("field" in leaf) tensors.set(`field/${leaf.field}`, read(leaf.field));
      if ("prediction" in leaf) tensors.set(`prediction/${leaf.prediction}`, predicted(leaf.prediction));
    },
  });
  if (formula.result < 0) return [...tensors.values()][0]!;
  const builder = createBuilder();
  const fed = (name: string) => builder.placeholder(name, tensors.get(name)!);
  const refuse = (what: string) => (): never => {
    throw new Error(`${what} has no place in a metric`);
  };
  const lower = formulaLowering({
    builder,
    batch: count,
    training: false,
    networks: [],
    field: (name) => fed(`field/${name}`),
    prediction: (label) => fed(`prediction/${label}`),
    table: refuse("a weight"),
    isFrozen: () => true,
    uniform: refuse("a random step"),
  });
  return runOnce(lower(formula).value, Object.fromEntries(tensors));
}

function missing(name: string): never {
  throw new Error(`a metric reads ${name}, which was not kept`);
}
