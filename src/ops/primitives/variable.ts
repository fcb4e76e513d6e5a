/**
 * Inputs, constants, variables and optimizer updates. The type of a variable's handle is the type of what it holds. All reads
 * of an entry see the variables as they were before it ran, whatever its targets write (`src/engine/engine.ts`).
 */
import type { Value } from "../node.ts";
import {
  dtypeAttr,
  equalShapes,
  expectRank,
  type Primitive,
  primitive,
  shapeAttr,
  show,
  tensorAttr,
} from "./primitive.ts";

function expectHandle(value: Value): void {
  if (value.node.op !== "VarHandleOp")
    throw new Error(`needs a variable, not the result of ${value.node.op}`);
}

/** `handles` variables of one type first, then scalars and one gradient of the variable's type, in TensorFlow's order. */
const update = (
  op: string,
  handles: number,
  rest: readonly ("scalar" | "full")[],
  nesterov = false,
): Primitive =>
  primitive(op, {
    arity: handles + rest.length,
    attrs: nesterov ? { use_nesterov: "bool" } : {},
    stateful: true,
    infer: (inputs) => {
      const { type } = inputs[0]!;
      for (const [i, input] of inputs.entries()) {
        if (i < handles) expectHandle(input);
        const shape = i >= handles && rest[i - handles] === "scalar" ? [] : type.shape;
        if (input.type.dtype !== type.dtype || !equalShapes(input.type.shape, shape)) {
          throw new Error(`updates ${show(type)} with ${show(input.type)} as input ${i}`);
        }
      }
      return [];
    },
  });

const assignment = (op: string): Primitive =>
  primitive(op, {
    arity: 2,
    derived: { dtype: { input: 0 } },
    stateful: true,
    infer: ([handle, value]) => {
      expectHandle(handle!);
      if (show(handle!.type) !== show(value!.type))
        throw new Error(`assigns ${show(value!.type)} to ${show(handle!.type)}`);
      return [];
    },
  });

export const variables: readonly Primitive[] = [
  primitive("Placeholder", {
    arity: 0,
    attrs: { dtype: "dtype", shape: "shape", name: "string" },
    derived: {},
    infer: (_, attrs) => [{ dtype: dtypeAttr(attrs, "dtype"), shape: shapeAttr(attrs, "shape") }],
  }),
  primitive("Const", {
    arity: 0,
    attrs: { value: "tensor" },
    derived: { dtype: { output: 0 } },
    infer: (_, attrs) => {
      const { dtype, shape } = tensorAttr(attrs, "value");
      return [{ dtype, shape }];
    },
  }),
  primitive("Identity", { arity: 1, infer: ([x]) => [x!.type], gradient: (_, __, [dy]) => [dy] }),
  primitive("StopGradient", { arity: 1, infer: ([x]) => [x!.type], gradient: "none" }),
  primitive("NoOp", { arity: 0, derived: {}, stateful: true, infer: () => [] }),
  primitive("VarHandleOp", {
    arity: 0,
    attrs: { dtype: "dtype", shape: "shape", shared_name: "string" },
    derived: {},
    infer: (_, attrs) => [{ dtype: dtypeAttr(attrs, "dtype"), shape: shapeAttr(attrs, "shape") }],
  }),
  primitive("ReadVariableOp", {
    arity: 1,
    derived: { dtype: { input: 0 } },
    infer: ([handle]) => {
      expectHandle(handle!);
      return [handle!.type];
    },
  }),
  primitive("ResourceGather", {
    arity: 2,
    derived: { dtype: { input: 0 }, Tindices: { input: 1 } },
    infer: ([handle, indices]) => {
      expectHandle(handle!);
      if (handle!.type.shape.length === 0) throw new Error("gathers rows of a scalar");
      return [
        {
          dtype: handle!.type.dtype,
          shape: [...indices!.type.shape, ...expectRank(handle!, handle!.type.shape.length, "rows").slice(1)],
        },
      ];
    },
  }),
  assignment("AssignVariableOp"),
  assignment("AssignAddVariableOp"),
  assignment("AssignSubVariableOp"),
  update("ResourceApplyGradientDescent", 1, ["scalar", "full"]),
  update("ResourceApplyMomentum", 2, ["scalar", "full", "scalar"], true),
  update("ResourceApplyKerasMomentum", 2, ["scalar", "full", "scalar"], true),
  update("ResourceApplyAdagradV2", 2, ["scalar", "scalar", "full"]),
  update("ResourceApplyAdadelta", 3, ["scalar", "scalar", "scalar", "full"]),
  update("ResourceApplyRMSProp", 3, ["scalar", "scalar", "scalar", "scalar", "full"]),
  update("ResourceApplyAdam", 3, ["scalar", "scalar", "scalar", "scalar", "scalar", "scalar", "full"], true),
];

/** The handles that a node writes: the leading inputs of a stateful node that are variables. */
export function handlesIn(inputs: readonly Value[]): readonly Value[] {
  return inputs.filter((input) => input.node.op === "VarHandleOp");
}
