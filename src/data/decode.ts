/** Reads the rows of a source into fields, checks them against their types, and applies the steps that need no statistics on the way. */
import { createHash } from "node:crypto";
import { suggest } from "../diagnostics/suggest.ts";
import { showField } from "../ops/field.ts";
import { isPixelLabels } from "../ops/pixel-labels.ts";
import type { Row } from "../ops/prepare.ts";
import type { OpCall } from "../ops/signature.ts";
import type { DataSpec, FieldExpr, FieldSpec } from "../study/plan.ts";
import { type DType, type TypedArray, typedArray } from "../types/tensor.ts";
import { DataError, type Fault, faultAt } from "./error.ts";
import { classNames, columnsOf, evaluateCell, namesOf, someOf } from "./expression.ts";
import type { Pace } from "./pace.ts";
import { applyStep, stepProblem, typeOfRow } from "./prepare.ts";
import type { Cell, Source } from "./source.ts";

/** All rows of one field, one behind the other. */
export interface Decoded {
  readonly spec: FieldSpec;
  readonly shape: readonly number[];
  readonly data: TypedArray;
  readonly classes: readonly string[] | null;
  /** sha256 of the field's bytes as they were before any step. */
  readonly digest: string;
}

/** The rows for which every `where` holds. */
export async function selectRows(spec: DataSpec, source: Source, pace: Pace): Promise<Int32Array> {
  const conditions = spec.fields.flatMap(({ name: field, where }): readonly Condition[] =>
    where ? [{ where, at: { field, part: "where" } }] : [],
  );
  const rows: number[] = [];
  const read = source.reader([...new Set(conditions.flatMap(({ where }) => [...columnsOf(where)]))]);
  for (let row = 0; row < source.count; row++) {
    if (conditions.length > 0) {
      const cells = read(row);
      if (conditions.some((condition) => !holds(condition, cells, spec.name))) continue;
    }
    rows.push(row);
    await pace(`${source.activity} ${spec.name}`, row, source.count, "rows");
  }
  if (rows.length === 0)
    throw new DataError(
      `No row of ${spec.name} meets its \`where\` (of ${source.count})`,
      "check the condition against the values that the source has",
      { at: conditions[0]?.at ?? "source" },
    );
  return Int32Array.from(rows);
}

interface Condition {
  readonly where: FieldExpr;
  readonly at: Fault;
}

function holds({ where, at }: Condition, cells: Readonly<Record<string, Cell>>, dataset: string): boolean {
  const value = faultAt(at, () => evaluateCell(where, cells));
  if (typeof value === "number") return value !== 0;
  throw new DataError(
    `A \`where\` of ${dataset} gives [${value.shape.join(", ")}] numbers a row, and a row is taken or left by one`,
    "compare columns that have one number a row",
    { at },
  );
}

/** `early` holds, for each field, the first steps of its `prepare` that can be applied row by row. */
export async function decodeFields(
  spec: DataSpec,
  source: Source,
  rows: Int32Array,
  early: Readonly<Record<string, readonly OpCall[]>>,
  pace: Pace,
): Promise<Decoded[]> {
  checkColumns(spec, source);
  const conditions = spec.fields.flatMap((field) => field.where ?? []);
  const read = source.reader([...new Set(spec.fields.flatMap((field) => [...columnsOf(field.value)]))]);
  const values = spec.fields.map(({ name }): Fault => ({ field: name, part: "value" }));
  const hashes = spec.fields.map(() => createHash("sha256"));
  const stores: { shape: readonly number[]; data: TypedArray; each: number }[] = [];
  for (const [index, sourceRow] of rows.entries()) {
    const cells = read(sourceRow);
    for (const [f, field] of spec.fields.entries()) {
      const cell = faultAt(values[f]!, () => evaluateCell(field.value, cells));
      let row = checkCell(field, cell, spec, () => source.place(sourceRow));
      hashes[f]!.update(bytesOf(row.data));
      for (const step of early[field.name] ?? []) {
        const problem = stepProblem(step, row, field.type);
        if (problem)
          throw new DataError(
            `${problem.problem}: ${spec.name}.${field.name} in ${source.place(sourceRow)}`,
            problem.hint,
            { at: { field: field.name, part: "name" } },
          );
        row = applyStep(step, row, undefined);
      }
      if (index === 0)
        stores.push({
          shape: row.shape,
          each: row.data.length,
          data: new (row.data.constructor as { new (length: number): TypedArray })(
            row.data.length * rows.length,
          ),
        });
      const store = stores[f]!;
      if (row.shape.join() !== store.shape.join())
        throw new DataError(
          `Rows of ${spec.name}.${field.name} differ in size: [${store.shape.join(", ")}] in ${source.place(rows[0]!)}, [${row.shape.join(", ")}] in ${source.place(sourceRow)}`,
          `bring them to one size: prepare ${field.name} { resize(64 px) }`,
          { at: { field: field.name, part: "type" } },
        );
      store.data.set(row.data as never, index * store.each);
    }
    await pace(`${source.activity} ${spec.name}`, index, rows.length, source.unit);
  }
  return spec.fields.map((field, f) => ({
    spec: field,
    shape: stores[f]!.shape,
    data: stores[f]!.data,
    classes: classNames(field, conditions, source.columns),
    digest: hashes[f]!.digest("hex"),
  }));
}

export function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Every column that a field or a condition reads is there. */
export function checkNames({ name: dataset, fields }: DataSpec, { columns }: Source): void {
  const names = Object.keys(columns);
  const check = (expr: FieldExpr, field: string, part: "value" | "where") => {
    for (const name of columnsOf(expr)) {
      if (columns[name]) continue;
      const meant = suggest(name, names);
      throw new DataError(
        `The source of ${dataset} has no column \`${name}\``,
        `${meant === undefined ? "" : `did you mean \`source.${meant}\`? `}it has: ${names.join(", ")}`,
        { at: { field, part } },
      );
    }
  };
  for (const { name, value, where } of fields) {
    check(value, name, "value");
    if (where) check(where, name, "where");
  }
}

/** What can be said before a row is read: what columns hold, and that classes are as many as declared. */
function checkColumns(spec: DataSpec, source: Source): void {
  for (const field of spec.fields) {
    if ("list" in field.value)
      for (const name of columnsOf(field.value))
        if (source.columns[name]!.type.kind === "class")
          throw new DataError(
            `${spec.name}.${field.name} lists numbers, but the column \`${name}\` holds names: ${someOf(source.columns[name]!.classes ?? [])}`,
            `compare it, which gives 0 or 1: \`source.${name} == "..."\`, or leave it out`,
            { at: { field: field.name, part: "value" } },
          );
    if (!("source" in field.value)) continue;
    const column = source.columns[field.value.source]!;
    const names = namesOf(column);
    if ((field.type.kind === "tensor" || (field.type.kind === "class" && field.type.bool)) && names)
      throw new DataError(
        `${spec.name}.${field.name} is declared ${showField(field.type)}, but \`${field.value.source}\` holds names: ${someOf(names)}`,
        `correct what should be a number in the source, or write \`${field.name} : ${["id", "group", "keep"].includes(field.role) ? "string" : `class[${names.length}]`}\``,
        { at: { field: field.name, part: "type" } },
      );
    if (field.type.kind === "string" && !column.classes)
      throw new DataError(
        `${spec.name}.${field.name} is declared string, but the source has ${showField(column.type)}`,
        `write \`${field.name} : ${showField(column.type)}\``,
        { at: { field: field.name, part: "type" } },
      );
    const filtered = spec.fields.some(({ where }) => where !== null);
    if (
      field.type.kind === "class" &&
      column.type.kind === "class" &&
      column.type.count !== field.type.count &&
      !filtered
    )
      throw new DataError(
        `${spec.name}.${field.name} is declared ${showField(field.type)}, but the source has ${column.type.count} classes: ${someOf(column.classes ?? [])}`,
        `write \`${field.name} : class[${column.type.count}]\``,
        { at: { field: field.name, part: "type" } },
      );
  }
}

/** The cell as a row of the declared type, or a `DataError` that names the field and the row. */
function checkCell(field: FieldSpec, cell: Cell, spec: DataSpec, place: () => string): Row {
  const { type } = field;
  const fail = (found: string, hint?: string): DataError =>
    new DataError(
      `${spec.name}.${field.name} is declared ${showField(type)}, but it is ${found} in ${place()}`,
      hint ?? `write \`${field.name} : ${found}\``,
      { at: { field: field.name, part: "type" } },
    );
  if (isPixelLabels(type)) {
    const row = typeof cell === "number" ? undefined : inShape(cell, type.shape);
    if (!row) throw fail(typeof cell === "number" ? "one number" : showField(typeOfRow(cell)));
    const wrong = row.data.findIndex(
      (value: number | bigint) => !(Number.isInteger(value) && value >= 0 && value < type.count),
    );
    if (wrong >= 0)
      throw fail(
        `${row.data[wrong]} at a pixel`,
        `class[${type.count}] needs the integers 0 to ${type.count - 1}: change the number of classes`,
      );
    return { shape: row.shape, data: Int32Array.from(row.data as ArrayLike<number>) };
  }
  if (type.kind === "string") {
    if (typeof cell !== "number") throw fail(showField(typeOfRow(cell)));
    return { shape: [], data: Int32Array.of(cell) };
  }
  if (type.kind === "class") {
    if (typeof cell !== "number") throw fail(showField(typeOfRow(cell)));
    if (!Number.isInteger(cell) || cell < 0 || cell >= type.count)
      throw fail(
        String(cell),
        `class[${type.count}] needs the integers 0 to ${type.count - 1}: change the number of classes, or add \`where\``,
      );
    return { shape: [], data: Int32Array.of(cell) };
  }
  if (typeof cell === "number") {
    if (type.shape.length > 0)
      throw fail(
        "one number",
        `write \`${field.name} : ${type.dtype}\`, or the columns side by side: \`[source.a, source.b]\``,
      );
    const data = scalarOf(type.dtype, cell);
    if (data) return { shape: [], data };
    throw fail(String(cell), `write \`${field.name} : f32\`, or leave the row out with \`where\``);
  }
  const found = typeOfRow(cell);
  const row = inShape(cell, type.shape);
  if (!row) throw fail(showField(found), sizeHint(field, cell));
  if (found.kind === "tensor" && found.dtype !== type.dtype)
    throw fail(
      showField(found),
      found.dtype === "u8" && type.dtype === "f32"
        ? `write \`${field.name} : ${showField(found)}\` and \`prepare ${field.name} { scale(0 .. 1) }\``
        : undefined,
    );
  return row;
}

/** The row in the declared shape; undefined where it does not have it. */
function inShape(cell: Row, shape: readonly (number | string)[]): Row | undefined {
  const bound = new Map<string, number>();
  const fits =
    shape.length === cell.shape.length &&
    shape.every((size, axis) => {
      const actual = cell.shape[axis]!;
      if (typeof size === "number") return size === actual;
      const before = bound.get(size) ?? actual;
      bound.set(size, actual);
      return before === actual;
    });
  return fits ? cell : withOnes(cell, shape);
}

/** The row in the declared shape, where the two differ by axes of length 1 only: f32[201] as f32[201, 1]. */
function withOnes(row: Row, shape: readonly (number | string)[]): Row | undefined {
  if (shape.some((size) => typeof size === "string")) return undefined;
  const long = (sizes: readonly (number | string)[]) => sizes.filter((size) => size !== 1).join();
  return long(shape) === long(row.shape) ? { shape: shape as readonly number[], data: row.data } : undefined;
}

/** An image of another size than declared: the others may be of either. A sequence keeps the axis of its channel: f32[201, 1]. */
function sizeHint({ name, type }: FieldSpec, row: Row): string | undefined {
  if (type.kind !== "tensor") return undefined;
  const behind = type.shape.slice(row.shape.length);
  if (behind.length > 0 && behind.every((size) => size === 1))
    return `write \`${name} : ${showField({ ...type, shape: [...row.shape, ...behind] })}\``;
  if (type.shape.length !== row.shape.length || row.shape.length < 2) return undefined;
  const found = showField(typeOfRow(row));
  const open = showField({ ...type, shape: ["H", "W", ...row.shape.slice(2)] });
  return `write \`${name} : ${found}\`; or, where sizes differ, \`${name} : ${open}\` and \`prepare ${name} { resize(64 px) }\``;
}

/** Whole numbers, from the first up to but without the second. */
const ranges: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  bool: [0, 2],
  u8: [0, 256],
  i32: [-(2 ** 31), 2 ** 31],
  i64: [-(2 ** 63), 2 ** 63],
  u64: [0, 2 ** 64],
};

/** Undefined for a number that the dtype does not hold. */
function scalarOf(dtype: DType, value: number): TypedArray | undefined {
  const range = ranges[dtype];
  if (range && !(Number.isInteger(value) && value >= range[0] && value < range[1])) return undefined;
  return typedArray(dtype, [value]);
}
