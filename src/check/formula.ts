/** A tensor expression over fields and networks after checking: what a loss, or an argument of a metric, comes to. */
import type { TensorType } from "../types/tensor.ts";
import type { Layer, TensorRef } from "./network.ts";

/** What an expression begins with. */
export type Leaf =
  | { readonly field: string }
  /** One output of a network of the experiment, applied to tensors of the formula. */
  | { readonly network: string; readonly output: string; readonly inputs: readonly TensorRef[] }
  /** A prediction that was made and kept, by its label: in formulas of metrics, which are measured afterwards. */
  | { readonly prediction: string };

export interface Formula {
  /** `-1 - k` refers to the k-th; an application of a network may refer to layers. */
  readonly leaves: readonly Leaf[];
  /** Operators without weights, by the position that is their id; of the family `loss` where that is said. */
  readonly layers: readonly Layer[];
  readonly result: TensorRef;
  readonly type: TensorType;
  /** As it is written, in one line. */
  readonly text: string;
}

/** Calls `visit` for every leaf and layer that the result depends on, what is used before what uses it. */
export function walkFormula(
  { leaves, layers, result }: Formula,
  visit: { leaf?(leaf: Leaf, ref: TensorRef): void; layer?(layer: Layer): void },
): void {
  const seen = new Set<TensorRef>();
  const reach = (ref: TensorRef): void => {
    if (seen.has(ref)) return;
    seen.add(ref);
    if (ref >= 0) {
      const layer = layers[ref]!;
      layer.inputs.forEach(reach);
      visit.layer?.(layer);
      return;
    }
    const leaf = leaves[-1 - ref]!;
    if ("network" in leaf) leaf.inputs.forEach(reach);
    visit.leaf?.(leaf, ref);
  };
  reach(result);
}

/** The names of the fields that it reads, in the order in which they are met. */
export function fieldsIn(formula: Formula): readonly string[] {
  const fields: string[] = [];
  walkFormula(formula, {
    leaf(leaf) {
      if ("field" in leaf && !fields.includes(leaf.field)) fields.push(leaf.field);
    },
  });
  return fields;
}

/** The names of the networks that it applies. */
export function networksIn(formula: Formula): readonly string[] {
  const networks: string[] = [];
  walkFormula(formula, {
    leaf(leaf) {
      if ("network" in leaf && !networks.includes(leaf.network)) networks.push(leaf.network);
    },
  });
  return networks;
}

/** The part of a formula that one of its tensors depends on, numbered anew. */
export function partOf(whole: Formula, result: TensorRef, type: TensorType, text: string): Formula {
  return rewriteFormula({ ...whole, result, type, text }, (leaf) => leaf);
}

/**
 * The formula with leaves replaced; what nothing depends on any more is left out. `replace` is given each leaf that the result
 * depends on from the result's side, so that a replaced application takes what it was applied to with it.
 */
export function rewriteFormula(formula: Formula, replace: (leaf: Leaf, ref: TensorRef) => Leaf): Formula {
  const leaves: Leaf[] = [];
  const layers: Layer[] = [];
  const moved = new Map<TensorRef, TensorRef>();
  const keys = new Map<string, TensorRef>();
  const move = (ref: TensorRef): TensorRef => {
    const known = moved.get(ref);
    if (known !== undefined) return known;
    let to: TensorRef;
    if (ref >= 0) {
      const layer = formula.layers[ref]!;
      const inputs = layer.inputs.map(move);
      to = layers.length;
      layers.push({ ...layer, id: to, inputs });
    } else {
      const replaced = replace(formula.leaves[-1 - ref]!, ref);
      const leaf = "network" in replaced ? { ...replaced, inputs: replaced.inputs.map(move) } : replaced;
      const key = JSON.stringify(leaf);
      const same = keys.get(key);
      to = same ?? -leaves.push(leaf);
      keys.set(key, to);
    }
    moved.set(ref, to);
    return to;
  };
  return { ...formula, result: move(formula.result), leaves, layers };
}
