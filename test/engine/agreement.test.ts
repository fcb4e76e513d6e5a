/** Both engines give the same values for every primitive, forwards and in gradients. */
import { describe, expect, test } from "vitest";
import type { Executable, Tensors } from "../../src/engine/engine.ts";
import { openReference } from "../../src/engine/reference/open.ts";
import { createBuilder } from "../../src/graph/builder.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import type { Program } from "../../src/graph/program.ts";
import { rootsOf, topological } from "../../src/graph/walk.ts";
import type { Value, Variable } from "../../src/ops/node.ts";
import { primitives } from "../../src/ops/primitives/registry.ts";
import type { Tensor } from "../../src/types/tensor.ts";
import { type Case, cases, draw } from "../graph/cases.ts";
import { tensorflowForTests } from "./open.ts";

const tensorflow = await tensorflowForTests();
const reference = openReference();

/** The result and, where there are, the gradients of its sum. */
function programOf({ inputs, build, forwardOnly }: Case): Program {
  const b = createBuilder();
  const feeds = Object.fromEntries(
    inputs.map(({ shape }, i) => [`x${i}`, b.placeholder(`x${i}`, { dtype: "f32", shape })]),
  );
  const xs = Object.values(feeds);
  const result = build(b, xs);
  const fetches: Record<string, Value> = { result };
  if (!forwardOnly) {
    const axes = b.ints(result.type.shape.map((_, axis) => axis));
    const loss = b.emit("Sum", [b.emit("Square", [result]), axes], { keep_dims: false });
    for (const [i, gradient] of differentiate(b, loss, xs).entries()) fetches[`dx${i}`] = gradient;
  }
  return { variables: [], entries: { run: { feeds, fetches, targets: [] } } };
}

const f32 = (shape: readonly number[], data: Float64Array): Tensor => ({
  dtype: "f32",
  shape,
  data: Float32Array.from(data),
});

function expectClose(actual: Tensors, expected: Tensors, tolerance: number): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, { data }] of Object.entries(expected)) {
    for (let i = 0; i < data.length; i++) {
      const [x, y] = [Number(actual[name]!.data[i]), Number(data[i])];
      const close = Math.abs(x - y) <= tolerance * (1 + Math.abs(y)) || (Number.isNaN(x) && Number.isNaN(y));
      expect(close ? "equal" : `${name}[${i}]: ${x} and ${y}`).toBe("equal");
    }
  }
}

async function both(program: Program, run: (executable: Executable) => Promise<Tensors>) {
  const results: Tensors[] = [];
  for (const engine of [tensorflow!, reference]) {
    const executable = await engine.compile(program, { threads: 1 });
    results.push(await run(executable));
    executable.close();
  }
  return results as [Tensors, Tensors];
}

const updates: Readonly<Record<string, readonly ("gradient" | number)[]>> = {
  AssignVariableOp: ["gradient"],
  AssignAddVariableOp: ["gradient"],
  AssignSubVariableOp: ["gradient"],
  ResourceApplyGradientDescent: [0.1, "gradient"],
  ResourceApplyMomentum: [0.1, "gradient", 0.9],
  ResourceApplyKerasMomentum: [0.1, "gradient", 0.9],
  ResourceApplyAdagradV2: [0.1, 1e-3, "gradient"],
  ResourceApplyAdadelta: [0.5, 0.9, 1e-3, "gradient"],
  ResourceApplyRMSProp: [0.1, 0.9, 0.8, 1e-3, "gradient"],
  ResourceApplyAdam: [0.9, 0.99, 0.1, 0.9, 0.99, 1e-3, "gradient"],
};
const slots: Readonly<Record<string, number>> = {
  ResourceApplyMomentum: 1,
  ResourceApplyKerasMomentum: 1,
  ResourceApplyAdagradV2: 1,
  ResourceApplyAdadelta: 2,
  ResourceApplyRMSProp: 2,
  ResourceApplyAdam: 2,
};

/** An update of a variable and its slots, whose value before it is fetched. */
function updateProgram(op: string, nesterov: boolean): Program {
  const b = createBuilder();
  const type = { dtype: "f32", shape: [5] } as const;
  const held = Array.from({ length: 1 + (slots[op] ?? 0) }, (_, i): Variable => ({ name: `v${i}`, type }));
  const gradient = b.placeholder("gradient", type);
  const rest = updates[op]!.map((value) => (value === "gradient" ? gradient : b.scalar(value)));
  const target = b.target(op, [...held.map(b.variable), ...rest], nesterov ? { use_nesterov: true } : {});
  const fetches = { before: b.read(held[0]!), rows: b.readRows(held[0]!, b.ints([3, 0])) };
  return {
    variables: held,
    entries: { run: { feeds: { gradient }, fetches, targets: [target, b.target("NoOp", [])] } },
  };
}

const nesterovs = ["ResourceApplyMomentum", "ResourceApplyKerasMomentum", "ResourceApplyAdam"];
const updateCases = [
  ...Object.keys(updates).map((op) => [op, false] as const),
  ...nesterovs.map((op) => [op, true] as const),
];

describe.skipIf(!tensorflow)("both engines agree", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const feeds = Object.fromEntries(
      one.inputs.map((input, i) => [`x${i}`, f32(input.shape, draw(input, i))]),
    );
    const [a, b] = await both(programOf(one), (executable) => executable.run("run", feeds));
    expectClose(a, b, 2e-5);
  });

  test.each(updateCases)("%s, nesterov: %s", async (op, nesterov) => {
    const [a, b] = await both(updateProgram(op, nesterov), async (executable) => {
      const names = ["v0", "v1", "v2"].slice(0, 1 + (slots[op] ?? 0));
      const begin = (name: string, i: number) =>
        [name, f32([5], draw({ shape: [5], from: 0.5, to: 1 }, i))] as const;
      await executable.write(Object.fromEntries(names.map(begin)));
      let fetched: Tensors = {};
      for (let i = 0; i < 3; i++)
        fetched = await executable.run("run", { gradient: f32([5], draw({ shape: [5] }, 10 + i)) });
      return { ...fetched, ...(await executable.read()) };
    });
    expectClose(a, b, 2e-6);
  });

  test("random numbers, bit for bit", async () => {
    const b = createBuilder();
    const key = b.constant({ dtype: "u64", shape: [1], data: BigUint64Array.of(2n ** 63n + 5n) });
    const counter = b.placeholder("counter", { dtype: "u64", shape: [2] });
    const y = b.emit("StatelessRandomUniformV2", [b.ints([3, 5]), key, counter, b.scalar(1, "i32")]);
    const [a, r] = await both(
      { variables: [], entries: { run: { feeds: { counter }, fetches: { y }, targets: [] } } },
      (executable) =>
        executable.run("run", {
          counter: { dtype: "u64", shape: [2], data: BigUint64Array.of(0n, 2n ** 40n) },
        }),
    );
    expect(a.y!.data).toEqual(r.y!.data);
  });

  test("errors are said in the same words", async () => {
    const b = createBuilder();
    const file = { path: "a.dl", text: "gather(rows)\n" };
    const i = b.placeholder("i", { dtype: "i32", shape: [1, 2] });
    const y = b.at({ file, start: 0, end: 6 }, () =>
      b.emit("GatherV2", [b.ints([1, 2]), i, b.scalar(0, "i32")]),
    );
    const v: Variable = { name: "v", type: { dtype: "f32", shape: [2] } };
    const program = {
      variables: [v],
      entries: { run: { feeds: { i }, fetches: { y, v: b.read(v) }, targets: [] } },
    };
    const messages: string[][] = [];
    for (const engine of [tensorflow!, reference]) {
      const executable = await engine.compile(program, { threads: 1 });
      const said: string[] = [];
      const failing = (promise: Promise<unknown>) =>
        promise.then(
          () => said.push("no error"),
          (error: Error) => said.push(error.message),
        );
      await failing(executable.read());
      await failing(executable.run("run", { i: { dtype: "i32", shape: [1, 2], data: Int32Array.of(0, 1) } }));
      await executable.write({ v: f32([2], Float64Array.of(1, 2)) });
      await failing(executable.run("run", { i: { dtype: "i32", shape: [1, 2], data: Int32Array.of(0, 7) } }));
      await failing(executable.run("run", {}));
      await failing(executable.run("walk", {}));
      await failing(executable.read(["w"]));
      await failing(executable.write({ v: f32([1], Float64Array.of(1)) }));
      executable.close();
      await failing(executable.read());
      messages.push(said);
    }
    expect(messages[0]).toEqual(messages[1]);
    expect(messages[1]).toMatchInlineSnapshot(`
      [
        "the variable v has no value yet",
        "the variable v has no value yet",
        "a.dl:1:1: GatherV2: indices[0,1] = 7 is not in [0, 2)",
        "run needs i: i32[1, 2]",
        "the program has no entry walk",
        "the program has no variable w",
        "the variable v: f32[2], not f32[1] of 1 values",
        "the executable is closed",
      ]
    `);
  });
});

test("every primitive is in a case", () => {
  const programs = [
    ...cases.map(programOf),
    ...updateCases.map(([op, nesterov]) => updateProgram(op, nesterov)),
  ];
  const covered = new Set(
    programs.flatMap(({ entries }) => topological(rootsOf(entries.run!)).map(({ op }) => op)),
  );
  covered.add("StatelessRandomUniformV2");
  expect([...primitives.keys()].filter((op) => !covered.has(op))).toEqual([]);
});
