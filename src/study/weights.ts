/** Lines of a recipe on how weights begin, move and are kept: `precision`, `clip`, `init`, `freeze`, `average`. */
import type { OperatorValue } from "../check/value.ts";
import type { Json, OpCall, ParameterType } from "../ops/signature.ts";
import type { StudyContext } from "./context.ts";
import { notYet } from "./later.ts";
import type { RecipeSpec } from "./plan.ts";
import type { Draft } from "./sections.ts";

export const weightLines: Readonly<Record<string, ParameterType>> = {
  precision: { kind: "word", words: ["f32", "tf32", "bf16", "f16"] },
  clip: { kind: "operator", family: "clip" },
  init: { kind: "operator", family: "start" },
  freeze: {
    kind: "union",
    of: [
      { kind: "word", words: ["none", "copied", "all"] },
      { kind: "list", of: { kind: "label" } },
    ],
  },
  average: { kind: "operator", family: "average" },
};

/** What differs from a training without these lines, so that writing a default changes nothing. */
export function weightSettings(
  { settings }: Draft,
  json: Readonly<Record<string, Json>>,
  context: StudyContext,
): Pick<RecipeSpec, "precision" | "init" | "freeze" | "average"> {
  const init = json.init as unknown as OpCall | undefined;
  const given = {
    ...(json.precision !== undefined && json.precision !== "f32" && { precision: json.precision }),
    ...(init && init.op !== "random" && { init: json.init }),
    ...(json.freeze !== undefined && !isNothing(json.freeze) && { freeze: json.freeze }),
    ...(json.average !== undefined && { average: json.average }),
  };
  const span = (name: string) => settings.get(name)!.value!.span;
  if ("precision" in given) notYet(`\`precision = ${json.precision}\``, span("precision"), context);
  if ("init" in given) notYet("a training that goes on from another (`from`)", span("init"), context);
  if (json.freeze === "copied") notYet("freezing what was copied", span("freeze"), context);
  return given as Pick<RecipeSpec, "precision" | "init" | "freeze" | "average">;
}

const isNothing = (freeze: Json): boolean =>
  freeze === "none" || (Array.isArray(freeze) && freeze.length === 0);

/** `from(...)` of the line `init`. */
export function originOf({ settings }: Draft): OperatorValue | undefined {
  const value = settings.get("init")?.value;
  return value?.kind === "operator" && value.signature.name === "from" ? value : undefined;
}
