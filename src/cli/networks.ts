import type { Network } from "../check/network.ts";
import type { TrialSpec } from "../study/plan.ts";

/**
 * Every network of a study with the name that tells it: the level of the model, or the model's; of several in a training its name in
 * the experiment, behind the level where it belongs to one alone: `deep generator`, `critic`.
 */
export function networksOf(trials: readonly TrialSpec[]): ReadonlyMap<Network, string> {
  const named = new Map<Network, { readonly name: string; readonly level: string | undefined }>();
  for (const { networks, levels } of trials)
    for (const { name, network } of networks) {
      const own = networks.length > 1 ? name : (levels.model ?? network.model);
      const level = networks.length > 1 ? levels.model : undefined;
      const before = named.get(network);
      if (!before) named.set(network, { name: own, level });
      else if (before.level !== level) named.set(network, { name: before.name, level: undefined });
    }
  return new Map(
    [...named].map(([network, { name, level }]) => [
      network,
      level === undefined ? name : `${level} ${name}`,
    ]),
  );
}
