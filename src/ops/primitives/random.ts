/** Random numbers and image warping: what augmentation and dropout are made of. */
import { constantInts, dtypeAttr, expectRank, expectShape, type Primitive, primitive } from "./primitive.ts";

/**
 * Numbers in [0, 1) of a Philox stream: (shape, key u64[1], counter u64[2], algorithm), algorithm 1 only: the one that
 * `src/ops/philox.ts` draws bit for bit.
 */
const uniform = primitive("StatelessRandomUniformV2", {
  arity: 4,
  attrs: { dtype: "dtype" },
  derived: { Tshape: { input: 0 } },
  infer: ([shape, key, counter, algorithm], attrs) => {
    if (key!.type.dtype !== "u64" || counter!.type.dtype !== "u64")
      throw new Error("needs a key and a counter of u64");
    expectShape(key!, [1], "a key");
    expectShape(counter!, [2], "a counter");
    if (constantInts(algorithm!, "algorithm")[0] !== 1)
      throw new Error("draws with algorithm 1 (Philox) only");
    return [{ dtype: dtypeAttr(attrs, "dtype", "f32"), shape: constantInts(shape!, "shape") }];
  },
  gradient: "none",
});

/** Images f32[N,H,W,C], transforms f32[N,8] or f32[1,8] (output to input, rows of a 3x3 matrix without its last 1), output size, fill value. */
const project = primitive("ImageProjectiveTransformV3", {
  arity: 4,
  attrs: { interpolation: "string", fill_mode: "string" },
  derived: { dtype: { input: 0 } },
  infer: ([images, transforms, size]) => {
    const [n, , , c] = expectRank(images!, 4, "an image batch") as [number, number, number, number];
    const rows = expectRank(transforms!, 2, "transforms");
    if (rows[1] !== 8 || (rows[0] !== n && rows[0] !== 1))
      throw new Error(`needs transforms of shape [${n},8]`);
    const [height, width] = constantInts(size!, "output size") as [number, number];
    return [{ dtype: images!.type.dtype, shape: [n, height, width, c] }];
  },
});

export const randomness: readonly Primitive[] = [uniform, project];
