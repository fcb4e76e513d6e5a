/** Columns in memory as a source: numbers, strings, tensors. */
import type { FieldType } from "../../ops/field.ts";
import type { TypedArray } from "../../types/tensor.ts";
import { DataError } from "../error.ts";
import type { Cell, Column, Source, SourceFile } from "../source.ts";
import { isTestFile } from "./files.ts";
import { byCodeUnits } from "./folder.ts";

/** A value of a table; a list of numbers is a tensor. `undefined` where a row has none. */
export type TableValue = number | string | boolean | Tensor | undefined;

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** What a file holds: rows of values by column name. */
export interface TablePart {
  readonly file: SourceFile;
  readonly count: number;
  readonly columns: readonly string[];
  value(column: string, row: number): TableValue;
  /** What row `row` is called in this kind of file: `line 17`. */
  place(row: number): string;
}

const wrong = (column: string, problem: string): DataError =>
  new DataError(problem, "correct the file, or leave the row out with `where`", { at: { column } });

const number: Extract<FieldType, { kind: "tensor" }> = { kind: "tensor", dtype: "f32", shape: [] };

function typeOfCell(value: NonNullable<TableValue>): FieldType {
  if (typeof value === "string") return { kind: "string" };
  if (typeof value === "number") return number;
  if (typeof value === "boolean") return { ...number, dtype: "bool" as const };
  const { data, shape } = value;
  const dtype = data instanceof Uint8Array ? "u8" : data instanceof Int32Array ? "i32" : "f32";
  return { kind: "tensor", dtype, shape };
}

/** The types of columns by their first values; of a column without any what `otherwise` says. */
export function typesOfFirst(
  { columns, count, value }: Pick<TablePart, "columns" | "count" | "value">,
  otherwise: (column: string) => FieldType = () => number,
): Readonly<Record<string, FieldType>> {
  const typeOf = (column: string): FieldType => {
    for (let row = 0; row < count; row++) {
      const first = value(column, row);
      if (first !== undefined) return typeOfCell(first);
    }
    return otherwise(column);
  };
  return Object.fromEntries(columns.map((column) => [column, typeOf(column)]));
}

/** All parts one behind the other. They have the same columns. Strings are numbered in the order of their sorting. */
export function tableSource(parts: readonly TablePart[], unit: string): Source {
  const first = parts[0]!;
  for (const { columns, file } of parts)
    for (const name of first.columns)
      if (!columns.includes(name))
        throw new DataError(
          `${file.path} has no column \`${name}\`, and ${first.file.path} has one`,
          "read files of one kind",
        );
  const starts: number[] = [];
  let count = 0;
  for (const part of parts) {
    starts.push(count);
    count += part.count;
  }
  const find = (row: number): { readonly part: TablePart; readonly at: number } => {
    let p = parts.length - 1;
    while (starts[p]! > row) p--;
    return { part: parts[p]!, at: row - starts[p]! };
  };
  const place = (row: number): string => {
    const { part, at } = find(row);
    return `${part.place(at)} of ${part.file.path}`;
  };

  const classes = new Map<
    string,
    { readonly names: readonly string[]; readonly index: ReadonlyMap<string, number> }
  >();
  const typeOf = (name: string): Column["type"] => {
    for (const part of parts)
      for (let row = 0; row < part.count; row++) {
        const value = part.value(name, row);
        if (value === undefined) continue;
        return typeof value === "string" ? stringType(name) : typeOfCell(value);
      }
    return number;
  };
  const stringType = (name: string): Column["type"] => {
    const seen = new Set<string>();
    for (const part of parts)
      for (let row = 0; row < part.count; row++) {
        const value = part.value(name, row);
        if (typeof value === "string") seen.add(value);
      }
    const names = [...seen].sort(byCodeUnits);
    classes.set(name, { names, index: new Map(names.map((each, i) => [each, i])) });
    return { kind: "class", count: names.length };
  };
  const columns: Record<string, Column> = {};
  for (const name of first.columns) {
    const type = typeOf(name);
    columns[name] = { type, classes: classes.get(name)?.names ?? null };
  }

  const cell = (name: string, row: number): Cell => {
    const { part, at } = find(row);
    const value = part.value(name, at);
    if (value === undefined) throw wrong(name, `There is no value of \`${name}\` in ${place(row)}`);
    const known = classes.get(name);
    if (known) {
      if (typeof value === "string") return known.index.get(value)!;
      throw wrong(name, `\`${name}\` is ${String(value)} in ${place(row)}, and a string elsewhere`);
    }
    if (typeof value === "string")
      throw wrong(name, `\`${name}\` is "${value}" in ${place(row)}, and a number elsewhere`);
    return typeof value === "boolean" ? Number(value) : value;
  };
  const tests = parts.some(({ file }) => isTestFile(file));
  const given = tests ? new Uint8Array(count) : null;
  for (const [p, { file, count: length }] of parts.entries())
    if (given && isTestFile(file)) given.fill(1, starts[p]!, starts[p]! + length);
  return {
    count,
    activity: "reading",
    unit,
    given,
    columns,
    place,
    reader: (names) => (row) => Object.fromEntries(names.map((name) => [name, cell(name, row)])),
  };
}
