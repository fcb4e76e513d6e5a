/** Metrics of images against images of the same shape: the mean over examples of a number for each. */
import { elementCount, type TensorType } from "../../types/tensor.ts";
import type { FieldType } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { MetricOp, Predicted } from "../metric.ts";
import type { Parameter, Parameters } from "../signature.ts";
import { checkNumbers } from "./regression.ts";

const peak: Parameter = {
  name: "range",
  type: { kind: "real", min: 0 },
  default: 1,
  doc: "From the least to the greatest value that an image can have: 1 for images in 0 .. 1, 2 for -1 .. 1.",
};

const example = (predicted: Predicted, i: number) => {
  const size = elementCount(predicted.outputShape);
  return {
    output: predicted.outputs.subarray(i * size, (i + 1) * size),
    truth: Float64Array.from({ length: size }, (_, p) => Number(predicted.targets[i * size + p]!)),
  };
};

function meanOverExamples(predicted: Predicted, of: (output: Float32Array, truth: Float64Array) => number) {
  let sum = 0;
  for (let i = 0; i < predicted.count; i++) {
    const { output, truth } = example(predicted, i);
    sum += of(output, truth);
  }
  return sum / predicted.count;
}

/** 10 log10(range^2 / MSE) of one image; infinite where it is met exactly. */
function signalToNoise(output: Float32Array, truth: Float64Array, range: number): number {
  let squares = 0;
  for (let p = 0; p < truth.length; p++) squares += (output[p]! - truth[p]!) ** 2;
  return 10 * Math.log10((range * range * truth.length) / squares);
}

const radius = 5;
const sigma = 1.5;
const window = (() => {
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
})();

/** Weighted means within each window that lies inside: `[H, W]` to `[H - 10, W - 10]`. */
function blurred(image: Float64Array, height: number, width: number): Float64Array {
  const inner = width - 2 * radius;
  const across = new Float64Array(height * inner);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < inner; x++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k]! * image[y * width + x + k]!;
      across[y * inner + x] = sum;
    }
  const out = new Float64Array((height - 2 * radius) * inner);
  for (let y = 0; y < height - 2 * radius; y++)
    for (let x = 0; x < inner; x++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k]! * across[(y + k) * inner + x]!;
      out[y * inner + x] = sum;
    }
  return out;
}

/** Mean structural similarity of one channel. */
function similarity(x: Float64Array, y: Float64Array, height: number, width: number, range: number): number {
  const c1 = (0.01 * range) ** 2;
  const c2 = (0.03 * range) ** 2;
  const product = (a: Float64Array, b: Float64Array) => a.map((value, i) => value * b[i]!);
  const [mx, my, xx, yy, xy] = [x, y, product(x, x), product(y, y), product(x, y)].map((image) =>
    blurred(image, height, width),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let sum = 0;
  for (let i = 0; i < mx.length; i++) {
    const a = mx[i]!;
    const b = my[i]!;
    const light = (2 * a * b + c1) / (a * a + b * b + c1);
    const structure = (2 * (xy[i]! - a * b) + c2) / (xx[i]! - a * a + yy[i]! - b * b + c2);
    sum += light * structure;
  }
  return sum / mx.length;
}

function structural(predicted: Predicted, parameters: Parameters): number {
  const [height, width, channels = 1] = predicted.outputShape as [number, number, number?];
  const range = parameters.range as number;
  const channel = (image: ArrayLike<number>, c: number) =>
    Float64Array.from({ length: height * width }, (_, p) => image[p * channels + c]!);
  return meanOverExamples(predicted, (output, truth) => {
    let sum = 0;
    for (let c = 0; c < channels; c++)
      sum += similarity(channel(output, c), channel(truth, c), height, width, range);
    return sum / channels;
  });
}

function checkImages(name: string, output: TensorType, target: FieldType): ShapeProblem | undefined {
  const problem = checkNumbers(name, output, target);
  if (problem) return problem;
  const shape = output.shape.slice(1) as readonly number[];
  if (shape.length < 2 || shape.length > 3)
    return {
      problem: `${name} compares images, f32[H, W] or f32[H, W, C], and these are [${shape.join(", ")}]`,
    };
  if (Math.min(shape[0]!, shape[1]!) < window.length)
    return {
      problem: `${name} looks through windows of ${window.length} x ${window.length} pixels, and the images are ${shape[0]} x ${shape[1]}`,
      hint: "use psnr or rmse for images as small as these",
    };
  return undefined;
}

export const imageMetrics: readonly MetricOp[] = [
  {
    name: "psnr",
    family: "metric",
    doc: "Peak signal-to-noise ratio in decibels, `10 log10(range^2 / MSE)` of each example, averaged over examples. The range is that of the images as they are fed (after `prepare`).",
    parameters: [peak],
    version: 1,
    goal: "max",
    unit: "number",
    check: (output, target) => checkNumbers("psnr", output, target),
    measure: (predicted, { range }) =>
      meanOverExamples(predicted, (output, truth) => signalToNoise(output, truth, range as number)),
  },
  {
    name: "ssim",
    family: "metric",
    doc: "Structural similarity of images (Wang et al. 2004): means, variances and covariance in Gaussian windows of 11 x 11 pixels (sigma 1.5; K1 = 0.01, K2 = 0.03), averaged over the windows that lie inside, channels and examples. 1 where images are equal.",
    parameters: [peak],
    version: 1,
    goal: "max",
    unit: "number",
    check: (output, target) => checkImages("ssim", output, target),
    measure: structural,
  },
];
