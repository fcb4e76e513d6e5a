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
