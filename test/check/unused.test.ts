/** What nothing uses has no sizes; the names in it are checked all the same. */
import { describe, expect, test } from "vitest";
import { planText } from "../study/files.ts";

const told = (text: string): readonly string[] =>
  planText(`edition 2026\n\n${text}`).diagnostics.map(
    ({ code, span }) => `${code} ${span.file.text.slice(span.start, span.end)}`,
  );

describe("names in what nothing uses", () => {
  test.each([
    ["a layer", "block b(c: int) : f32[N, H, W, A] -> f32[N, H, W, c] {\n  cnv(c)\n}", ["DL2002 cnv"]],
    ["a parameter", "model m : f32[N, H, W, C] -> f32[N, K] {\n  conv(8, kernal: 3)\n}", ["DL2004 kernal"]],
    ["a tensor", "model m : f32[N, F] -> f32[N, K] {\n  branch a { dense(8) }\n  it + b\n}", ["DL2001 b"]],
    [
      "each of several",
      "model m : f32[N, F] -> f32[N, K] {\n  dens(8)\n  rellu\n}",
      ["DL2002 dens", "DL2002 rellu"],
    ],
    ["a loss", "loss l(y: f32[N, K], t: class[K]) {\n  mean(exq(y), axis: -1)\n}", ["DL2002 exq"]],
    ["a metric", "metric m(y: f32[N], t: f32[N]) {\n  mean(abs(y - tt))\n}", ["DL2001 tt"]],
  ])("%s", (_, text, found) => {
    expect(told(text)).toEqual(found);
  });

  test("sizes that are made up are not judged", () => {
    const text = `block b(c: int, rate: f32, act: layer, sizes: int[S]) : f32[N, 7, W, A] -> f32[N, c] {
  conv(c / 16, stride: 3)
  dropout(2 * rate)
  act
  for size in sizes { conv(size) }
  take(it, [100])
}

model m(kind: word) : (a: f32[N, F], b: class[3]) -> (x: f32[N, 3], y: f32[N, K]) {
  if kind == wide { out x = a } else { out y = b }
}`;
    expect(told(text)).toEqual([]);
  });

  test("what is used is told once, with its sizes", () => {
    const text = `model m : f32[N, F] -> f32[N, K] {
  dens(K)
}

data points {
  source = csv("points.csv")
  input x : f32[3] = [source.a, source.b, source.c]
  target y : class[2] = source.y
  split = random(train: 70%, valid: 15%, test: 15%, seed: 1)
}

experiment e {
  data = points
  model = m
  recipe = std.recipes.quick
  report test.accuracy
}`;
    expect(told(text)).toEqual(["DL2002 dens"]);
  });
});
