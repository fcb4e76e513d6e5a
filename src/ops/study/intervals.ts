import type { Signature } from "../signature.ts";

/** `report ... as INTERVAL`. */
export const intervals: readonly Signature[] = [
  {
    name: "mean_ci",
    family: "interval",
    version: 1,
    doc: "The mean over the replicates with its confidence interval (Student's t): `mean_ci(95%)`.",
    example: "report test.accuracy, test.macro_f1 as mean_ci(95%)",
    parameters: [
      {
        name: "level",
        type: { kind: "real", min: 0.5, max: 0.9999, unit: "fraction" },
        default: 0.95,
        doc: "How often such an interval holds the true mean.",
      },
    ],
  },
];
