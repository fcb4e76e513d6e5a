/** Values of field expressions, one row at a time. */
import { type FieldType, truthNames } from "../ops/field.ts";
import type { FieldExpr } from "../study/plan.ts";
import { DataError } from "./error.ts";
import type { Cell, Column } from "./source.ts";

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
};

/** They ask or compute by how great something is, which names do not tell. */
const ofNumbers = new Set(["+", "-", "*", "/", "^", "<", "<=", ">", ">="]);

const truths = new Set(["in", "==", "!=", "<", "<=", ">", ">=", "and", "or"]);

/** Names of the source's columns that an expression reads. */
export function columnsOf(expr: FieldExpr, into = new Set<string>()): Set<string> {
  if ("source" in expr) into.add(expr.source);
  else if ("list" in expr) for (const item of expr.list) columnsOf(item, into);
  else if ("operator" in expr) {
    columnsOf(expr.left, into);
    columnsOf(expr.right, into);
  }
  return into;
}

/** With names of values as the integers that stand for them in the column that they are compared with. */
export function withoutNames(expr: FieldExpr, columns: Readonly<Record<string, Column>>): FieldExpr {
  if ("list" in expr) return { list: expr.list.map((item) => withoutNames(item, columns)) };
  if (!("operator" in expr)) return expr;
  const { operator, right } = expr;
  if (ofNumbers.has(operator)) for (const side of [expr.left, right]) refuseNames(operator, side, columns);
  const left = withoutNames(expr.left, columns);
  const known = "source" in left ? columns[left.source]?.classes : null;
  const plain = (item: FieldExpr): FieldExpr => {
    if (!("text" in item)) return item;
    const number = known?.indexOf(item.text) ?? -1;
    if (number < 0)
      throw new DataError(
        `No row is called "${item.text}" ${"source" in left ? `in \`${left.source}\`` : "there"}`,
        known ? `there are: ${known.slice(0, 12).join(", ")}` : "its values have no names",
      );
    return { number };
  };
  if (!("list" in right))
    return { operator, left, right: "text" in right ? plain(right) : withoutNames(right, columns) };
  return right.list
    .map((item): FieldExpr => ({ operator: "==", left, right: plain(item) }))
    .reduce((all, each) => ({ operator: "or", left: all, right: each }), { number: 0 });
}

/** The names of a column's values, where they are more than the integers that stand for them. */
export function namesOf(column: Column | undefined): readonly string[] | undefined {
  const classes = column?.classes;
  return classes?.some((name, i) => name !== String(i)) ? classes : undefined;
}

export const someOf = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(", ") : `${names.slice(0, 7).join(", ")} and ${names.length - 7} more`;

function refuseNames(operator: string, side: FieldExpr, columns: Readonly<Record<string, Column>>): void {
  const names = "source" in side ? namesOf(columns[side.source]) : undefined;
  if ("source" in side && names)
    throw new DataError(
      `\`${operator}\` needs numbers, and \`${side.source}\` holds names: ${someOf(names)}`,
      "correct what should be a number in the source, or compare with a name: `==`, `!=`, `in`",
    );
}

/** Numbers with tensors elementwise; truths are 1 and 0. Names have been replaced: `withoutNames`. */
export function evaluateCell(expr: FieldExpr, cells: Readonly<Record<string, Cell>>): Cell {
  if ("source" in expr) return cells[expr.source]!;
  if ("list" in expr) return sideBySide(expr.list.map((item) => evaluateCell(item, cells)));
  if ("text" in expr) throw new DataError("A name has no number here");
  if ("number" in expr) return expr.number;
  const apply = operators[expr.operator];
  if (!apply) throw new DataError(`\`${expr.operator}\` cannot be used in a field's value`);
  const left = evaluateCell(expr.left, cells);
  const right = evaluateCell(expr.right, cells);
  if (typeof left === "number" && typeof right === "number") return apply(left, right);
  const shape = typeof left === "number" ? (right as Exclude<Cell, number>).shape : left.shape;
  const length = shape.reduce((product, size) => product * size, 1);
  const at = (cell: Cell, i: number): number => (typeof cell === "number" ? cell : (cell.data[i] as number));
  if (typeof left !== "number" && typeof right !== "number" && left.data.length !== right.data.length)
    throw new DataError(
      `\`${expr.operator}\` needs equal shapes, but these are [${left.shape.join(", ")}] and [${right.shape.join(", ")}]`,
    );
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = apply(at(left, i), at(right, i));
  return { shape, data };
}

function sideBySide(items: readonly Cell[]): Cell {
  const data = Float32Array.from(items, (item, i) => {
    if (typeof item === "number") return item;
    throw new DataError(
      `In a list of columns each is one number, but the ${i + 1}. is a tensor [${item.shape.join(", ")}]`,
      "make a field of its own of it",
    );
  });
  return { shape: [items.length], data };
}

/**
 * The names of a class field's values. An expression of one class of the source (`source.label - 5 where source.label >= 5`)
 * takes over the names of the values it maps; a truth is `not f`, `f`; else the integers name themselves.
 */
export function classNames(
  field: { readonly name: string; readonly type: FieldType; readonly value: FieldExpr },
  conditions: readonly FieldExpr[],
  columns: Readonly<Record<string, Column>>,
): readonly string[] | null {
  if (field.type.kind === "string")
    return "source" in field.value ? (columns[field.value.source]?.classes ?? null) : null;
  if (field.type.kind !== "class") return null;
  const { count } = field.type;
  const { value } = field;
  const isTruth = field.type.bool || ("operator" in value && truths.has(value.operator));
  if (isTruth) return truthNames(field.name);
  const plain = Array.from({ length: count }, (_, i) => String(i));
  const read = [...columnsOf(value)];
  const names = read.length === 1 ? columns[read[0]!]?.classes : null;
  if (!names) return plain;
  const mapped = new Map<number, string>();
  const mine = conditions.filter((condition) => [...columnsOf(condition)].every((name) => name === read[0]));
  for (const [index, name] of names.entries()) {
    const cells = { [read[0]!]: index };
    if (mine.some((condition) => evaluateCell(condition, cells) === 0)) continue;
    const result = evaluateCell(value, cells) as number;
    if (mapped.has(result)) return plain;
    mapped.set(result, name);
  }
  return plain.map((own, i) => mapped.get(i) ?? own);
}
