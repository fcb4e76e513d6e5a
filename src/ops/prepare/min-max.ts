import { shapeOfField } from "../field.ts";
import type { PrepareOp } from "../prepare.ts";
import type { Json, Parameter } from "../signature.ts";
import { asNumbers, channelsOf } from "./row.ts";

/** One for each entry of the last axis, or one in all. */
export const per: Parameter = {
  name: "per",
  type: { kind: "word", words: ["channel", "band", "all"] },
  default: "channel",
  doc: "`channel` or `band`: each entry of the last axis on its own. `all`: the whole field together.",
};

export const minMax: PrepareOp = {
  name: "min_max",
  family: "prepare",
  version: 1,
  doc: "Maps the least and the greatest value of the training rows to the ends of a range; rows of other splits may fall outside. A channel that never varies becomes the lower end.",
  example: "prepare image { min_max(0 .. 1, per: band) }",
  parameters: [
    { name: "range", type: { kind: "range" }, default: { from: 0, to: 1 }, doc: "What the values become." },
    per,
  ],
  infer: (type) => asNumbers("min_max", type),
  statistics: (type, parameters) => channelsOf(shapeOfField(type), parameters.per),
  fit(rows, parameters) {
    let low: number[] = [];
    let high: number[] = [];
    for (const row of rows) {
      const channels = channelsOf(row.shape, parameters.per);
      if (low.length === 0) {
        low = Array.from({ length: channels }, () => Number.POSITIVE_INFINITY);
        high = Array.from({ length: channels }, () => Number.NEGATIVE_INFINITY);
      }
      const data = row.data as Float32Array;
      for (let i = 0, c = 0; i < data.length; i++) {
        if (data[i]! < low[c]!) low[c] = data[i]!;
        if (data[i]! > high[c]!) high[c] = data[i]!;
        if (++c === channels) c = 0;
      }
    }
    return { low, high };
  },
  apply(row, parameters, fitted) {
    const { from, to } = parameters.range as { from: number; to: number } & Json;
    const { low, high } = fitted as { low: readonly number[]; high: readonly number[] };
    const factor = low.map((least, c) => (high[c]! > least ? (to - from) / (high[c]! - least) : 0));
    const data = row.data as Float32Array;
    const out = new Float32Array(data.length);
    for (let i = 0, c = 0; i < out.length; i++) {
      out[i] = from + (data[i]! - low[c]!) * factor[c]!;
      if (++c === low.length) c = 0;
    }
    return { shape: row.shape, data: out };
  },
};
