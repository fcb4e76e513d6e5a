/** Every gradient rule against central differences in float64. */
import { describe, expect, test } from "vitest";
import { openReference } from "../../src/engine/reference/open.ts";
import { createBuilder } from "../../src/graph/builder.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { topological } from "../../src/graph/walk.ts";
import { primitives } from "../../src/ops/primitives/registry.ts";
import type { Tensor } from "../../src/types/tensor.ts";
import { type Case, cases, draw } from "./cases.ts";

const engine = openReference();
const step = 1e-5;

/** The sum of the result's elements, each with a weight of its own; its gradients; and the inputs. */
function lossOf({ inputs, build }: Case) {
  const b = createBuilder();
  const feeds = Object.fromEntries(
    inputs.map(({ shape }, i) => [`x${i}`, b.placeholder(`x${i}`, { dtype: "f64", shape })]),
  );
  const result = build(b, Object.values(feeds));
  const { shape } = result.type;
  const weights = b.constant({ dtype: "f64", shape, data: draw({ shape, from: 0.5, to: 1.5 }, 99) });
  const axes = b.ints(shape.map((_, axis) => axis));
  const loss = b.emit("Sum", [b.emit("Mul", [result, weights]), axes], { keep_dims: false });
  const values: Record<string, Tensor> = Object.fromEntries(
    inputs.map((input, i) => [`x${i}`, { dtype: "f64", shape: input.shape, data: draw(input, i) }]),
  );
  return { b, feeds, loss, values };
}

const differentiated = cases.filter(({ forwardOnly }) => !forwardOnly);

describe("gradients equal central differences", () => {
  test.each(differentiated.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const { b, feeds, loss, values } = lossOf(one);
    const gradients = differentiate(b, loss, Object.values(feeds));
    const fetches = Object.fromEntries(gradients.map((gradient, i) => [`x${i}`, gradient]));
    const run = await engine.compile(
      {
        variables: [],
        entries: {
          loss: { feeds, fetches: { loss }, targets: [] },
          gradients: { feeds, fetches, targets: [] },
        },
      },
      { threads: 1 },
    );
    const computed = await run.run("gradients", values);
    const lossAt = async () => (await run.run("loss", values)).loss!.data[0] as number;
    for (const [name, { data }] of Object.entries(values) as [string, { data: Float64Array }][]) {
      for (let i = 0; i < data.length; i++) {
        const at = data[i]!;
        data[i] = at + step;
        const above = await lossAt();
        data[i] = at - step;
        const below = await lossAt();
        data[i] = at;
        const difference = (above - below) / (2 * step);
        const gradient = computed[name]!.data[i] as number;
        const close = Math.abs(gradient - difference) <= 1e-7 + 1e-6 * Math.abs(difference);
        expect(close ? "equal" : `${name}[${i}]: ${gradient}, by differences ${difference}`).toBe("equal");
      }
    }
    run.close();
  });
});

test("every primitive with a gradient rule has a case", () => {
  const covered = new Set(
    differentiated.flatMap((one) => topological([lossOf(one).loss.node]).map(({ op }) => op)),
  );
  const missing = [...primitives.values()]
    .filter(({ op, gradient }) => typeof gradient === "function" && !covered.has(op))
    .map(({ op }) => op);
  expect(missing).toEqual([]);
});
