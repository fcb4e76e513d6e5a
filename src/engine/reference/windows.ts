/** Convolution, pooling and batch normalisation over NHWC. */
import type { Node } from "../../ops/node.ts";
import { padBefore } from "../../ops/primitives/convolution.ts";
import { boolAttr, intsAttr, stringAttr } from "../../ops/primitives/primitive.ts";
import { type Cell, floatAttr, type Kernel, type Kernels, outputArray } from "./kernel.ts";

interface Window {
  readonly image: readonly number[];
  readonly size: readonly [number, number];
  /** Height and width of the output. */
  readonly out: readonly [number, number];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: string;
}

/** Visits every pair of an output position and an input position below its window: `visit(out, in, tap)`, all without channels. */
function slide(window: Window, visit: (out: number, input: number, tap: number) => void): void {
  const { image, size, out, strides, dilations, padding } = window;
  const [n, height, width] = image as [number, number, number];
  const [top, left] = ([1, 2] as const).map((axis) =>
    padBefore(image[axis]!, size[axis - 1]!, strides[axis]!, dilations[axis]!, padding),
  ) as [number, number];
  for (let b = 0; b < n; b++) {
    for (let y = 0; y < out[0]; y++) {
      for (let x = 0; x < out[1]; x++) {
        const to = (b * out[0] + y) * out[1] + x;
        for (let p = 0; p < size[0]; p++) {
          const row = y * strides[1]! - top + p * dilations[1]!;
          if (row < 0 || row >= height) continue;
          for (let q = 0; q < size[1]; q++) {
            const column = x * strides[2]! - left + q * dilations[2]!;
            if (column >= 0 && column < width)
              visit(to, (b * height + row) * width + column, p * size[1] + q);
          }
        }
      }
    }
  }
}

function convolutionWindow(
  node: Node,
  image: readonly number[],
  filter: readonly number[],
  out: readonly number[],
): Window {
  return {
    image,
    size: [filter[0]!, filter[1]!],
    out: [out[1]!, out[2]!],
    strides: intsAttr(node.attrs, "strides"),
    dilations: intsAttr(node.attrs, "dilations", [1, 1, 1, 1]),
    padding: stringAttr(node.attrs, "padding"),
  };
}

const conv2D: Kernel = ([x, w], node) => {
  const [, , inputs, outputs] = w!.shape as [number, number, number, number];
  const out = outputArray(node);
  slide(convolutionWindow(node, x!.shape, w!.shape, node.outputs[0]!.shape), (to, from, tap) => {
    for (let c = 0; c < inputs; c++) {
      const value = x!.data[from * inputs + c]!;
      const weights = (tap * inputs + c) * outputs;
      for (let k = 0; k < outputs; k++) out[to * outputs + k]! += value * w!.data[weights + k]!;
    }
  });
  return [out];
};

const conv2DInput: Kernel = ([, w, dy], node) => {
  const [, , inputs, outputs] = w!.shape as [number, number, number, number];
  const out = outputArray(node);
  slide(convolutionWindow(node, node.outputs[0]!.shape, w!.shape, dy!.shape), (to, from, tap) => {
    for (let c = 0; c < inputs; c++) {
      const weights = (tap * inputs + c) * outputs;
      let sum = 0;
      for (let k = 0; k < outputs; k++) sum += dy!.data[to * outputs + k]! * w!.data[weights + k]!;
      out[from * inputs + c]! += sum;
    }
  });
  return [out];
};

const conv2DFilter: Kernel = ([x, , dy], node) => {
  const shape = node.outputs[0]!.shape;
  const [, , inputs, outputs] = shape as [number, number, number, number];
  const out = outputArray(node);
  slide(convolutionWindow(node, x!.shape, shape, dy!.shape), (to, from, tap) => {
    for (let c = 0; c < inputs; c++) {
      const value = x!.data[from * inputs + c]!;
      const weights = (tap * inputs + c) * outputs;
      for (let k = 0; k < outputs; k++) out[weights + k]! += value * dy!.data[to * outputs + k]!;
    }
  });
  return [out];
};

function poolWindow(node: Node, image: readonly number[], out: readonly number[]): Window {
  const ksize = intsAttr(node.attrs, "ksize");
  return {
    image,
    size: [ksize[1]!, ksize[2]!],
    out: [out[1]!, out[2]!],
    strides: intsAttr(node.attrs, "strides"),
    dilations: [1, 1, 1, 1],
    padding: stringAttr(node.attrs, "padding"),
  };
}

/** Where the largest element of each window lies; the first of equals. */
function largest(x: Cell, node: Node, out: readonly number[]): Int32Array {
  const channels = x.shape[3]!;
  const at = new Int32Array(out.reduce((a, b) => a * b, 1)).fill(-1);
  slide(poolWindow(node, x.shape, out), (to, from) => {
    for (let c = 0; c < channels; c++) {
      const best = at[to * channels + c]!;
      if (best < 0 || x.data[from * channels + c]! > x.data[best]!)
        at[to * channels + c] = from * channels + c;
    }
  });
  return at;
}

const maxPool: Kernel = ([x], node) => [
  Float64Array.from(largest(x!, node, node.outputs[0]!.shape), (at) => x!.data[at]!),
];

const maxPoolGrad: Kernel = ([x, y, dy], node) => {
  const out = outputArray(node);
  for (const [i, at] of largest(x!, node, y!.shape).entries()) out[at]! += dy!.data[i]!;
  return [out];
};

/** How many positions of the image each window covers: padding does not count. */
function covered(window: Window): Float64Array {
  const counts = new Float64Array(window.image[0]! * window.out[0] * window.out[1]);
  slide(window, (to) => {
    counts[to]!++;
  });
  return counts;
}

const avgPool: Kernel = ([x], node) => {
  const out = outputArray(node);
  const channels = x!.shape[3]!;
  const window = poolWindow(node, x!.shape, node.outputs[0]!.shape);
  const counts = covered(window);
  slide(window, (to, from) => {
    for (let c = 0; c < channels; c++) out[to * channels + c]! += x!.data[from * channels + c]! / counts[to]!;
  });
  return [out];
};

const avgPoolGrad: Kernel = ([, dy], node) => {
  const { shape } = node.outputs[0]!;
  const out = outputArray(node);
  const channels = shape[3]!;
  const window = poolWindow(node, shape, dy!.shape);
  const counts = covered(window);
  slide(window, (to, from) => {
    for (let c = 0; c < channels; c++)
      out[from * channels + c]! += dy!.data[to * channels + c]! / counts[to]!;
  });
  return [out];
};

/** Mean and variance (over n, not n - 1) of each channel. */
function moments({ data }: Cell, channels: number): readonly [Float64Array, Float64Array] {
  const count = data.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) mean[i % channels]! += data[i]! / count;
  for (let i = 0; i < data.length; i++)
    variance[i % channels]! += (data[i]! - mean[i % channels]!) ** 2 / count;
  return [mean, variance];
}

const batchNorm: Kernel = ([x, scale, offset, mean, variance], node) => {
  const channels = scale!.data.length;
  const epsilon = floatAttr(node.attrs, "epsilon", 0.0001);
  const training = boolAttr(node.attrs, "is_training", true);
  const [m, v] = training ? moments(x!, channels) : [mean!.data, variance!.data];
  const y = x!.data.map((value, i) => {
    const c = i % channels;
    return ((value - m[c]!) / Math.sqrt(v[c]! + epsilon)) * scale!.data[c]! + offset!.data[c]!;
  });
  const reserved = new Float64Array(1);
  if (!training) return [y, m, v, m, v, reserved];
  const factor = floatAttr(node.attrs, "exponential_avg_factor", 1);
  const count = x!.data.length / channels;
  const unbiased = v.map((value) => (value * count) / Math.max(1, count - 1));
  const moved = (old: Float64Array, now: Float64Array) =>
    now.map((value, c) => (factor === 1 ? value : (1 - factor) * old[c]! + factor * value));
  return [y, moved(mean!.data, m), moved(variance!.data, unbiased), m, v, reserved];
};

const batchNormGrad: Kernel = ([dy, x, scale, mean, variance], node) => {
  const channels = scale!.data.length;
  const epsilon = floatAttr(node.attrs, "epsilon", 0.0001);
  const training = boolAttr(node.attrs, "is_training", true);
  const count = x!.data.length / channels;
  const inverse = variance!.data.map((value) => 1 / Math.sqrt(value + epsilon));
  const normal = x!.data.map((value, i) => (value - mean!.data[i % channels]!) * inverse[i % channels]!);
  const dscale = new Float64Array(channels);
  const doffset = new Float64Array(channels);
  for (const [i, d] of dy!.data.entries()) {
    dscale[i % channels]! += d * normal[i]!;
    doffset[i % channels]! += d;
  }
  const dx = dy!.data.map((d, i) => {
    const c = i % channels;
    const through = training ? d - (doffset[c]! + normal[i]! * dscale[c]!) / count : d;
    return scale!.data[c]! * inverse[c]! * through;
  });
  return [dx, dscale, doffset, new Float64Array(0), new Float64Array(0)];
};

export const windows: Kernels = {
  Conv2D: conv2D,
  Conv2DBackpropInput: conv2DInput,
  Conv2DBackpropFilter: conv2DFilter,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
  FusedBatchNormV3: batchNorm,
  FusedBatchNormGradV3: batchNormGrad,
};
