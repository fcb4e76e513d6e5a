/** Runs a piece of a graph on TensorFlow, for tests of what operators lower to. */
import type { Engine } from "../../src/engine/engine.ts";
import { createBuilder, type GraphBuilder } from "../../src/graph/builder.ts";
import type { Value } from "../../src/ops/node.ts";
import type { Tensor } from "../../src/types/tensor.ts";

/** The values of what `body` builds from its inputs. */
export async function evaluateGraph(
  engine: Engine,
  inputs: Readonly<Record<string, Tensor>>,
  body: (builder: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>,
): Promise<Record<string, Tensor>> {
  const builder = createBuilder();
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape }]) => [
      name,
      builder.placeholder(name, { dtype, shape }),
    ]),
  );
  const fetches = body(builder, feeds);
  const run = await engine.compile(
    { variables: [], entries: { go: { feeds, fetches, targets: [] } } },
    { threads: 1 },
  );
  try {
    return await run.run("go", inputs);
  } finally {
    run.close();
  }
}

export function f32(shape: readonly number[], values: Iterable<number>): Tensor {
  return { dtype: "f32", shape, data: Float32Array.from(values) };
}

export function i32(shape: readonly number[], values: Iterable<number>): Tensor {
  return { dtype: "i32", shape, data: Int32Array.from(values) };
}
