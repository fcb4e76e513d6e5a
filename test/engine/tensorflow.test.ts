import { describe, expect, test } from "vitest";
import { createBuilder } from "../../src/graph/builder.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import type { Variable } from "../../src/ops/node.ts";
import { philoxUniform } from "../../src/ops/philox.ts";
import { tensorflowForTests } from "./open.ts";

const engine = await tensorflowForTests();

function counter(name = "v") {
  const b = createBuilder();
  const v: Variable = { name, type: { dtype: "f32", shape: [3] } };
  const x = b.placeholder("x", v.type);
  const sum = b.emit("AddV2", [b.read(v), x]);
  return {
    variables: [v],
    entries: { step: { feeds: { x }, fetches: { before: b.read(v), x }, targets: [b.assign(v, sum)] } },
  };
}

const f32 = (...values: number[]) =>
  ({ dtype: "f32", shape: [values.length], data: Float32Array.from(values) }) as const;

describe.skipIf(!engine)("TensorFlow", () => {
  test("variables are written, stepped and read; fetches see them as they were", async () => {
    const run = await engine!.compile(counter(), { threads: 1 });
    await run.write({ v: f32(1, 2, 3) });
    expect(Array.from((await run.run("step", { x: f32(1, 1, 1) })).before!.data as Float32Array)).toEqual([
      1, 2, 3,
    ]);
    expect(Array.from((await run.read(["v"])).v!.data as Float32Array)).toEqual([2, 3, 4]);
    await expect(run.run("step", { x: f32(1) })).rejects.toThrow("step needs x: f32[3], not f32[1]");
    run.close();
  });

  test("two executables share nothing, and an uninitialised variable is an error", async () => {
    const a = await engine!.compile(counter(), { threads: 1 });
    const b = await engine!.compile(counter(), { threads: 1 });
    await a.write({ v: f32(1, 2, 3) });
    await expect(b.read()).rejects.toThrow();
    a.close();
    b.close();
  });

  test("the digest of its input tells programs and settings apart, not when they were made", () => {
    const digest = (threads: number, name?: string) => engine!.inputDigest(counter(name), { threads });
    expect(digest(1)).toBe(digest(1));
    expect(new Set([digest(1), digest(2), digest(1, "w")])).toHaveProperty("size", 3);
  });

  test("an error names the .dl place of the failing node", async () => {
    const b = createBuilder();
    const file = { path: "a.dl", text: "gather(rows)\n" };
    const i = b.placeholder("i", { dtype: "i32", shape: [1] });
    const y = b.at({ file, start: 0, end: 6 }, () =>
      b.emit("GatherV2", [b.ints([1, 2]), i, b.scalar(0, "i32")]),
    );
    const run = await engine!.compile(
      { variables: [], entries: { go: { feeds: { i }, fetches: { y }, targets: [] } } },
      { threads: 1 },
    );
    const feed = (value: number) =>
      ({ i: { dtype: "i32", shape: [1], data: Int32Array.of(value) } }) as const;
    await expect(run.run("go", feed(7))).rejects.toThrow("a.dl:1:1: GatherV2: ");
    expect(Array.from((await run.run("go", feed(1))).y!.data as Int32Array)).toEqual([2]);
    run.close();
  });

  test("Philox in the graph equals Philox in TypeScript, bit for bit", async () => {
    const b = createBuilder();
    const key = b.placeholder("key", { dtype: "u64", shape: [1] });
    const at = b.placeholder("at", { dtype: "u64", shape: [2] });
    const y = b.emit("StatelessRandomUniformV2", [b.ints([1001]), key, at, b.scalar(1, "i32")]);
    const run = await engine!.compile(
      { variables: [], entries: { draw: { feeds: { key, at }, fetches: { y }, targets: [] } } },
      { threads: 1 },
    );
    const drawn = await run.run("draw", {
      key: { dtype: "u64", shape: [1], data: BigUint64Array.of((7n << 32n) | 5n) },
      at: { dtype: "u64", shape: [2], data: BigUint64Array.of(0n, 12n) },
    });
    expect(drawn.y!.data).toEqual(philoxUniform([5, 7], 12, 1001));
    run.close();
  });

  test("10,000 runs leave no memory behind and cost little", async () => {
    const run = await engine!.compile(counter(), { threads: 1 });
    await run.write({ v: f32(0, 0, 0) });
    const feeds = { x: f32(1, 1, 1) };
    const many = async (count: number) => {
      for (let i = 0; i < count; i++) await run.run("step", feeds);
    };
    await many(3000);
    const before = process.memoryUsage().rss;
    await many(10_000);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(25);
    expect((await run.read()).v!.data).toEqual(Float32Array.of(13000, 13000, 13000));
    run.close();
  });

  test("a gradient step descends", async () => {
    const b = createBuilder();
    const v: Variable = { name: "v", type: { dtype: "f32", shape: [2] } };
    const w = b.read(v);
    const loss = b.emit("Sum", [b.emit("Square", [w]), b.ints([0])], { keep_dims: false });
    const [gradient] = differentiate(b, loss, [w]);
    const update = b.target("ResourceApplyGradientDescent", [b.variable(v), b.scalar(0.25), gradient!]);
    const run = await engine!.compile(
      { variables: [v], entries: { step: { feeds: {}, fetches: { loss }, targets: [update] } } },
      { threads: 1 },
    );
    await run.write({ v: f32(4, -2) });
    expect((await run.run("step", {})).loss!.data[0]).toBe(20);
    expect((await run.read()).v!.data).toEqual(Float32Array.of(2, -1));
    run.close();
  });
});
