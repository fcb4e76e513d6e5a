/** The layer table of a network: what `dlc shapes` prints. */

import type { Span } from "../text/source.ts";
import { elementCount, showType } from "../types/tensor.ts";
import type { Network } from "./network.ts";

export interface LayerRow {
  /** The layer's path: `residual/main/conv_2`. */
  readonly name: string;
  readonly op: string;
  /** `f32[N, 32, 32, 64]` */
  readonly output: string;
  /** Trained numbers. */
  readonly parameters: number;
  /** Multiply-accumulates for one sample. */
  readonly macs: number;
  readonly span: Span;
}

export interface LayerTable {
  readonly name: string;
  readonly trainable: number;
  /** Numbers that are kept but not trained: means and variances of normalisations. */
  readonly statistics: number;
  readonly total: number;
  readonly layers: readonly LayerRow[];
}

export function layerTable(network: Network): LayerTable {
  let statistics = 0;
  const layers = network.layers.map((layer): LayerRow => {
    let parameters = 0;
    for (const { shape, trainable } of layer.weights) {
      if (trainable) parameters += elementCount(shape);
      else statistics += elementCount(shape);
    }
    const { op, macs, span } = layer;
    return { name: layer.path, op, output: showType(layer.output), parameters, macs, span };
  });
  const trainable = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  return { name: network.model, trainable, statistics, total: trainable + statistics, layers };
}
