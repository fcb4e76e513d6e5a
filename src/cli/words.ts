/** Numbers as people say them. */
import { showBytes as bytes, showCount as count } from "../text/count.ts";
import { showTime as duration } from "../text/time.ts";

export { bytes, count, duration };

/** `133.4 M`, `12.0 k`: for counts whose digits nobody reads. */
export function short(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(1)} G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  if (n >= 1e3) return `${(n / 1e3).toFixed(1)} k`;
  return String(n);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
