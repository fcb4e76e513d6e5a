import type { PrepareOp } from "../prepare.ts";

export const scale: PrepareOp = {
  name: "scale",
  family: "prepare",
  version: 1,
  doc:
    "Maps values to a range, as f32. For `u8` that is 0 .. 255 to the range, whatever the images hold; for `f32` it is the least and the greatest value of the " +
    "training rows (rows of other splits may fall outside).",
  example: `data pictures {
  source = image_folder("galaxies")
  input image : u8[64, 64, 3] = source.image
  target label : class[4] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
  prepare image { scale(-1 .. 1) }
}`,
  parameters: [
    { name: "range", type: { kind: "range" }, default: { from: 0, to: 1 }, doc: "What the values become." },
  ],
  infer(type) {
    if (type.kind !== "tensor" || (type.dtype !== "u8" && type.dtype !== "f32"))
      return { problem: "`scale` works on u8 and f32" };
    return { ...type, dtype: "f32" };
  },
  statistics: (type) => (type.kind === "tensor" && type.dtype === "u8" ? 0 : 1),
  fit(rows) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const { data } of rows)
      for (let i = 0; i < data.length; i++) {
        const value = data[i] as number;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    return { low: [low], high: [high] };
  },
  apply(row, parameters, fitted) {
    const { from, to } = parameters.range as { from: number; to: number };
    const low = fitted?.low?.[0] ?? 0;
    const span = (fitted?.high?.[0] ?? 255) - low;
    const factor = span > 0 ? (to - from) / span : 0;
    const out = new Float32Array(row.data.length);
    for (let i = 0; i < out.length; i++) out[i] = from + ((row.data[i] as number) - low) * factor;
    return { shape: row.shape, data: out };
  },
};
