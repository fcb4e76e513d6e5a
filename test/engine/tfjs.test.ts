/** A third opinion that needs no native library: the values of tfjs on its CPU kernels. */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { openReference } from "../../src/engine/reference/open.ts";
import { createBuilder } from "../../src/graph/builder.ts";
import { cases, draw } from "../graph/cases.ts";

type Operation = (...xs: tf.Tensor[]) => tf.Tensor;

const images = (x: tf.Tensor) => x as tf.Tensor4D;
const convolution =
  (stride: number, dilation: number, padding: "same" | "valid"): Operation =>
  (x, w) =>
    tf.conv2d(images(x!), images(w!), stride, padding, "NHWC", dilation);

/** By the names in `cases.ts`. */
const operations: Readonly<Record<string, Operation>> = {
  "Conv2D, stride 1, dilation 1, SAME": convolution(1, 1, "same"),
  "Conv2D, stride 2, dilation 1, SAME": convolution(2, 1, "same"),
  "Conv2D, stride 2, dilation 1, VALID": convolution(2, 1, "valid"),
  "MaxPool 2, stride 2, VALID": (x) => tf.maxPool(images(x!), 2, 2, "valid"),
  "MaxPool 3, stride 2, SAME": (x) => tf.maxPool(images(x!), 3, 2, "same"),
  "AvgPool 2, stride 2, VALID": (x) => tf.avgPool(images(x!), 2, 2, "valid"),
  "AvgPool 3, stride 2, SAME": (x) => tf.avgPool(images(x!), 3, 2, "same"),
  "MatMul plain by transposed": (a, b) => tf.matMul(a!, b!, false, true),
  "FusedBatchNormV3 in training": (x, scale, offset) => {
    const { mean, variance } = tf.moments(x!, [0, 1, 2]);
    const normal = tf.div(tf.sub(x!, mean), tf.sqrt(tf.add(variance, 0.001)));
    return tf.add(tf.mul(normal, scale!), offset!);
  },
  Softmax: (x) => tf.softmax(x!),
  LogSoftmax: (x) => tf.logSoftmax(x!),
  SparseSoftmaxCrossEntropyWithLogits: (x) =>
    tf.neg(tf.sum(tf.mul(tf.logSoftmax(x!), tf.oneHot([2, 0, 3], 4)), 1)),
  Elu: (x) => tf.elu(x!),
  Selu: (x) => tf.selu(x!),
  Softplus: (x) => tf.softplus(x!),
  Tanh: (x) => tf.tanh(x!),
  "Sum over 0 2": (x) => tf.sum(x!, [0, 2]),
  "Mul, broadcast both ways": (x, y) => tf.mul(x!, y!),
  Transpose: (x) => tf.transpose(x!, [2, 0, 1]),
  "GatherV2, a row twice": (x) =>
    tf.gather(
      x!,
      tf.tensor2d(
        [
          [4, 1],
          [1, 0],
        ],
        undefined,
        "int32",
      ),
    ),
};

await tf.setBackend("cpu");
const shared = cases.filter(({ name }) => name in operations);

test.each(shared.map((one) => [one.name, one] as const))("%s", async (_, { name, inputs, build }) => {
  const b = createBuilder();
  const feeds = Object.fromEntries(
    inputs.map(({ shape }, i) => [`x${i}`, b.placeholder(`x${i}`, { dtype: "f32", shape })]),
  );
  const result = build(b, Object.values(feeds));
  const executable = await openReference().compile(
    { variables: [], entries: { run: { feeds, fetches: { result }, targets: [] } } },
    { threads: 1 },
  );
  const data = inputs.map((input, i) => Float32Array.from(draw(input, i)));
  const ours = await executable.run(
    "run",
    Object.fromEntries(inputs.map(({ shape }, i) => [`x${i}`, { dtype: "f32", shape, data: data[i]! }])),
  );
  const tensors = inputs.map(({ shape }, i) => tf.tensor(data[i]!, [...shape]));
  const theirs = operations[name]!(...tensors);
  expect(ours.result!.shape).toEqual(theirs.shape);
  for (const [i, value] of theirs.dataSync().entries())
    expect(Math.abs((ours.result!.data[i] as number) - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)));
});

test("every operation above is compared", () => {
  expect(shared.map(({ name }) => name).sort()).toEqual(Object.keys(operations).sort());
});
