import { randomSource, streamKey } from "../../ops/philox.ts";
import { type Band, bandWavelengths, type GalaxyClass } from "../../ops/readers/simulate-galaxies.ts";
import { drawObject } from "../simulate/galaxy.ts";
import { normals, poisson } from "../simulate/noise.ts";
import { createCamera, pointSpread } from "../simulate/psf.ts";
import type { Cell, SourceReader } from "../source.ts";

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Formulas: Sersic (1963), exponential discs with logarithmic arms, Moffat (1969), Poisson and read noise. See the operator's page. */
export const simulateGalaxies: SourceReader = {
  files: () => [],
  open(parameters) {
    const count = parameters.count as number;
    const size = parameters.size as number;
    const bands = parameters.bands as readonly Band[];
    const classes = parameters.classes as readonly GalaxyClass[];
    const pixel = parameters.pixel as number;
    const magnitudes = parameters.magnitude as unknown as Range;
    const radii = parameters.radius as unknown as Range;
    const exposure = parameters.exposure as number;
    const zeroPoint = parameters.zero_point as number;
    const readNoise = parameters.read_noise as number;
    const readVariance = readNoise * readNoise;

    const fwhm = (parameters.fwhm as number) / pixel;
    const camera = createCamera(
      size,
      Math.max(2, Math.ceil(3 / fwhm)),
      pointSpread(parameters.psf as "moffat" | "gaussian", fwhm),
    );
    const radius = { from: radii.from / pixel, to: radii.to / pixel };
    const sky = 10 ** (-0.4 * ((parameters.sky as number) - zeroPoint)) * pixel * pixel * exposure;
    const background = Math.sqrt(sky + readVariance) || 1;
    // Spectra are straight lines in log wavelength against magnitude: 0 at Y, 1 at H.
    const span = Math.log(bandWavelengths.H / bandWavelengths.Y);
    const positions = bands.map((band) => Math.log(bandWavelengths[band] / bandWavelengths.Y) / span);

    const objects = streamKey(parameters.seed as string, "simulate", 0);
    const noise = streamKey(parameters.seed as string, "simulate", 1);

    const draw = (row: number): Record<string, Cell> => {
      const random = randomSource(objects, row);
      const label = row % classes.length;
      const magnitude = magnitudes.from + (magnitudes.to - magnitudes.from) * random.uniform();
      const components = drawObject(classes[label]!, radius, camera, random);
      const tints = components.map(({ colour }) =>
        positions.map((position) => 10 ** (0.4 * colour * position)),
      );
      // `magnitude` is the mean over the bands.
      const totals = positions.map((_, b) =>
        components.reduce((sum, { share }, k) => sum + share * tints[k]![b]!, 0),
      );
      const mean = totals.reduce((sum, total) => sum + Math.log(total), 0) / bands.length;
      const electrons = 10 ** (-0.4 * (magnitude - zeroPoint)) * exposure * Math.exp(-mean);

      const data = new Float32Array(size * size * bands.length);
      const grain = normals(noise, row, 2 * data.length);
      let signal = 0;
      for (let p = 0; p < size * size; p++)
        for (let b = 0; b < bands.length; b++) {
          let expected = 0;
          for (let k = 0; k < components.length; k++) expected += components[k]!.image[p]! * tints[k]![b]!;
          expected *= electrons;
          signal += (expected * expected) / (expected + sky + readVariance || 1);
          const at = p * bands.length + b;
          const counted = poisson(expected + sky, grain[2 * at]!) - sky + readNoise * grain[2 * at + 1]!;
          data[at] = counted / background;
        }
      return {
        image: { shape: [size, size, bands.length], data },
        class: label,
        snr: Math.sqrt(signal),
        magnitude,
      };
    };

    const number = { type: { kind: "tensor", dtype: "f32", shape: [] }, classes: null } as const;
    return {
      count,
      activity: "simulating",
      unit: "images",
      given: null,
      columns: {
        image: { type: { kind: "tensor", dtype: "f32", shape: [size, size, bands.length] }, classes: null },
        class: { type: { kind: "class", count: classes.length }, classes },
        snr: number,
        magnitude: number,
      },
      place: (row) => `row ${row}`,
      reader: () => draw,
    };
  },
};
