import { expect, test } from "vitest";
import { planText } from "../study/files.ts";

const codes = (signature: string, body = "conv(8)") =>
  planText(`edition 2026

data cubes {
  source = numpy("cubes.npz")
  input image : f32[3, 16, 16] = source.image
  target kind : class[4] = source.kind
  split = random(train: 70%, valid: 15%, test: 15%, seed: 1)
}

model network : ${signature} -> f32[N, K] {
  ${body}
  global_avg_pool
  dense(K)
}

experiment ask {
  data = cubes
  model = network
  recipe = std.recipes.quick
  report test.accuracy
}
`).diagnostics.map(({ code }) => code);

test("channels that are named first are told of, but not where they are turned", () => {
  expect(codes("f32[N, C, H, W]")).toEqual(["DL3114"]);
  expect(codes("f32[N, H, W, C]")).toEqual([]);
  expect(codes("f32[N, A, B, C]")).toEqual([]);
  expect(codes("f32[N, C, H, W]", "conv(8)\n  transpose(axes: [0, 1, 3, 2])")).toEqual(["DL3114"]);
  expect(codes("f32[N, C, H, W]", "transpose(axes: [0, 2, 3, 1])\n  conv(8)")).toEqual([]);
});
