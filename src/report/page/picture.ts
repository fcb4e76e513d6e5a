/** Inputs of the network as pictures. */
import { PNG } from "pngjs";
import { quantile } from "../../stats/bootstrap.ts";
import { dataUri } from "./markup.ts";

/**
 * An input `[H, W, C]` as a PNG. One or two channels are grey (the first), three and more the first three as red, green, blue. The values
 * between the 1st and the 99.5th percentile of all fill the range: prepared data has no range of its own.
 */
export function pictureUri(picture: {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}): string | null {
  const [height, width, channels = 1] = picture.shape;
  if (!height || !width || picture.shape.length < 2 || picture.shape.length > 3) return null;
  const sorted = Array.from(picture.data).sort((a, b) => a - b);
  const low = quantile(sorted, 0.01);
  const range = quantile(sorted, 0.995) - low || 1;
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let k = 0; k < 3; k++) {
      const value = picture.data[pixel * channels + (channels >= 3 ? k : 0)]!;
      png.data[4 * pixel + k] = Math.max(0, Math.min(255, Math.round((255 * (value - low)) / range)));
    }
    png.data[4 * pixel + 3] = 255;
  }
  return dataUri("image/png", PNG.sync.write(png));
}
