/** Which units may stand behind a number. */
import type { ParameterType } from "../../ops/signature.ts";
import { unitWords } from "../../syntax/unit.ts";

const lengthWords = {
  epochs: ["epochs", "epoch"],
  steps: ["steps", "step"],
  seconds: ["s", "min", "h"],
} as const;

/** The units that a number may have. */
export function unitsOf(type: ParameterType | undefined): readonly string[] {
  switch (type?.kind) {
    case undefined:
    case "any":
      return ["%", ...Object.keys(unitWords)];
    case "union":
      return [...new Set(type.of.flatMap(unitsOf))];
    case "real":
    case "range":
      return type.unit === undefined || type.unit === "fraction" ? ["%"] : [type.unit];
    case "int":
      return type.unit ? [type.unit] : [];
    case "duration": {
      const lengths = type.in ?? ["epochs", "steps", "seconds"];
      return lengths.flatMap((length) => lengthWords[length]);
    }
    default:
      return [];
  }
}

/** Of the ends of a range. */
export function endType(type: ParameterType | undefined): ParameterType | undefined {
  if (type?.kind === "range") return { ...type, kind: "real" };
  if (type?.kind === "union") return type.of.map(endType).find((each) => each !== undefined);
  if (type?.kind !== "list") return undefined;
  return type.of.kind === "any" ? { kind: "real" } : type.of;
}
