import { expect, test } from "vitest";
import type { Checkpoint, SplitPredictions } from "../../src/train/outcome.ts";
import {
  readCheckpoint,
  readPredictions,
  readTensors,
  writeCheckpoint,
  writePredictions,
  writeTensors,
} from "../../src/train/serialize.ts";
import type { Tensor } from "../../src/types/tensor.ts";

const bits = new Float32Array(Uint32Array.of(0x7fc00001, 0x80000000, 0xff800000).buffer);
const tensors: Record<string, Tensor> = {
  odd: { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) },
  "a/kernel": { dtype: "f32", shape: [3], data: bits },
  big: { dtype: "u64", shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  empty: { dtype: "f64", shape: [0, 4], data: new Float64Array(0) },
};

test("tensors come back bit for bit, and equal tensors are equal bytes", () => {
  const bytes = writeTensors(tensors, { about: "x" });
  const back = readTensors(bytes);
  expect(back.metadata).toEqual({ about: "x" });
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const tensor = back.tensors[name]!;
    expect([tensor.dtype, tensor.shape]).toEqual([dtype, shape]);
    expect(Buffer.from(tensor.data.buffer)).toEqual(Buffer.from(data.buffer));
  }
  expect(writeTensors(Object.fromEntries(Object.entries(tensors).reverse()), { about: "x" })).toEqual(bytes);
});

test("damage is noticed", () => {
  const bytes = writeTensors(tensors);
  expect(() => readTensors(bytes.subarray(0, bytes.length - 1))).toThrow("bytes of");
  expect(() => readTensors(bytes.subarray(0, 5))).toThrow("cut short");
  expect(() => readTensors(Buffer.concat([bytes, Buffer.of(0)]))).toThrow("follow the last tensor");
  const spoilt = Buffer.from(bytes);
  spoilt[9] = 0;
  expect(() => readTensors(spoilt)).toThrow("header is damaged");
});

test("a checkpoint comes back whole, NaN and infinities too", () => {
  const checkpoint: Checkpoint = {
    step: 12,
    seconds: 1.5,
    variables: { "a/kernel": tensors["a/kernel"]! },
    epochs: [{ epoch: 1, step: 8, lr: 0.1, metrics: { "train.loss": 0.1 + 0.2, "valid.auc": Number.NaN } }],
    lossSum: Number.POSITIVE_INFINITY,
    lossSteps: 4,
    best: { value: -0.5, epoch: 1, weights: { "a/kernel": tensors["a/kernel"]! } },
  };
  expect(readCheckpoint(writeCheckpoint(checkpoint))).toEqual(checkpoint);
  expect(readCheckpoint(writeCheckpoint({ ...checkpoint, best: null }))!.best).toBeNull();
  expect(readCheckpoint(writeTensors(checkpoint.variables, { format: "dlc.checkpoint/9" }))).toBeUndefined();
});

test("predictions come back", () => {
  const predictions: SplitPredictions = {
    rows: Int32Array.of(5, 2),
    outputs: {
      output: { shape: [3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      "generator(blurred)": { shape: [], data: Float32Array.of(7, 8) },
    },
    losses: { "": Float32Array.of(0.5, 0.25), generator: Float32Array.of(1, 2) },
  };
  expect(readPredictions(writePredictions(predictions))).toEqual(predictions);
});
