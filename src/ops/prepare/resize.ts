import { heightWidth, pixelSize } from "../pixel-size.ts";
import type { PrepareOp } from "../prepare.ts";
import { imageSize, imageToSize } from "./row.ts";

/** For each output pixel, the first input pixel that it draws on, and the weights from there on. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

const tapsOf = new Map<string, Taps>();

/**
 * A triangle as wide as two input pixels, or two output pixels where the image shrinks: what Pillow calls BILINEAR.
 * Output pixel `i` is centred on `(i + 0.5) * input / output`; weights are cut at the border and sum to 1.
 */
function triangleTaps(input: number, output: number): Taps {
  const key = `${input}:${output}`;
  const known = tapsOf.get(key);
  if (known) return known;
  const ratio = input / output;
  const support = Math.max(ratio, 1);
  const first = new Int32Array(output);
  const weights: Float64Array[] = [];
  for (let i = 0; i < output; i++) {
    const centre = (i + 0.5) * ratio;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(input, Math.trunc(centre + support + 0.5));
    const row = new Float64Array(to - from);
    let sum = 0;
    for (let j = from; j < to; j++) {
      const weight = Math.max(0, 1 - Math.abs((j - centre + 0.5) / support));
      row[j - from] = weight;
      sum += weight;
    }
    for (let j = 0; j < row.length; j++) row[j] = row[j]! / sum;
    first[i] = from;
    weights.push(row);
  }
  const taps = { first, weights };
  tapsOf.set(key, taps);
  return taps;
}

/** For each output pixel the input pixel that its centre lies in. */
const nearest = (input: number, output: number): Int32Array =>
  Int32Array.from({ length: output }, (_, i) => Math.floor(((i + 0.5) * input) / output));

function resizeLabels(labels: Int32Array, columns: number, down: Int32Array, across: Int32Array): Int32Array {
  const out = new Int32Array(down.length * across.length);
  let at = 0;
  for (const y of down) for (const x of across) out[at++] = labels[y * columns + x]!;
  return out;
}

export const resize: PrepareOp = {
  name: "resize",
  moves: true,
  family: "prepare",
  version: 1,
  doc:
    "Changes an image's size without aliasing: when shrinking, each new pixel is a weighted mean of all old ones that it covers (a triangle filter, as Pillow's BILINEAR). " +
    "`u8` stays `u8`, rounded. Labels of pixels, `class[K][H, W]`, take the nearest old pixel, so that image and labels may be named together.",
  example: "prepare image { resize(16 px) }",
  parameters: [
    {
      name: "size",
      type: pixelSize,
      doc: "Width and height; or a list: height, width.",
    },
  ],
  infer(type, parameters) {
    const asked = imageToSize("resize", type, parameters);
    if ("problem" in asked) return asked;
    const { image, size } = asked;
    return { ...image, shape: [...size, ...image.shape.slice(2)] };
  },
  apply(row, parameters) {
    const [height, width] = heightWidth(parameters.size);
    const [rows, columns, channels] = imageSize(row);
    if (row.data instanceof Int32Array) {
      const data = resizeLabels(row.data, columns, nearest(rows, height), nearest(columns, width));
      return { shape: [height, width], data };
    }
    const across = triangleTaps(columns, width);
    const narrow = new Float64Array(rows * width * channels);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < width; x++) {
        const weights = across.weights[x]!;
        const from = (y * columns + across.first[x]!) * channels;
        const to = (y * width + x) * channels;
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let j = 0; j < weights.length; j++)
            sum += weights[j]! * (row.data[from + j * channels + c] as number);
          narrow[to + c] = sum;
        }
      }
    const down = triangleTaps(rows, height);
    const stride = width * channels;
    const integer = row.data instanceof Uint8Array;
    const out = integer ? new Uint8Array(height * stride) : new Float32Array(height * stride);
    for (let y = 0; y < height; y++) {
      const weights = down.weights[y]!;
      const from = down.first[y]! * stride;
      for (let x = 0; x < stride; x++) {
        let sum = 0;
        for (let j = 0; j < weights.length; j++) sum += weights[j]! * narrow[from + j * stride + x]!;
        out[y * stride + x] = integer ? Math.floor(sum + 0.5) : sum;
      }
    }
    return { shape: [height, width, ...row.shape.slice(2)], data: out };
  },
};
