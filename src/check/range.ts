import { inUnit, numberValue } from "./quantity.ts";
import type { NumberValue, RangeValue } from "./value.ts";

/**
 * The numbers of a range, both ends included; whole numbers one apart without a step. Undefined where it is an interval: ends
 * that are not whole, and no step. `0 .. -1` is empty; a negative step counts down.
 */
export function rangeItems(range: RangeValue): readonly NumberValue[] | undefined {
  const { unit } = range.to;
  const from = inUnit(range.from, unit);
  const to = range.to.value;
  const step = range.step ? inUnit(range.step, unit) : 1;
  if (from === undefined || step === undefined || step === 0) return undefined;
  if (!range.step && !(Number.isInteger(from) && Number.isInteger(to))) return undefined;
  const whole = range.from.whole && (range.step?.whole ?? true);
  // A tenth of a step forgives 0.1 + 0.1 + 0.1 > 0.3.
  const count = Math.max(0, Math.floor((to - from) / step + 0.1 * Number(!whole)) + 1);
  return Array.from({ length: count }, (_, i) =>
    numberValue(rounded(from + i * step, whole), whole, unit, range.span),
  );
}

/** Ends are written in decimal: 0.1 + 2 * 0.1 is 0.3. */
function rounded(value: number, whole: boolean): number {
  return whole ? value : Number(value.toPrecision(14));
}
