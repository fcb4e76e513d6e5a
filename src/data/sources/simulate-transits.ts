import { type RandomSource, randomSource, streamKey } from "../../ops/philox.ts";
import { transitClasses } from "../../ops/readers/simulate-transits.ts";
import { logUniformIn, rangeOf, uniformIn } from "../simulate/draw.ts";
import { normals } from "../simulate/noise.ts";
import { skyDistance, transitFlux } from "../simulate/transit.ts";
import type { Cell, SourceReader } from "../source.ts";

const distance = 12;
const darkening = [0.5, 0] as const;

const oneOf = (random: RandomSource, values: readonly number[]): number =>
  values[random.below(values.length)]!;

/** 1 + A(t) sin(2 pi t / w(t) + phi) with A(t) = A (1 + sin(2 pi t / P)) and w(t) likewise; times in days (Pearson et al. 2018). */
function wave(amplitude: number, window: number, random: RandomSource): (t: number) => number {
  const length = oneOf(random, [6, 12, 24]) / 24;
  const phase = uniformIn(random, { from: 0, to: Math.PI });
  const amplitudePeriod = oneOf(random, [-4 * window, 4 * window, 100]);
  const lengthPeriod = oneOf(random, [-12 * window, 4 * window, 100]);
  return (t) => {
    const height = amplitude * (1 + Math.sin((2 * Math.PI * t) / amplitudePeriod));
    const stretch = length * (1 + Math.sin((2 * Math.PI * t) / lengthPeriod));
    return 1 + height * Math.sin((2 * Math.PI * t) / stretch + phase);
  };
}

export const simulateTransits: SourceReader = {
  files: () => [],
  open(parameters) {
    const length = parameters.length as number;
    const step = (parameters.cadence as number) / (24 * 60);
    const objects = streamKey(parameters.seed as string, "simulate", 0);
    const noise = streamKey(parameters.seed as string, "simulate", 1);
    const draw = (row: number): Record<string, Cell> => {
      const random = randomSource(objects, row);
      const hasPlanet = row % 2 === 1;
      const depth = logUniformIn(random, rangeOf(parameters.depth));
      const snr = uniformIn(random, rangeOf(parameters.snr));
      const period = uniformIn(random, { from: 2, to: 4 });
      const inclination = (uniformIn(random, { from: 86, to: 90 }) * Math.PI) / 180;
      const varies = wave(logUniformIn(random, rangeOf(parameters.variability)), length * step, random);
      const grain = normals(noise, row, length);
      const flux = Float32Array.from({ length }, (_, i) => {
        const t = (i - (length - 1) / 2) * step;
        const z = skyDistance({ period, distance, inclination }, t);
        const star = hasPlanet ? transitFlux(z, Math.sqrt(depth), ...darkening) : 1;
        return star * varies(t) + (depth / snr) * grain[i]!;
      });
      return { flux: { shape: [length, 1], data: flux }, class: Number(hasPlanet), depth, snr, period };
    };
    const number = { type: { kind: "tensor", dtype: "f32", shape: [] }, classes: null } as const;
    return {
      count: parameters.count as number,
      activity: "simulating",
      unit: "light curves",
      given: null,
      columns: {
        flux: { type: { kind: "tensor", dtype: "f32", shape: [length, 1] }, classes: null },
        class: { type: { kind: "class", count: 2 }, classes: transitClasses },
        depth: number,
        snr: number,
        period: number,
      },
      place: (row) => `row ${row}`,
      reader: () => draw,
    };
  },
};
