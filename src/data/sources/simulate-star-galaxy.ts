import { randomSource, streamKey } from "../../ops/philox.ts";
import { type OpticalBand, starGalaxyClasses } from "../../ops/readers/simulate-star-galaxy.ts";
import { rangeOf, uniformIn } from "../simulate/draw.ts";
import { normals } from "../simulate/noise.ts";
import { exposeObject, photograph } from "../simulate/survey.ts";
import type { Cell, SourceReader } from "../source.ts";

/** Two thirds of log-normal radii are within e^0.6 = 1.8 of the median. */
const radiusSpread = 0.6;
const seeingSpread = 0.1;

export const simulateStarGalaxy: SourceReader = {
  files: () => [],
  open(parameters) {
    const size = parameters.size as number;
    const pixel = parameters.pixel as number;
    const bands = parameters.bands as readonly OpticalBand[];
    const magnitudes = rangeOf(parameters.magnitude);
    const objects = streamKey(parameters.seed as string, "simulate", 0);
    const noise = streamKey(parameters.seed as string, "simulate", 1);
    const draw = (row: number): Record<string, Cell> => {
      const random = randomSource(objects, row);
      const isGalaxy = row % 2 === 1;
      const magnitude = uniformIn(random, magnitudes);
      const fwhm = (parameters.fwhm as number) * Math.exp(seeingSpread * random.normal());
      const radius = (parameters.radius as number) * Math.exp(radiusSpread * random.normal());
      const kind = isGalaxy ? (random.uniform() < 0.6 ? "spiral" : "elliptical") : "star";
      const stamp = exposeObject(kind, magnitude, radius, { size, pixel, fwhm, bands }, random);
      const { image, snr } = photograph(stamp, pixel, normals(noise, row, stamp.flux.length));
      return {
        image: { shape: [size, size, bands.length], data: image },
        class: Number(isGalaxy),
        magnitude,
        snr,
        radius: isGalaxy ? radius : 0,
      };
    };
    const number = { type: { kind: "tensor", dtype: "f32", shape: [] }, classes: null } as const;
    return {
      count: parameters.count as number,
      activity: "simulating",
      unit: "images",
      given: null,
      columns: {
        image: { type: { kind: "tensor", dtype: "f32", shape: [size, size, bands.length] }, classes: null },
        class: { type: { kind: "class", count: 2 }, classes: starGalaxyClasses },
        magnitude: number,
        snr: number,
        radius: number,
      },
      place: (row) => `row ${row}`,
      reader: () => draw,
    };
  },
};
