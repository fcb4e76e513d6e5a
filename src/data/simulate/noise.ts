import { type PhiloxKey, philoxWords } from "../../ops/philox.ts";
import { normalCdf } from "./special.ts";

/** `count` standard normal numbers from the stream `key` at `row`, by Box and Muller from words of 32 bits (none beyond 6.8). */
export function normals(key: PhiloxKey, row: number, count: number): Float64Array {
  const words = philoxWords(key, row, count + (count % 2));
  const out = new Float64Array(words.length);
  for (let i = 0; i < words.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log((words[i]! + 0.5) / 4294967296));
    const angle = (2 * Math.PI * words[i + 1]!) / 4294967296;
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle);
  }
  return out.subarray(0, count);
}

/**
 * The Poisson number that a standard normal `z` stands for: the quantile at its place. Exact below a mean of 30; above by the
 * Cornish-Fisher expansion, mean + sqrt(mean) z + (z^2 - 1) / 6, rounded.
 */
export function poisson(mean: number, z: number): number {
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
  const place = normalCdf(z);
  let probability = Math.exp(-mean);
  let sum = probability;
  let k = 0;
  while (place > sum && k < 200) {
    k++;
    probability *= mean / k;
    sum += probability;
  }
  return k;
}
