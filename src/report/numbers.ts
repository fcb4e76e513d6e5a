/** Numbers as they are printed: digits that the spread supports, times in words. */
import type { MetricOp } from "../ops/metric.ts";
import { showCount } from "../text/count.ts";
import { showTime } from "../text/time.ts";

export { showCount };

export type Unit = MetricOp["unit"];

/**
 * Digits behind the point for values with these half-widths of their intervals: two significant digits of the widest, at least
 * `least`. Half-widths of 0 or unknown tell nothing.
 */
export function decimalsFor(halves: readonly number[], least: number): number {
  const widest = Math.max(0, ...halves.filter((half) => Number.isFinite(half)));
  if (widest === 0) return least;
  return Math.min(6, Math.max(least, 1 - Math.floor(Math.log10(widest))));
}

/** Least digits of a metric's unit. */
export function leastDecimals(unit: Unit): number {
  return unit === "count" ? 0 : unit === "seconds" ? 1 : 3;
}

/** `8.1 s`, `1 min 05 s`, `2 h 04 min`. */
export function showSeconds(seconds: number): string {
  return showTime(seconds, { tenths: true });
}

/** A value of a metric. Null is a value that is not there. */
export function showValue(value: number | null, unit: Unit, decimals: number): string {
  if (value === null) return "none";
  if (unit === "seconds") return showSeconds(value);
  if (unit === "count") return showCount(value);
  return value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, "$1");
}

/** With its sign: `+0.008`, `-0.004`, `0.000`. */
export function showSigned(value: number, unit: Unit, decimals: number): string {
  const size = showValue(Math.abs(value), unit, decimals);
  const sign = Number(value.toFixed(decimals)) === 0 ? "" : value > 0 ? "+" : "-";
  return `${sign}${size}`;
}

/** `95 %` */
export function showLevel(level: number): string {
  return `${Number((100 * level).toPrecision(4))} %`;
}

/** `seeds`, `1 seed`: the noun of an axis. */
export function plural(noun: string, n: number): string {
  // Abbreviations have no plural: 3 lr.
  if (n === 1 || !/^[a-z]*[aeiouy][a-z]+$/.test(noun)) return noun;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
