/** Matrix products, biases, softmax and cross-entropies. */
import { boolAttr, broadcast } from "../../ops/primitives/primitive.ts";
import { elementCount } from "../../types/tensor.ts";
import { broadcastStrides, type Cell, type Kernel, type Kernels, outputArray, walk } from "./kernel.ts";

/** `[n, k]` times `[k, m]` at the given offsets, either of them read transposed. */
function product(
  a: Float64Array,
  aAt: number,
  transposeA: boolean,
  b: Float64Array,
  bAt: number,
  transposeB: boolean,
  out: Float64Array,
  outAt: number,
  n: number,
  k: number,
  m: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let l = 0; l < k; l++) {
      const x = a[aAt + (transposeA ? l * n + i : i * k + l)]!;
      for (let j = 0; j < m; j++)
        out[outAt + i * m + j]! += x * b[bAt + (transposeB ? j * k + l : l * m + j)]!;
    }
  }
}

const matMul: Kernel = ([a, b], node) => {
  const ta = boolAttr(node.attrs, "transpose_a", false);
  const tb = boolAttr(node.attrs, "transpose_b", false);
  const [n, m] = node.outputs[0]!.shape as [number, number];
  const out = outputArray(node);
  product(a!.data, 0, ta, b!.data, 0, tb, out, 0, n, a!.shape[ta ? 0 : 1]!, m);
  return [out];
};

const batchMatMul: Kernel = ([x, y], node) => {
  const ax = boolAttr(node.attrs, "adj_x", false);
  const ay = boolAttr(node.attrs, "adj_y", false);
  const [n, m] = node.outputs[0]!.shape.slice(-2) as [number, number];
  const k = x!.shape.at(ax ? -2 : -1)!;
  const out = outputArray(node);
  const outer = broadcast(x!.shape.slice(0, -2), y!.shape.slice(0, -2));
  const which = ({ shape }: Cell) => {
    const at: number[] = [];
    walk(outer, broadcastStrides(shape.slice(0, -2), outer), (_, a) => at.push(a));
    return at;
  };
  const [xs, ys] = [which(x!), which(y!)];
  for (const [i, at] of xs.entries())
    product(x!.data, at * n * k, ax, y!.data, ys[i]! * k * m, ay, out, i * n * m, n, k, m);
  return [out];
};

const biasAdd: Kernel = ([value, bias]) => {
  const channels = bias!.data.length;
  return [value!.data.map((x, i) => x + bias!.data[i % channels]!)];
};

const biasAddGrad: Kernel = ([dy], node) => {
  const out = outputArray(node);
  for (let i = 0; i < dy!.data.length; i++) out[i % out.length]! += dy!.data[i]!;
  return [out];
};

/** log(softmax) over the last axis. */
function logSoftmax({ shape, data }: Cell): Float64Array {
  const width = shape.at(-1)!;
  const out = new Float64Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < width; i++) max = Math.max(max, data[row + i]!);
    let sum = 0;
    for (let i = 0; i < width; i++) sum += Math.exp(data[row + i]! - max);
    for (let i = 0; i < width; i++) out[row + i] = data[row + i]! - max - Math.log(sum);
  }
  return out;
}

/** Loss and softmax - labels of each example. */
function crossEntropy(logits: Cell, labels: Float64Array): readonly Float64Array[] {
  const width = logits.shape[1]!;
  const logs = logSoftmax(logits);
  const losses = new Float64Array(logits.shape[0]!);
  for (let i = 0; i < logs.length; i++) {
    // A label of 0 counts nothing, even where the logarithm is infinite.
    if (labels[i] !== 0) losses[Math.floor(i / width)]! -= labels[i]! * logs[i]!;
  }
  return [losses, logs.map((log, i) => Math.exp(log) - labels[i]!)];
}

const sparse: Kernel = ([logits, labels]) => {
  const width = logits!.shape[1]!;
  const rows = new Float64Array(elementCount(logits!.shape));
  for (const [i, label] of labels!.data.entries()) {
    if (label < 0 || label >= width)
      throw new Error(
        `Received a label value of ${label} which is outside the valid range of [0, ${width}).`,
      );
    rows[i * width + label] = 1;
  }
  return crossEntropy(logits!, rows);
};

export const linear: Kernels = {
  MatMul: matMul,
  BatchMatMulV2: batchMatMul,
  BiasAdd: biasAdd,
  BiasAddGrad: biasAddGrad,
  Softmax: ([x]) => [logSoftmax(x!).map(Math.exp)],
  LogSoftmax: ([x]) => [logSoftmax(x!)],
  SoftmaxCrossEntropyWithLogits: ([logits, labels]) => crossEntropy(logits!, labels!.data),
  SparseSoftmaxCrossEntropyWithLogits: sparse,
};
