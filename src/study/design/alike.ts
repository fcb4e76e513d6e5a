/** Trainings that differ in nothing but what they are called. */
import type { Layer, Network } from "../../check/network.ts";
import type { Objective, TrialSpec } from "../plan.ts";

/** Of two networks that are written apart, true only where they are the same layer for layer. */
export function areAlike(a: TrialSpec, b: TrialSpec): boolean {
  return (
    equal([a.learner, a.parent, a.frozen], [b.learner, b.parent, b.frozen]) &&
    (a.learner !== undefined || sameRecipe(a.recipe, b.recipe)) &&
    every(a.networks, b.networks, (one, other) => sameNetwork(one.network, other.network)) &&
    equal({ ...a.data, name: "" }, { ...b.data, name: "" })
  );
}

function sameRecipe(a: TrialSpec["recipe"], b: TrialSpec["recipe"]): boolean {
  const how = ({ loss: _, ...rest }: Objective) => rest;
  const lines = ({ objectives, ...rest }: TrialSpec["recipe"]) => [rest, objectives.map(how)];
  return (
    equal(lines(a), lines(b)) &&
    every(
      a.objectives,
      b.objectives,
      (one, other) =>
        one.loss.result === other.loss.result &&
        equal(one.loss.leaves, other.loss.leaves) &&
        every(one.loss.layers, other.loss.layers, sameLayer),
    )
  );
}

function sameNetwork(a: Network, b: Network): boolean {
  if (a === b) return true;
  const ends = ({ inputs, outputs }: Network) => [inputs, outputs];
  return every(a.layers, b.layers, sameLayer) && equal(ends(a), ends(b));
}

const sameLayer = (a: Layer, b: Layer): boolean =>
  a.op === b.op &&
  a.family === b.family &&
  equal([a.inputs, a.parameters, a.output], [b.inputs, b.parameters, b.output]);

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const every = <T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean =>
  a.length === b.length && a.every((one, i) => same(one, b[i]!));
