import type { LayerOp } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import { isProblem, perAxis, positionsOf, product, spread } from "./window.ts";

/** Each position repeated: `[N, H, W, C]` to `[N, H f, W g, C]`. */
function repeated(b: Builder, x: Value, factors: readonly number[]): Value {
  const [n, ...rest] = x.type.shape as [number, ...number[]];
  const channels = rest.at(-1)!;
  const sizes = rest.slice(0, -1);
  const apart = [n, ...sizes.flatMap((size) => [size, 1]), channels];
  const multiples = [1, ...factors.flatMap((factor) => [1, factor]), 1];
  const tiled = b.emit("Tile", [b.emit("Reshape", [x, b.ints(apart)]), b.ints(multiples)]);
  return b.emit("Reshape", [tiled, b.ints([n, ...sizes.map((size, i) => size * factors[i]!), channels])]);
}

/** Row o has the weights of the input's positions for output position o: centred at (o + 1/2) / factor - 1/2, cut at the border. */
function interpolation(size: number, factor: number): Float32Array {
  const weights = new Float32Array(size * factor * size);
  for (let o = 0; o < size * factor; o++) {
    const at = Math.min(size - 1, Math.max(0, (o + 0.5) / factor - 0.5));
    const low = Math.min(Math.floor(at), size - 1);
    const high = Math.min(low + 1, size - 1);
    weights[o * size + low]! += 1 - (at - low);
    weights[o * size + high]! += at - low;
  }
  return weights;
}

/** A product with a matrix along each axis. */
function interpolated(b: Builder, x: Value, factors: readonly number[]): Value {
  return factors.reduce((value, factor, i) => {
    if (factor === 1) return value;
    const { shape, dtype } = value.type;
    const size = shape[i + 1]!;
    const matrix = b.constant({
      dtype: "f32",
      shape: [size * factor, size],
      data: interpolation(size, factor),
    });
    const weights = dtype === "f32" ? matrix : b.emit("Cast", [matrix], { DstT: { dtype } });
    const columns = b.emit("Reshape", [
      value,
      b.ints([product(shape.slice(0, i + 1)), size, product(shape.slice(i + 2))]),
    ]);
    const larger = b.emit("BatchMatMulV2", [weights, columns], { adj_x: false, adj_y: false });
    return b.emit("Reshape", [
      larger,
      b.ints(shape.map((dim, axis) => (axis === i + 1 ? dim * factor : dim))),
    ]);
  }, x);
}

export const upsample: LayerOp = {
  name: "upsample",
  family: "layer",
  version: 1,
  arity: 1,
  doc: "Makes images (sequences, volumes) larger by a whole factor, without learned numbers: each position is repeated, or with `method: linear` values between the centres of neighbours are interpolated (bilinear for images; beyond the outermost centres the border's value holds).",
  example: `conv(16); max_pool(2)
upsample(2, method: linear) : f32[N, 32, 32, 16]`,
  parameters: [
    { name: "factor", type: perAxis, default: 2, doc: "How many times larger, or one number for each axis." },
    {
      name: "method",
      type: { kind: "word", words: ["nearest", "linear"] },
      default: "nearest",
      doc: "`nearest` repeats, `linear` interpolates.",
    },
  ],
  infer([input], { factor }) {
    const at = positionsOf("upsample", input!);
    if (isProblem(at)) return at;
    const factors = spread("upsample", "factor", factor, at.sizes.length);
    if (isProblem(factors)) return factors;
    const sizes = at.sizes.map((size, i) => size * factors[i]!);
    return { output: { dtype: "f32", shape: ["N", ...sizes, at.channels] }, weights: [], macs: 0 };
  },
  lower({ builder }, [input], { factor, method }) {
    const factors = spread("upsample", "factor", factor, input!.type.shape.length - 2) as readonly number[];
    return method === "nearest" ? repeated(builder, input!, factors) : interpolated(builder, input!, factors);
  },
};
