import { type RandomSource, randomSource, streamKey } from "../../ops/philox.ts";
import type { OpCall, Parameters } from "../../ops/signature.ts";
import { gaussianBlur } from "../simulate/blur.ts";
import { rangeOf, uniformIn } from "../simulate/draw.ts";
import { type Ellipsoid, type LightSource, lensedImage } from "../simulate/lens.ts";
import { normals } from "../simulate/noise.ts";
import type { Cell, SourceReader } from "../source.ts";

/** Cells of the ray-traced grid along a pixel. */
const oversampling = 2;
const leastMagnification = 2;
/** Sources that are drawn before the last one is taken as it is. */
const tries = 12;

const partOf = (parameters: Parameters, name: string): Parameters =>
  (parameters[name] as unknown as OpCall).parameters;

function drawLens(profile: Parameters, random: RandomSource): Ellipsoid {
  const offset = profile.offset as number;
  return {
    einsteinRadius: uniformIn(random, rangeOf(profile.einstein_radius)),
    ellipticity: uniformIn(random, rangeOf(profile.ellipticity)),
    angle: 2 * Math.PI * random.uniform(),
    x: uniformIn(random, { from: -offset, to: offset }),
    y: uniformIn(random, { from: -offset, to: offset }),
  };
}

function drawSource(light: Parameters, lens: Ellipsoid, near: boolean, random: RandomSource): LightSource {
  const reach = lens.einsteinRadius * (near ? 1 / 3 : 1) * Math.sqrt(random.uniform());
  const direction = 2 * Math.PI * random.uniform();
  return {
    index: uniformIn(random, rangeOf(light.index)),
    radius: uniformIn(random, rangeOf(light.size)),
    axisRatio: uniformIn(random, { from: 0.4, to: 1 }),
    angle: Math.PI * random.uniform(),
    x: lens.x + reach * Math.cos(direction),
    y: lens.y + reach * Math.sin(direction),
  };
}

const sum = (image: Float64Array): number => image.reduce((total, value) => total + value, 0);

/** White noise, or white noise blurred with the weights 1 2 1 in both directions; deviation 1 either way. */
function grainOf(white: Float64Array, size: number, coloured: boolean): Float64Array {
  if (!coloured) return white;
  const weights = [1, 2, 1];
  const out = new Float64Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      let total = 0;
      for (let v = 0; v < 3; v++)
        for (let u = 0; u < 3; u++)
          // Around the border: the deviation is the same everywhere.
          total +=
            weights[u]! *
            weights[v]! *
            white[((y + v + size - 1) % size) * size + ((x + u + size - 1) % size)]!;
      // The squares of the nine weights sum to 36.
      out[y * size + x] = total / 6;
    }
  return out;
}

export const simulateLens: SourceReader = {
  files: () => [],
  open(parameters) {
    const size = parameters.size as number;
    const pixel = parameters.pixel as number;
    const [profile, light, psf] = ["profile", "source", "psf"].map((name) => partOf(parameters, name)) as [
      Parameters,
      Parameters,
      Parameters,
    ];
    const objects = streamKey(parameters.seed as string, "simulate", 0);
    const noise = streamKey(parameters.seed as string, "simulate", 1);
    const fine = size * oversampling;
    const draw = (row: number): Record<string, Cell> => {
      const random = randomSource(objects, row);
      const lens = drawLens(profile, random);
      const near = random.uniform() < 0.5;
      let source = drawSource(light, lens, near, random);
      for (let i = 1; i < tries; i++) {
        // A coarse look is enough to tell how much it is magnified.
        const coarse = Math.ceil(size / 2);
        if (sum(lensedImage(lens, source, coarse, (pixel * size) / coarse)) >= leastMagnification) break;
        source = drawSource(light, lens, near, random);
      }
      const sharp = lensedImage(lens, source, fine, pixel / oversampling);
      const blurred = gaussianBlur(sharp, fine, uniformIn(random, rangeOf(psf.width)) * oversampling);
      const image = new Float64Array(size * size);
      for (let j = 0; j < fine; j++)
        for (let i = 0; i < fine; i++)
          image[Math.floor(j / oversampling) * size + Math.floor(i / oversampling)]! +=
            blurred[j * fine + i]!;
      const peak = image.reduce((most, value) => Math.max(most, value), 0) || 1;
      const deviation = uniformIn(random, rangeOf(parameters.noise));
      const coloured = random.uniform() < 0.75;
      const grain = grainOf(normals(noise, row, size * size), size, coloured);
      return {
        image: {
          shape: [size, size, 1],
          data: Float32Array.from(image, (value, p) => value / peak + deviation * grain[p]!),
        },
        parameters: {
          shape: [5],
          data: Float32Array.of(
            lens.einsteinRadius,
            lens.ellipticity * Math.cos(lens.angle),
            lens.ellipticity * Math.sin(lens.angle),
            lens.x,
            lens.y,
          ),
        },
        magnification: sum(sharp),
      };
    };
    return {
      count: parameters.count as number,
      activity: "simulating",
      unit: "images",
      given: null,
      columns: {
        image: { type: { kind: "tensor", dtype: "f32", shape: [size, size, 1] }, classes: null },
        parameters: { type: { kind: "tensor", dtype: "f32", shape: [5] }, classes: null },
        magnification: { type: { kind: "tensor", dtype: "f32", shape: [] }, classes: null },
      },
      place: (row) => `row ${row}`,
      reader: () => draw,
    };
  },
};
