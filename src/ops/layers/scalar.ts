/** Arithmetic between a tensor and a number: what `2 * x + 1` and `x ^ 2` in a body stand for. */
import type { LayerOp } from "../layer.ts";
import { needsFloat } from "./window.ts";

const affine: LayerOp = {
  name: "affine",
  family: "layer",
  version: 1,
  arity: 1,
  anyShape: true,
  doc: "`factor x + offset`, element by element. Nothing is learned; `2 * it + 1` is the same.",
  example: "sigmoid; affine(factor: 2, offset: -1) // from 0 .. 1 to -1 .. 1",
  parameters: [
    { name: "factor", type: { kind: "real" }, default: 1, doc: "What each element is multiplied by." },
    { name: "offset", type: { kind: "real" }, default: 0, doc: "What is added to each element." },
  ],
  infer: ([input]) =>
    input!.dtype === "f32" ? { output: input!, weights: [], macs: 0 } : needsFloat("affine", input!),
  lower({ builder }, [x], { factor, offset }) {
    const scaled =
      factor === 1 ? x! : builder.emit("Mul", [x!, builder.scalar(factor as number, x!.type.dtype)]);
    return offset === 0
      ? scaled
      : builder.emit("AddV2", [scaled, builder.scalar(offset as number, x!.type.dtype)]);
  },
};

const power: LayerOp = {
  name: "power",
  family: "layer",
  version: 1,
  arity: 1,
  anyShape: true,
  doc: "`x ^ exponent`, element by element. With an exponent that is not whole, negative elements give NaN.",
  example: "power(2) // of each element",
  parameters: [{ name: "exponent", type: { kind: "real" }, doc: "The exponent, the same for each element." }],
  infer: ([input]) =>
    input!.dtype === "f32" ? { output: input!, weights: [], macs: 0 } : needsFloat("power", input!),
  lower: ({ builder }, [x], { exponent }) =>
    exponent === 2
      ? builder.emit("Square", [x!])
      : builder.emit("Pow", [x!, builder.scalar(exponent as number, x!.type.dtype)]),
};

export const scalarArithmetic: readonly LayerOp[] = [affine, power];
