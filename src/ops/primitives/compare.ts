/** Comparisons, logic, selection and casts. */
import type { Value } from "../node.ts";
import { broadcast, dtypeAttr, type Primitive, primitive, sameDtype, sumTo } from "./primitive.ts";

const comparison = (op: string): Primitive =>
  primitive(op, {
    arity: 2,
    infer: (inputs) => {
      sameDtype(inputs);
      return [{ dtype: "bool", shape: broadcast(...inputs.map((x) => x.type.shape)) }];
    },
    gradient: "none",
  });

const logical = (op: string, arity: number): Primitive =>
  primitive(op, {
    arity,
    derived: {},
    infer: (inputs) => {
      if (sameDtype(inputs) !== "bool") throw new Error("needs bool");
      return [{ dtype: "bool", shape: broadcast(...inputs.map((x) => x.type.shape)) }];
    },
    gradient: "none",
  });

const select = primitive("SelectV2", {
  arity: 3,
  derived: { T: { input: 1 } },
  infer: ([condition, t, e]) => {
    if (condition!.type.dtype !== "bool") throw new Error("needs a bool condition");
    const dtype = sameDtype([t!, e!]);
    return [{ dtype, shape: broadcast(condition!.type.shape, t!.type.shape, e!.type.shape) }];
  },
  gradient: (b, node, [dy]) => {
    const [condition, t, e] = node.inputs as [Value, Value, Value];
    const zero = b.scalar(0, dy!.type.dtype);
    return [
      undefined,
      sumTo(b, b.emit("SelectV2", [condition, dy!, zero]), t.type.shape),
      sumTo(b, b.emit("SelectV2", [condition, zero, dy!]), e.type.shape),
    ];
  },
});

const isFloat = (value: Value): boolean => value.type.dtype === "f32" || value.type.dtype === "f64";

const cast = primitive("Cast", {
  arity: 1,
  attrs: { DstT: "dtype" },
  derived: { SrcT: { input: 0 } },
  infer: ([x], attrs) => [{ dtype: dtypeAttr(attrs, "DstT"), shape: x!.type.shape }],
  gradient: (b, node, [dy]) => {
    const x = node.inputs[0]!;
    return [
      isFloat(x) && isFloat(dy!) ? b.emit("Cast", [dy!], { DstT: { dtype: x.type.dtype } }) : undefined,
    ];
  },
});

export const compare: readonly Primitive[] = [
  ...["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"].map(comparison),
  logical("LogicalAnd", 2),
  logical("LogicalOr", 2),
  logical("LogicalNot", 1),
  primitive("IsFinite", {
    arity: 1,
    infer: ([x]) => [{ dtype: "bool", shape: x!.type.shape }],
    gradient: "none",
  }),
  select,
  cast,
];
