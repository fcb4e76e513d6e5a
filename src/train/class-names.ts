/** Classes that a formula names: `t == spiral`. Which number a name has is known when the data are read. */
import { listWords } from "../check/describe.ts";
import { type Formula, walkFormula } from "../check/formula.ts";
import type { Dataset } from "../data/dataset.ts";
import { Problem, placedProblem } from "../diagnostics/problem.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { unknownClass } from "../study/diagnostics.ts";
import type { TrialSpec } from "../study/plan.ts";
import type { Span } from "../text/source.ts";
import { withClassWeights } from "./class-weights.ts";

type ClassesOf = (field: string) => readonly string[] | null | undefined;

/** The formula with numbers for the names of classes. Throws a `Problem` for a name that no class has. */
export function withClassNumbers(formula: Formula, classesOf: ClassesOf): Formula {
  const isNamed = ({ op, parameters }: Formula["layers"][number]) =>
    op === "is_class" && typeof parameters.of === "string";
  let named = false;
  walkFormula(formula, {
    layer(layer) {
      named ||= isNamed(layer);
    },
  });
  if (!named) return formula;
  const layers = formula.layers.map((layer) => {
    if (!isNamed(layer)) return layer;
    const leaf = formula.leaves[-1 - layer.inputs[0]!]!;
    const field = "field" in leaf ? leaf.field : "prediction" in leaf ? leaf.prediction : leaf.network;
    const { of, ...parameters } = layer.parameters;
    return {
      ...layer,
      parameters: { ...parameters, number: numberOf(of as string, field, classesOf(field), layer.span) },
    };
  });
  return { ...formula, layers };
}

function numberOf(
  name: string,
  field: string,
  classes: readonly string[] | null | undefined,
  span: Span,
): number {
  const number = classes?.indexOf(name) ?? -1;
  if (number >= 0) return number;
  throw noSuchClass(name, field, classes ?? [], [span]);
}

/** At the places that name the class; a plan that was read from a file has none. */
export function noSuchClass(
  name: string,
  field: string,
  classes: readonly string[],
  places: readonly Span[],
): Problem {
  const all = classes.length > 12 ? [...classes.slice(0, 11), "...", classes.at(-1)!] : classes;
  const meant =
    suggest(name, classes) ?? classes.find((each) => each.startsWith(name) || each.endsWith(name));
  const sentence = new Problem(
    `there is no class ${name} of ${field}`,
    meant === undefined ? `The classes are ${listWords(all, "and")}.` : `Did you mean ${meant}?`,
  );
  const [place, ...others] = places.filter(({ start, end }) => start < end);
  if (!place) return sentence;
  const shown = all.map((each) => (each === "..." ? each : `\`${each}\``));
  const details = {
    text: meant === undefined ? "" : `did you mean \`${meant}\`?`,
    labels: others.map((span) => ({ span, text: "and here" })),
    hint: meant === undefined ? `the classes are ${listWords(shown, "and")}` : undefined,
  };
  return placedProblem(unknownClass, { name, field }, place, details, { sentence });
}

/** The trial with what its losses take from the classes of the data: the numbers of those that are named, and their weights. */
export function withClasses<T extends Pick<TrialSpec, "recipe" | "predictions">>(
  trial: T,
  dataset: Dataset,
): T {
  const read = (formula: Formula) => withClassNumbers(formula, (field) => dataset.fields[field]?.classes);
  const objectives = trial.recipe.objectives.map((each) => ({ ...each, loss: read(each.loss) }));
  const predictions = Object.fromEntries(
    Object.entries(trial.predictions).map(([label, formula]) => [label, read(formula)]),
  );
  return withClassWeights({ ...trial, recipe: { ...trial.recipe, objectives }, predictions }, dataset);
}
