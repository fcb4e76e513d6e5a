import { gammaP, logGamma } from "./special.ts";

/** Profiles end here, in half-light radii. */
export const truncation = 8;

/** b of the Sersic profile: half the light is within R_e (Ciotti and Bertin 1999). */
export function sersicB(n: number): number {
  return 2 * n - 1 / 3 + 4 / (405 * n) + 46 / (25515 * n * n);
}

const tableSize = 1024;

/**
 * I(R) of a Sersic profile whose flux within `truncation` half-light radii is 1; R in the unit of `radius`, the result per unit
 * of area. F = 2 pi n R_e^2 I_e e^b b^(-2n) Gamma(2n) (all of it), I(R) = I_e exp(-b ((R / R_e)^(1/n) - 1)).
 */
export function sersicProfile(n: number, radius: number): (r: number) => number {
  const b = sersicB(n);
  const within = gammaP(2 * n, b * truncation ** (1 / n));
  const centre =
    Math.exp(2 * n * Math.log(b) - logGamma(2 * n)) / (2 * Math.PI * n * radius * radius * within);
  const exact = (r: number): number => centre * Math.exp(-b * (r / radius) ** (1 / n));
  // A table over sqrt(R): dense where the profile is steep. The innermost cells are computed.
  const end = Math.sqrt(truncation * radius);
  const table = new Float64Array(tableSize + 2);
  for (let i = 0; i < table.length; i++) table[i] = exact(((i * end) / tableSize) ** 2);
  const limit = truncation * radius;
  return (r) => {
    if (r >= limit) return 0;
    const u = (Math.sqrt(r) / end) * tableSize;
    const i = Math.floor(u);
    if (i < 64) return exact(r);
    return table[i]! + (table[i + 1]! - table[i]!) * (u - i);
  };
}
