import { expect, test } from "vitest";
import { createBuilder } from "../../src/graph/builder.ts";
import { differentiate } from "../../src/graph/differentiate.ts";

test("equal nodes are one node, writes are not", () => {
  const b = createBuilder();
  const x = b.placeholder("x", { dtype: "f32", shape: [2, 3] });
  expect(b.emit("Relu", [x])).toBe(b.emit("Relu", [x]));
  expect(b.scalar(1)).not.toBe(b.scalar(2));
  const v = { name: "v", type: x.type };
  expect(b.read(v)).toBe(b.read(v));
  expect(b.assign(v, x)).not.toBe(b.assign(v, x));
});

test("what does not fit is said in words, with its place", () => {
  const b = createBuilder();
  const file = { path: "a.dl", text: "model m\n  dense(3)\n" };
  const x = b.placeholder("x", { dtype: "f32", shape: [2, 3] });
  const bad = () => b.at({ file, start: 10, end: 15 }, () => b.emit("MatMul", [x, x]));
  expect(bad).toThrow("a.dl:2:3: MatMul cannot multiply f32[2,3] by f32[2,3]");
  expect(() => b.emit("Relu", [x], { alpha: 1 })).toThrow("has no attribute alpha");
});

test("an operator without gradient is named with its place", () => {
  const b = createBuilder();
  const file = { path: "a.dl", text: "warp(image)\n" };
  const v = { name: "v", type: { dtype: "f32", shape: [1, 2, 2, 1] } } as const;
  const w = b.read(v);
  const t = b.constant({ dtype: "f32", shape: [1, 8], data: new Float32Array(8) });
  const y = b.at({ file, start: 0, end: 4 }, () =>
    b.emit("ImageProjectiveTransformV3", [w, t, b.ints([2, 2]), b.scalar(0)], {
      interpolation: "BILINEAR",
      fill_mode: "CONSTANT",
    }),
  );
  const loss = b.emit("Sum", [y, b.ints([0, 1, 2, 3])], { keep_dims: false });
  expect(() => differentiate(b, loss, [w])).toThrow("a.dl:1:1: ImageProjectiveTransformV3 has no gradient");
});
