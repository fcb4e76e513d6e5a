/** Matrix products and biases. */
import type { Builder, Value } from "../node.ts";
import {
  boolAttr,
  broadcast,
  expectRank,
  type Primitive,
  primitive,
  sameDtype,
  show,
  sumTo,
} from "./primitive.ts";

const matMul = primitive("MatMul", {
  arity: 2,
  attrs: { transpose_a: "bool", transpose_b: "bool" },
  infer: (inputs, attrs) => {
    const a = expectRank(inputs[0]!, 2, "a matrix");
    const b = expectRank(inputs[1]!, 2, "a matrix");
    const [n, k] = boolAttr(attrs, "transpose_a", false) ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
    const [k2, m] = boolAttr(attrs, "transpose_b", false) ? [b[1]!, b[0]!] : [b[0]!, b[1]!];
    if (k !== k2) throw new Error(`cannot multiply ${show(inputs[0]!.type)} by ${show(inputs[1]!.type)}`);
    return [{ dtype: sameDtype(inputs), shape: [n, m] }];
  },
  gradient: (builder, node, [dy]) => {
    const [a, b] = node.inputs as [Value, Value];
    const ta = boolAttr(node.attrs, "transpose_a", false);
    const tb = boolAttr(node.attrs, "transpose_b", false);
    const product = (x: Value, y: Value, transpose_a: boolean, transpose_b: boolean) =>
      builder.emit("MatMul", [x, y], { transpose_a, transpose_b });
    return [
      ta ? product(b, dy!, tb, true) : product(dy!, b, false, !tb),
      tb ? product(dy!, a, true, ta) : product(a, dy!, !ta, false),
    ];
  },
});

const batchMatMul = primitive("BatchMatMulV2", {
  arity: 2,
  attrs: { adj_x: "bool", adj_y: "bool" },
  infer: (inputs, attrs) => {
    const [x, y] = inputs.map((value) => value.type.shape) as [readonly number[], readonly number[]];
    if (x.length < 2 || y.length < 2) throw new Error("needs tensors of rank 2 or more");
    const last = (shape: readonly number[], adjoint: boolean) =>
      adjoint ? shape.slice(-2).reverse() : shape.slice(-2);
    const [n, k] = last(x, boolAttr(attrs, "adj_x", false)) as [number, number];
    const [k2, m] = last(y, boolAttr(attrs, "adj_y", false)) as [number, number];
    if (k !== k2) throw new Error(`cannot multiply ${show(inputs[0]!.type)} by ${show(inputs[1]!.type)}`);
    return [{ dtype: sameDtype(inputs), shape: [...broadcast(x.slice(0, -2), y.slice(0, -2)), n, m] }];
  },
  gradient: (builder, node, [dz]) => {
    const [x, y] = node.inputs as [Value, Value];
    const ax = boolAttr(node.attrs, "adj_x", false);
    const ay = boolAttr(node.attrs, "adj_y", false);
    const product = (p: Value, q: Value, adj_x: boolean, adj_y: boolean) =>
      builder.emit("BatchMatMulV2", [p, q], { adj_x, adj_y });
    const dx = ax ? product(y, dz!, ay, true) : product(dz!, y, false, !ay);
    const dy = ay ? product(dz!, x, true, ax) : product(x, dz!, !ax, false);
    return [sumTo(builder, dx, x.type.shape), sumTo(builder, dy, y.type.shape)];
  },
});

const biasAdd = primitive("BiasAdd", {
  arity: 2,
  infer: ([value, bias]) => {
    const channels = value!.type.shape.at(-1);
    if (bias!.type.shape.length !== 1 || bias!.type.shape[0] !== channels) {
      throw new Error(`needs a bias of shape [${channels}], not ${show(bias!.type)}`);
    }
    return [value!.type];
  },
  gradient: (b: Builder, _, [dy]) => [dy, b.emit("BiasAddGrad", [dy!])],
});

const biasAddGrad = primitive("BiasAddGrad", {
  arity: 1,
  infer: ([dy]) => [{ dtype: dy!.type.dtype, shape: [dy!.type.shape.at(-1)!] }],
});

export const linear: readonly Primitive[] = [matMul, batchMatMul, biasAdd, biasAddGrad];
