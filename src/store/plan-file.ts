/** plan.json: the plan without places in files; data, networks and recipes that trials share are written once. */
import type { Layer } from "../check/network.ts";
import type { Plan } from "../study/plan.ts";
import { canonicalJson } from "./canonical.ts";
import type { PlanRecord } from "./generated/plan.ts";

/** A list in which equal values are kept once. */
function pool<T>(): { readonly values: T[]; index(value: T): number } {
  const values: T[] = [];
  const byText = new Map<string, number>();
  const byIdentity = new Map<T, number>();
  return {
    values,
    index(value) {
      let index = byIdentity.get(value);
      if (index === undefined) {
        const text = canonicalJson(value);
        index = byText.get(text) ?? values.push(value) - 1;
        byText.set(text, index);
        byIdentity.set(value, index);
      }
      return index;
    },
  };
}

function withoutSpans<T extends { readonly layers: readonly Layer[] }>(of: T) {
  return { ...of, layers: of.layers.map(({ span: _, ...layer }) => layer) };
}

export function planRecord(plan: Plan): PlanRecord {
  const data = pool<unknown>();
  const networks = pool<unknown>();
  const recipes = pool<unknown>();
  const measures = pool<unknown>();
  const bare = new Map<unknown, unknown>();
  /** One object for each, so that what trials share is looked at once. */
  const once = <T, U>(of: T, make: (of: T) => U): U => {
    if (!bare.has(of)) bare.set(of, make(of));
    return bare.get(of) as U;
  };
  const trials = plan.trials.map(
    ({ data: read, networks: used, recipe, predictions, measures: found, ...trial }) => ({
      ...trial,
      data: data.index(read),
      networks: used.map(({ name, network }) => ({
        name,
        network: networks.index(once(network, withoutSpans)),
      })),
      recipe: recipes.index({
        ...recipe,
        objectives: once(recipe.objectives, (all) =>
          all.map((each) => ({ ...each, loss: withoutSpans(each.loss) })),
        ),
      }),
      predictions: measures.index(once(predictions, bareFormulas)),
      measures: measures.index(once(found, bareFormulas)),
    }),
  );
  return {
    format: "dlc.plan/2",
    study: plan.study,
    question: plan.question,
    data: data.values,
    networks: networks.values,
    recipes: recipes.values,
    formulas: measures.values,
    experiments: plan.experiments,
    trials,
  } as unknown as PlanRecord;
}

type Json = unknown;

/** Layers lose their places, at whatever depth they lie. */
function bareFormulas(value: Json): Json {
  if (Array.isArray(value)) return value.map(bareFormulas);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => key !== "span");
  return Object.fromEntries(entries.map(([key, each]) => [key, bareFormulas(each)]));
}

const nowhere = { file: { path: "plan.json", text: "" }, start: 0, end: 0 };

/** Layers get a place again, at whatever depth they lie. */
function placed(value: Json): Json {
  if (Array.isArray(value)) return value.map(placed);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, each]): [string, Json] => [
    key,
    key === "layers" ? (each as object[]).map((layer) => ({ ...layer, span: nowhere })) : placed(each),
  ]);
  return Object.fromEntries(entries);
}

/** The plan again; places are gone. */
export function planFrom(record: PlanRecord): Plan {
  const networks = record.networks.map(placed);
  const recipes = record.recipes.map(placed);
  const formulas = record.formulas.map(placed);
  return {
    study: record.study,
    question: record.question,
    experiments: record.experiments,
    trials: record.trials.map((trial) => ({
      ...trial,
      data: record.data[trial.data]!,
      networks: trial.networks.map(({ name, network }) => ({ name, network: networks[network]! })),
      recipe: recipes[trial.recipe]!,
      predictions: formulas[trial.predictions]!,
      measures: formulas[trial.measures]!,
    })),
  } as unknown as Plan;
}
