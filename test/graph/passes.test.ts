import { expect, test } from "vitest";
import { createBuilder } from "../../src/graph/builder.ts";
import { passes } from "../../src/graph/passes.ts";
import type { Program } from "../../src/graph/program.ts";
import { verify } from "../../src/graph/verify.ts";
import type { Value } from "../../src/ops/node.ts";
import type { StaticType } from "../../src/types/tensor.ts";

const passNamed = (name: string) => passes.find((pass) => pass.name === name)!;

function program(
  feeds: Record<string, StaticType>,
  body: (b: ReturnType<typeof createBuilder>, inputs: Record<string, Value>) => Record<string, Value>,
): Program {
  const b = createBuilder();
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, type]) => [name, b.placeholder(name, type)]),
  );
  return { variables: [], entries: { go: { feeds: inputs, fetches: body(b, inputs), targets: [] } } };
}

const x: StaticType = { dtype: "f32", shape: [2, 3] };

test("simplify keeps what could change a bit: sums with zero, products that broadcast", () => {
  const before = program({ x }, (b, { x }) => {
    const column = b.emit("Fill", [b.ints([4, 1, 1]), b.scalar(1)]);
    return {
      zero: b.emit("AddV2", [x!, b.scalar(0)]),
      one: b.emit("Mul", [b.scalar(1), x!]),
      twice: b.emit("Reshape", [b.emit("Reshape", [x!, b.ints([6])]), b.ints([3, 2])]),
      back: b.emit("Reshape", [b.emit("Reshape", [x!, b.ints([6])]), b.ints([2, 3])]),
      wide: b.emit("Mul", [x!, column]),
      negative: b.emit("Neg", [b.emit("Neg", [x!])]),
    };
  });
  const { fetches } = passNamed("simplify").run(before).entries.go!;
  expect(Object.fromEntries(Object.entries(fetches).map(([name, value]) => [name, value.node.op]))).toEqual({
    zero: "AddV2",
    one: "Placeholder",
    twice: "Reshape",
    back: "Placeholder",
    wide: "Mul",
    negative: "Placeholder",
  });
  expect(fetches.twice!.node.inputs[0]!.node.op).toBe("Placeholder");
});

test("constants fold to float32 values, broadcast included, and large ones are left alone", () => {
  const before = program({}, (b) => {
    const row = b.constant({ dtype: "f32", shape: [3], data: Float32Array.of(1, 2, 3) });
    const column = b.constant({ dtype: "f32", shape: [2, 1], data: Float32Array.of(0.1, 10) });
    return {
      product: b.emit("Mul", [row, column]),
      root: b.emit("Sqrt", [row]),
      large: b.emit("BroadcastTo", [row, b.ints([1000, 3])]),
    };
  });
  const { fetches } = passNamed("fold_constants").run(before).entries.go!;
  const data = (name: string) =>
    Array.from((fetches[name]!.node.attrs.value as { tensor: { data: Float32Array } }).tensor.data);
  const tenth = Math.fround(0.1);
  expect(data("product")).toEqual([tenth, Math.fround(tenth * 2), Math.fround(tenth * 3), 10, 20, 30]);
  expect(data("root")).toEqual([1, Math.fround(Math.SQRT2), Math.fround(Math.sqrt(3))]);
  expect(fetches.large!.node.op).toBe("BroadcastTo");
});

test("remove_dead drops feeds and variables that nothing reads", () => {
  const before = program({ x, unused: x }, (_, { x }) => ({ x: x! }));
  const after = passNamed("remove_dead").run({ ...before, variables: [{ name: "w", type: x }] });
  expect(after.variables).toEqual([]);
  expect(Object.keys(after.entries.go!.feeds)).toEqual(["x"]);
});

test("verify names what is wrong, with its place", () => {
  const b = createBuilder();
  const file = { path: "a.dl", text: "dense(3)\n" };
  const w = { name: "w", type: x };
  const value = b.placeholder("value", x);
  const other = b.placeholder("other", x);
  const [first, second] = b.at({ file, start: 0, end: 5 }, () => [b.assign(w, value), b.assign(w, other)]);
  const handle = b.variable({ name: "w", type: { dtype: "f32", shape: [1] } });
  const wrong: Program = {
    variables: [w, w],
    entries: {
      go: {
        feeds: { value },
        fetches: { w: b.emit("ReadVariableOp", [handle]), v: b.read({ name: "v", type: x }) },
        targets: [first!, second!],
      },
    },
  };
  expect(verify(wrong).join("\n")).toMatchInlineSnapshot(`
    "two variables are called w
    go: VarHandleOp is of v, which is no variable of the program
    go: VarHandleOp takes w for f32[1], and it is f32[2,3]
    go: Placeholder other is not fed
    go: a.dl:1:1: AssignVariableOp is the second to write w"
  `);
  const lying = { ...b.emit("Relu", [value]).node, outputs: [{ dtype: "f32" as const, shape: [9] }] };
  const fetches = { y: { node: lying, index: 0, type: lying.outputs[0]! } };
  expect(verify({ variables: [], entries: { go: { feeds: { value }, fetches, targets: [] } } })).toEqual([
    "go: Relu gives f32[9], and its rule says f32[2,3]",
  ]);
});
