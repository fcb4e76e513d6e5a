/** The `prepare` sections: steps over whole fields, statistics from training rows only. */
import { type FieldType, shapeOfField, showField } from "../ops/field.ts";
import type { ShapeProblem } from "../ops/layer.ts";
import { isProblem } from "../ops/layers/window.ts";
import { afterStep } from "../ops/pixel-labels.ts";
import { cannotShare, type Fitted, needsStatistics, type Row, type UndoneStep } from "../ops/prepare.ts";
import { operatorOf } from "../ops/registry.ts";
import type { OpCall } from "../ops/signature.ts";
import type { DataSpec } from "../study/plan.ts";
import { elementCount, type TypedArray } from "../types/tensor.ts";
import { DataError } from "./error.ts";
import type { Pace } from "./pace.ts";

export function applyStep(step: OpCall, row: Row, fitted: Fitted | undefined): Row {
  return operatorOf("prepare", step.op).apply(row, step.parameters, fitted);
}

export function typeOfRow(row: Row, declared?: FieldType): FieldType {
  if (declared?.kind === "class") return { ...declared, shape: row.shape };
  return {
    kind: "tensor",
    dtype: row.data instanceof Uint8Array ? "u8" : row.data instanceof Int32Array ? "i32" : "f32",
    shape: row.shape,
  };
}

/** Why a step cannot take a row of a field whose size was not known before it was read. */
export function stepProblem(
  { op, parameters }: OpCall,
  row: Row,
  declared: FieldType,
): ShapeProblem | undefined {
  if (!shapeOfField(declared).some((size) => typeof size === "string")) return undefined;
  const after = afterStep(operatorOf("prepare", op), typeOfRow(row, declared), parameters);
  return "problem" in after ? after : undefined;
}

/**
 * For each field the first steps of its sections, up to the first that fits statistics. They work on one row alone, so they can
 * run while rows are read, and large images need not be held.
 */
export function earlySteps(spec: DataSpec): Readonly<Record<string, readonly OpCall[]>> {
  const early: Record<string, OpCall[]> = {};
  for (const field of spec.fields) {
    const steps = spec.prepare
      .filter((section) => section.fields.includes(field.name))
      .flatMap((section) => section.steps);
    let type = field.type;
    const first = steps.findIndex(({ op, parameters }) => {
      const operator = operatorOf("prepare", op);
      if (needsStatistics(operator, type, parameters)) return true;
      const after = afterStep(operator, type, parameters);
      if (!("problem" in after)) type = after;
      return false;
    });
    early[field.name] = first < 0 ? steps : steps.slice(0, first);
  }
  return early;
}

/** A field while it is prepared. */
export interface Working {
  shape: readonly number[];
  data: TypedArray;
}

/**
 * Applies the remaining steps in the order written. Fields of one section share what its steps fit. Gives, for each field, what of
 * its steps can be undone, the last first.
 */
export async function prepareFields(
  spec: DataSpec,
  fields: Readonly<Record<string, Working>>,
  early: Readonly<Record<string, readonly OpCall[]>>,
  train: Int32Array,
  count: number,
  pace: Pace,
  note: (text: string) => void,
): Promise<Readonly<Record<string, readonly UndoneStep[]>>> {
  const applied: Record<string, UndoneStep[]> = Object.fromEntries(
    Object.entries(early).map(([name, steps]) => [name, steps.map((step) => ({ ...step, fitted: null }))]),
  );
  const left = Object.fromEntries(Object.entries(early).map(([name, steps]) => [name, steps.length]));
  for (const section of spec.prepare)
    for (const step of section.steps) {
      const due = section.fields.filter((name) => left[name] === 0);
      for (const name of section.fields) if (left[name]! > 0) left[name] = left[name]! - 1;
      if (due.length === 0) continue;
      const fitted = fitStep(step, due);
      for (const name of due) applied[name]!.push({ ...step, fitted: fitted ?? null });
      for (const name of due) {
        const { type } = spec.fields.find((field) => field.name === name)!;
        const problem = stepProblem(step, rowOf(fields[name]!, 0), type);
        if (problem)
          throw new DataError(`${problem.problem}: ${spec.name}.${name}`, problem.hint, {
            at: { field: name, part: "name" },
          });
        await applyToAll(fields[name]!, step, fitted, count, pace, `preparing ${spec.name}`);
      }
    }
  for (const [name, field] of Object.entries(fields)) {
    const type = spec.prepared[name];
    if (type && shapeOfField(type).join() !== field.shape.join())
      throw new DataError(
        `${spec.name}.${name} is [${field.shape.join(", ")}] after prepare, but ${showField(type)} was expected`,
        `state the field's own type as the source has it`,
        { at: { field: name, part: "name" } },
      );
  }
  return Object.fromEntries(Object.entries(applied).map(([name, steps]) => [name, undoable(steps)]));

  function fitStep({ op, parameters }: OpCall, names: readonly string[]): Fitted | undefined {
    const operator = operatorOf("prepare", op);
    const due = names.map((name) => ({
      name,
      field: fields[name]!,
      type: typeOfRow(rowOf(fields[name]!, 0)),
    }));
    const fail = ({ problem, hint }: ShapeProblem): DataError =>
      new DataError(`${problem}: ${spec.name}.${names[0]}`, hint, { at: { field: names[0]!, part: "name" } });
    const unequal = cannotShare(operator, due, parameters);
    if (unequal) throw fail(unequal);
    const rows = trainingRows(
      due.map(({ field }) => field),
      train,
    );
    const fitted = operator.fit?.(rows, parameters);
    if (fitted && isProblem(fitted)) throw fail(fitted);
    const told = fitted && operator.tell?.(parameters, fitted);
    if (told !== undefined) note(`${told}: ${names.map((name) => `${spec.name}.${name}`).join(", ")}`);
    return fitted;
  }
}

/** Undoing ends at a step that cannot be undone. */
function undoable(steps: readonly UndoneStep[]): readonly UndoneStep[] {
  const reversed = steps.toReversed();
  const end = reversed.findIndex(({ op }) => operatorOf("prepare", op).undo === undefined);
  return end < 0 ? reversed : reversed.slice(0, end);
}

function rowOf(field: Working, index: number): Row {
  const each = elementCount(field.shape);
  return { shape: field.shape, data: field.data.subarray(index * each, (index + 1) * each) };
}

function trainingRows(fields: readonly Working[], train: Int32Array): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      for (const field of fields) for (const row of train) yield rowOf(field, row);
    },
  };
}

async function applyToAll(
  field: Working,
  step: OpCall,
  fitted: Fitted | undefined,
  count: number,
  pace: Pace,
  stage: string,
): Promise<void> {
  const each = elementCount(field.shape);
  let out: TypedArray | undefined;
  let shape: readonly number[] = field.shape;
  for (let index = 0; index < count; index++) {
    const row = applyStep(step, rowOf(field, index), fitted);
    // Where nothing changes its size, the field is written over: large data are not held twice.
    out ??=
      row.data.constructor === field.data.constructor && row.data.length === each
        ? field.data
        : new (row.data.constructor as { new (length: number): TypedArray })(row.data.length * count);
    shape = row.shape;
    out.set(row.data as never, index * row.data.length);
    await pace(stage, index, count, "rows");
  }
  field.data = out ?? field.data;
  field.shape = shape;
}
