import type { Unit } from "../syntax/unit.ts";
import type { Span } from "../text/source.ts";
import type { NumberValue } from "./value.ts";

/** Units that can be turned into one another: how many of the smallest one each holds. */
const groups: readonly Readonly<Partial<Record<Unit, number>>>[] = [
  { s: 1, min: 60, h: 3600 },
  { arcsec: 1, deg: 3600 },
  { MiB: 1, GiB: 1024 },
];

/** The number in a unit, or undefined where its own unit measures something else. */
export function inUnit(value: NumberValue, unit: Unit | undefined): number | undefined {
  if (value.unit === unit) return value.value;
  if (!value.unit || !unit) return undefined;
  for (const group of groups) {
    const from = group[value.unit];
    const to = group[unit];
    if (from !== undefined && to !== undefined) return (value.value * from) / to;
  }
  return undefined;
}

export function numberValue(value: number, whole: boolean, unit: Unit | undefined, span: Span): NumberValue {
  const digits = whole && !unit && Number.isSafeInteger(value) ? String(value) : undefined;
  return { kind: "number", value, whole, digits, unit, span };
}
