/** The closed list of units. `%` is not one: it is a factor of 1/100. */
export type Unit = "px" | "deg" | "arcsec" | "epochs" | "steps" | "s" | "min" | "h" | "GiB" | "MiB";

/** As written after a number, singular forms included. */
export const unitWords: Readonly<Record<string, Unit>> = {
  px: "px",
  deg: "deg",
  arcsec: "arcsec",
  epoch: "epochs",
  epochs: "epochs",
  step: "steps",
  steps: "steps",
  s: "s",
  min: "min",
  h: "h",
  GiB: "GiB",
  MiB: "MiB",
};

const seconds: Readonly<Record<string, number>> = { h: 3600, min: 60, s: 1 };

/** The unit that a word with a space in it was meant to be: `epoch s`, `arc sec`. */
export function closedUnit(text: string): string | undefined {
  const joined = text.replace(/\s/g, "").toLowerCase();
  return Object.keys(unitWords).find((word) => word.toLowerCase() === joined);
}

/** `1 h 30 min` in its smallest unit: one number with one unit. `parts` are numbers and units by turns. */
export function oneTime(parts: readonly string[]): { value: number; unit: string } | undefined {
  const units = parts.filter((_, i) => i % 2 === 1);
  const lengths = units.map((unit) => seconds[unit] ?? 0);
  const falling = lengths.every((length, i) => length > 0 && (i === 0 || length < lengths[i - 1]!));
  if (units.length < 2 || !falling) return undefined;
  const sum = lengths.reduce((total, length, i) => total + Number(parts[2 * i]) * length, 0);
  return { value: sum / lengths.at(-1)!, unit: units.at(-1)! };
}
