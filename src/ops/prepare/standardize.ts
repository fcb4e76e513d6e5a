import { shapeOfField } from "../field.ts";
import type { PrepareOp } from "../prepare.ts";
import { asNumbers, channelsOf } from "./row.ts";

export const standardize: PrepareOp = {
  name: "standardize",
  family: "prepare",
  version: 1,
  doc:
    "Takes away the mean and divides by the standard deviation (of the population, divisor n), both of the training rows. " +
    "A channel that never varies is only centred.",
  example: "prepare image { asinh_stretch; standardize(per: all) }",
  parameters: [
    {
      name: "per",
      type: { kind: "word", words: ["channel", "all"] },
      default: "channel",
      doc: "`channel`: each entry of the last axis has its own mean and deviation. `all`: one for the whole field.",
    },
  ],
  infer: (type) => asNumbers("standardize", type),
  statistics: (type, parameters) => channelsOf(shapeOfField(type), parameters.per),
  fit(rows, parameters) {
    // Welford's way, over batches of one row: exact enough for means far from zero.
    let mean = new Float64Array(0);
    let squares = new Float64Array(0);
    let seen = 0;
    for (const row of rows) {
      const channels = channelsOf(row.shape, parameters.per);
      const each = row.data.length / channels;
      if (seen === 0) {
        mean = new Float64Array(channels);
        squares = new Float64Array(channels);
      }
      const data = row.data as Float32Array;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let i = c; i < data.length; i += channels) sum += data[i]!;
        const rowMean = sum / each;
        let rowSquares = 0;
        for (let i = c; i < data.length; i += channels) rowSquares += (data[i]! - rowMean) ** 2;
        const delta = rowMean - mean[c]!;
        const total = seen + each;
        mean[c] = mean[c]! + (delta * each) / total;
        squares[c] = squares[c]! + rowSquares + (delta * delta * seen * each) / total;
      }
      seen += each;
    }
    return {
      mean: [...mean],
      deviation: [...squares].map((sum) => Math.sqrt(sum / seen) || 1),
    };
  },
  apply(row, _parameters, fitted) {
    const mean = fitted!.mean!;
    const inverse = fitted!.deviation!.map((deviation) => 1 / deviation);
    const channels = mean.length;
    const data = row.data as Float32Array;
    const out = new Float32Array(data.length);
    for (let i = 0, c = 0; i < out.length; i++) {
      out[i] = (data[i]! - mean[c]!) * inverse[c]!;
      if (++c === channels) c = 0;
    }
    return { shape: row.shape, data: out };
  },
  undo(row, _parameters, fitted) {
    const mean = fitted!.mean!;
    const deviation = fitted!.deviation!;
    const channels = mean.length;
    const data = row.data as Float32Array;
    const out = new Float32Array(data.length);
    for (let i = 0, c = 0; i < out.length; i++) {
      out[i] = data[i]! * deviation[c]! + mean[c]!;
      if (++c === channels) c = 0;
    }
    return { shape: row.shape, data: out };
  },
};
