import type { RandomSource } from "../../ops/philox.ts";

/**
 * A Poisson number. Below a mean of 30 by inversion; above by the quantile's Cornish-Fisher expansion, mean + sqrt(mean) z +
 * (z^2 - 1) / 6, rounded: mean, variance and skewness are right to a hundredth there.
 */
export function poisson(mean: number, random: RandomSource): number {
  if (mean >= 30) {
    const z = random.normal();
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
  }
  const u = random.uniform();
  let probability = Math.exp(-mean);
  let sum = probability;
  let k = 0;
  while (u > sum && k < 200) {
    k++;
    probability *= mean / k;
    sum += probability;
  }
  return k;
}
