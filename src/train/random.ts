/** Random numbers in the graph: Philox under a fed key, with a part of the stream for each use in each step. */
import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../ops/node.ts";

export interface Draws {
  /** Float32 in [0, 1). The `k`-th use equals `philoxUniform(key, step, count, k)`. */
  uniform(shape: readonly number[]): Value;
  /** The key's placeholder, if anything was drawn. */
  feeds(): Readonly<Record<string, Value>>;
}

/**
 * `counter` is u64[2], `[0, step]`; the `k`-th use draws from `[k << 32, step]` on, so that uses do not overlap while they draw
 * fewer than 2^34 numbers.
 */
export function drawsOf(builder: GraphBuilder, keyName: string, counter: Value): Draws {
  const key = builder.placeholder(keyName, { dtype: "u64", shape: [1] });
  let uses = 0;
  return {
    uniform(shape) {
      const use = uses++;
      const offset = builder.constant({
        dtype: "u64",
        shape: [2],
        data: BigUint64Array.of(BigInt(use) << 32n, 0n),
      });
      const at = use === 0 ? counter : builder.emit("AddV2", [counter, offset]);
      return builder.emit("StatelessRandomUniformV2", [
        builder.ints(shape),
        key,
        at,
        builder.scalar(1, "i32"),
      ]);
    },
    feeds: () => (uses === 0 ? {} : { [keyName]: key }),
  };
}
