import type { Layer } from "../check/network.ts";
import { elementCount } from "../types/tensor.ts";

export interface Cost {
  /** Trained numbers. */
  readonly parameters: number;
  /** Multiply-accumulates for one sample. */
  readonly macs: number;
}

/** Of the layers from `from` on. */
export function costOf(layers: readonly Layer[], from: number): Cost {
  let parameters = 0;
  let macs = 0;
  for (let i = from; i < layers.length; i++) {
    macs += layers[i]!.macs;
    for (const { shape, trainable } of layers[i]!.weights) if (trainable) parameters += elementCount(shape);
  }
  return { parameters, macs };
}
