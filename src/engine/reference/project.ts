/** `ImageProjectiveTransformV3`: `tensorflow/core/kernels/image/image_ops.h` says what each mode does. */
import { stringAttr } from "../../ops/primitives/primitive.ts";
import { type Kernel, outputArray } from "./kernel.ts";

/** Where a position outside the image is read. */
function mapCoordinate(at: number, length: number, mode: string): number {
  if (mode === "CONSTANT") return at;
  const clamp = (value: number) => Math.min(Math.max(value, 0), length - 1);
  if (mode === "NEAREST" || length <= 1) return clamp(at);
  if (mode === "REFLECT") {
    // [abcd] goes on as [dcba|abcd|dcba].
    const period = 2 * length;
    if (at < 0) {
      const near = at < period ? period * Math.trunc(-at / period) + at : at;
      return clamp(near < -length ? near + period : -near - 1);
    }
    if (at > length - 1) {
      const near = at - period * Math.trunc(at / period);
      return clamp(near >= length ? period - near - 1 : near);
    }
    return at;
  }
  // WRAP
  const gaps = length - 1;
  if (at < 0) return clamp(at + length * (Math.trunc(-at / gaps) + 1));
  return clamp(at > length - 1 ? at - length * Math.trunc(at / gaps) : at);
}

export const project: Kernel = ([images, transforms, , fill], node) => {
  const [n, height, width, channels] = images!.shape as [number, number, number, number];
  const [, rows, columns] = node.outputs[0]!.shape as [number, number, number, number];
  const mode = stringAttr(node.attrs, "fill_mode", "CONSTANT");
  const nearest = stringAttr(node.attrs, "interpolation") === "NEAREST";
  const out = outputArray(node);
  const outside = fill!.data[0]!;
  for (let b = 0; b < n; b++) {
    const at = transforms!.shape[0] === 1 ? 0 : 8 * b;
    const [a0, a1, a2, b0, b1, b2, c0, c1] = transforms!.data.subarray(at, at + 8) as unknown as number[];
    const read = (y: number, x: number, c: number) =>
      y >= 0 && y < height && x >= 0 && x < width
        ? images!.data[((b * height + y) * width + x) * channels + c]!
        : outside;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const to = ((b * rows + y) * columns + x) * channels;
        const scale = c0! * x + c1! * y + 1;
        if (scale === 0) {
          out.fill(outside, to, to + channels);
          continue;
        }
        const fx = mapCoordinate((a0! * x + a1! * y + a2!) / scale, width, mode);
        const fy = mapCoordinate((b0! * x + b1! * y + b2!) / scale, height, mode);
        const [x0, y0] = [Math.floor(fx), Math.floor(fy)];
        for (let c = 0; c < channels; c++) {
          if (nearest) {
            out[to + c] = read(roundAway(fy), roundAway(fx), c);
            continue;
          }
          const upper = (x0 + 1 - fx) * read(y0, x0, c) + (fx - x0) * read(y0, x0 + 1, c);
          const lower = (x0 + 1 - fx) * read(y0 + 1, x0, c) + (fx - x0) * read(y0 + 1, x0 + 1, c);
          out[to + c] = (y0 + 1 - fy) * upper + (fy - y0) * lower;
        }
      }
    }
  }
  return [out];
};

/** Halves go away from zero, as C's `round` sends them. */
const roundAway = (x: number): number => Math.sign(x) * Math.round(Math.abs(x));
