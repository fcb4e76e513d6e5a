/** What completion knows of layers and metrics. */
import { expect, test } from "vitest";
import { learns } from "../../src/lsp/fits-shape.ts";
import { operatorNames } from "../../src/ops/registry.ts";

test("the layers that learn, of all", () => {
  expect(operatorNames("layer").filter(learns).toSorted()).toEqual([
    "batch_norm",
    "conv",
    "conv_transpose",
    "dense",
    "embedding",
    "group_norm",
    "gru",
    "instance_norm",
    "layer_norm",
    "learned",
    "lstm",
    "prelu",
    "rnn",
  ]);
});
