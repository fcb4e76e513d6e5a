/** plan.json: the plan without places in files; data, networks and recipes that trials share are written once. */
import type { Network } from "../check/network.ts";
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

function withoutSpans(network: Network) {
  return { ...network, layers: network.layers.map(({ span: _, ...layer }) => layer) };
}

export function planRecord(plan: Plan): PlanRecord {
  const data = pool<unknown>();
  const networks = pool<unknown>();
  const recipes = pool<unknown>();
  const bare = new Map<Network, unknown>();
  const bareOf = (network: Network) => {
    if (!bare.has(network)) bare.set(network, withoutSpans(network));
    return bare.get(network);
  };
  const trials = plan.trials.map(({ data: read, network, recipe, ...trial }) => ({
    ...trial,
    data: data.index(read),
    network: networks.index(bareOf(network)),
    recipe: recipes.index(recipe),
  }));
  return {
    format: "dlc.plan/1",
    study: plan.study,
    question: plan.question,
    data: data.values,
    networks: networks.values,
    recipes: recipes.values,
    experiments: plan.experiments,
    trials,
  } as unknown as PlanRecord;
}

const nowhere = { file: { path: "plan.json", text: "" }, start: 0, end: 0 };

/** The plan again; places are gone. */
export function planFrom(record: PlanRecord): Plan {
  const networks = record.networks.map((network) => ({
    ...network,
    layers: network.layers.map((layer) => ({ ...layer, span: nowhere })),
  }));
  return {
    study: record.study,
    question: record.question,
    experiments: record.experiments,
    trials: record.trials.map((trial) => ({
      ...trial,
      data: record.data[trial.data]!,
      network: networks[trial.network]!,
      recipe: record.recipes[trial.recipe]!,
    })),
  } as unknown as Plan;
}
