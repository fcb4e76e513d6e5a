import type { ReaderOp } from "../reader.ts";
import { countParameter, seedParameter } from "./simulate-star-galaxy.ts";

export const transitClasses = ["no transit", "transit"] as const;

export const simulateTransits: ReaderOp = {
  name: "simulate.transits",
  family: "reader",
  version: 1,
  doc:
    "Light curves of stars, every second one with the transit of a planet (the grid of Pearson et al. 2018, drawn at random).\n\n" +
    "The dip is that of a dark disc before a star with quadratic limb darkening (0.5, 0) and `a / R = 12`; the star varies by a slow wave whose amplitude and length change; noise is normal. " +
    "Rows without a transit have the same variability and noise. Fields: `flux` (`f32[length, 1]`, 1 outside of transits), `class` (no transit, transit), `depth` (the square of the ratio of radii), " +
    "`snr` (depth over the deviation of the noise) and `period` (days).",
  example: `data shown {
  source = simulate.transits(count: 4000, snr: 1.5 .. 4.5)
  input flux : f32[180, 1] = source.flux
  target label : class[2] = source.class
  keep depth : f32 = source.depth
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
  prepare flux { standardize_row }
}`,
  positional: 0,
  parameters: [
    countParameter,
    { name: "length", type: { kind: "int", min: 16 }, default: 180, doc: "Points of a light curve." },
    {
      name: "cadence",
      type: { kind: "real", min: 0.001 },
      default: 2,
      doc: "Minutes from one point to the next.",
    },
    {
      name: "depth",
      type: { kind: "range" },
      default: { from: 0.0002, to: 0.01 },
      doc: "Square of the ratio of radii, log-uniform in this range: 0.0002 is 200 ppm.",
    },
    {
      name: "snr",
      type: { kind: "range" },
      default: { from: 1.5, to: 4.5 },
      doc: "Depth over the deviation of the noise of a point, uniform in this range.",
    },
    {
      name: "variability",
      type: { kind: "range" },
      default: { from: 0.00025, to: 0.002 },
      doc: "Amplitude of the star's own variation, log-uniform in this range.",
    },
    seedParameter,
  ],
  fields: ({ length }) => {
    const number = { kind: "tensor", dtype: "f32", shape: [] } as const;
    return {
      flux: { kind: "tensor", dtype: "f32", shape: [length as number, 1] },
      class: { kind: "class", count: 2 },
      depth: number,
      snr: number,
      period: number,
    };
  },
  count: (parameters) => parameters.count as number,
};
