import type { Network } from "../check/network.ts";
import type { TrialSpec } from "../study/plan.ts";

/** Every network of a study with the name that tells it: the level of the model, the name in the experiment, or the model's. */
export function networksOf(trials: readonly TrialSpec[]): ReadonlyMap<Network, string> {
  const named = new Map<Network, string>();
  for (const { networks, levels } of trials)
    for (const { name, network } of networks) {
      const own = networks.length > 1 ? name : network.model;
      if (!named.has(network)) named.set(network, levels.model ?? own);
    }
  return named;
}
