/** Every network of the standard library compiles, and has the number of parameters that was published or follows from its table. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { layerTable } from "../../src/check/shapes.ts";
import { networkOf } from "../check/program.ts";

const folder = join(import.meta.dirname, "../../std");

function tableOf(
  module: string,
  call: string,
  inputs: Record<string, readonly number[]>,
  output?: readonly number[],
) {
  const name = call.slice(0, call.indexOf("("));
  const text = `import std.${module} { ${name} }\nlet net = ${call}`;
  const { network, errors } = networkOf(text, inputs, output);
  if (!network) throw new Error(errors);
  return layerTable(network);
}

type Row = readonly [
  call: string,
  input: readonly number[],
  output: readonly number[] | undefined,
  trainable: number,
];

/** Counts of reference/astronomy.md, 1.3 and 1.5: torchvision's, the papers', or their tables added up. */
const vision: readonly Row[] = [
  ["lenet_5()", [32, 32, 1], [10], 61_706],
  ["lenet_5(padding: 2)", [28, 28, 1], [10], 61_706],
  ["lenet_5_1998()", [32, 32, 1], [10], 60_000],
  ["alexnet(groups: 1)", [227, 227, 3], [1000], 62_378_344],
  ["alexnet()", [227, 227, 3], [1000], 60_965_224],
  ["alexnet_one_tower()", [224, 224, 3], [1000], 61_100_840],
  ["vgg_a(published: true)", [224, 224, 3], [1000], 132_863_336],
  ["vgg_a(published: true, response_norm: true)", [224, 224, 3], [1000], 132_863_336],
  ["vgg_b(published: true)", [224, 224, 3], [1000], 133_047_848],
  ["vgg_c(published: true)", [224, 224, 3], [1000], 133_638_952],
  ["vgg_d(published: true)", [224, 224, 3], [1000], 138_357_544],
  ["vgg_e(published: true)", [224, 224, 3], [1000], 143_667_240],
  // torchvision's weights: VGG11_BN, VGG13_BN, VGG16_BN, VGG19_BN.
  ["vgg_a(published: true, norm: true)", [224, 224, 3], [1000], 132_868_840],
  ["vgg_b(published: true, norm: true)", [224, 224, 3], [1000], 133_053_736],
  ["vgg_d(published: true, norm: true)", [224, 224, 3], [1000], 138_365_992],
  ["vgg_e(published: true, norm: true)", [224, 224, 3], [1000], 143_678_248],
  ["googlenet()", [224, 224, 3], [1000], 6_998_552],
  ["googlenet(norm: true)", [224, 224, 3], [1000], 6_624_904],
  ["googlenet_with_sides()", [224, 224, 3], [1000], 13_378_280],
  ["googlenet_with_sides(norm: true)", [224, 224, 3], [1000], 13_004_888],
  // Keras, `include_top=False`, for D and E; the others are the counts above without the three dense layers.
  ["vgg_convolutions([1, 1, 2, 2, 2], published: true)", [224, 224, 3], undefined, 9_220_480],
  ["vgg_convolutions([2, 2, 2, 2, 2], published: true)", [224, 224, 3], undefined, 9_404_992],
  [
    "vgg_convolutions([2, 2, 3, 3, 3], published: true, pointwise: true)",
    [224, 224, 3],
    undefined,
    9_996_096,
  ],
  ["vgg_convolutions([2, 2, 3, 3, 3], published: true)", [224, 224, 3], undefined, 14_714_688],
  ["vgg_convolutions([2, 2, 4, 4, 4], published: true)", [224, 224, 3], undefined, 20_024_384],
  ["resnet_18(large: true)", [224, 224, 3], [1000], 11_689_512],
  ["resnet_34(large: true)", [224, 224, 3], [1000], 21_797_672],
  ["resnet_34(large: true, shortcut: pad)", [224, 224, 3], [1000], 21_623_848],
  // A plain network has what one with shortcuts of zeros has.
  ["resnet_34(large: true, shortcut: none)", [224, 224, 3], [1000], 21_623_848],
  ["resnet_50(large: true)", [224, 224, 3], [1000], 25_557_032],
  ["resnet_101(large: true)", [224, 224, 3], [1000], 44_549_160],
  ["resnet_152(large: true)", [224, 224, 3], [1000], 60_192_808],
  // akamaster/pytorch_resnet_cifar10 counts 0.27M, 0.46M, 0.66M, 0.85M, 1.7M: convolutions 432 + n 55,296 - 16,128 + ..., norms, dense.
  ["resnet_cifar()", [32, 32, 3], [10], 269_722],
  ["resnet_cifar(n: 5)", [32, 32, 3], [10], 464_154],
  ["resnet_cifar(n: 7)", [32, 32, 3], [10], 658_586],
  ["resnet_cifar(n: 9)", [32, 32, 3], [10], 853_018],
  ["resnet_cifar(n: 18)", [32, 32, 3], [10], 1_727_962],
];

const astronomy: readonly Row[] = [
  ["kim_brunner()", [44, 44, 5], [2], 11_230_754],
  ["petrillo_kids()", [60, 60, 1], undefined, 30_784_385],
];

const sequence: readonly Row[] = [
  ["pearson_cnn()", [180, 1], undefined, 13_953],
  ["pearson_cnn(activation: relu)", [180, 1], undefined, 12_009],
  // Keras counts an LSTM as 4 h (n + h + 1), a GRU as 3 h (n + h + 2).
  ["lstm_classifier([32])", [50, 8], [10], 5_248 + 330],
  ["gru_classifier([32])", [50, 8], [10], 4_032 + 330],
  ["rnn_classifier([32])", [50, 8], [10], 1_312 + 330],
  ["lstm_classifier([32, 16], direction: both)", [50, 8], [10], 2 * 5_248 + 2 * 4 * 16 * (64 + 16 + 1) + 330],
  // Valid lengths 8192 to 119 x 64 = 7,616 features.
  [
    "deep_filter()",
    [8192, 1],
    [2],
    16 * 16 + 16 + (16 * 8 * 32 + 32) + (32 * 8 * 64 + 64) + (7_616 * 64 + 64) + (64 * 2 + 2),
  ],
];

/** The lecture's four programs in Keras. */
const tabular: readonly Row[] = [
  ["mlp([24, 20])", [10], [10], 974],
  ["mlp([20, 20])", [10], [10], 850],
  ["mlp([64])", [100], [10], 7_114],
  ["mlp()", [784], [10], 55_050],
  ["autoencoder(2)", [10], undefined, 10 * 64 + 64 + 64 * 2 + 2 + 2 * 64 + 64 + 64 * 10 + 10],
];

describe.each([
  ["tabular", tabular],
  ["vision", vision],
  ["astronomy", astronomy],
  ["sequence", sequence],
] as const)("std.%s", (module, rows) => {
  test.each(rows)("%s", (call, input, output, trainable) => {
    expect(tableOf(module, call, { x: input }, output).trainable).toBe(trainable);
  });
});

describe("networks without a published count", () => {
  test("unet: two convolutions a level, norms, transposed convolutions, a last one of 1 x 1", () => {
    const unet = (width: number, depth: number, from: number, to: number) => {
      const pair = (a: number, b: number) => 9 * a * b + 2 * b + 9 * b * b + 2 * b;
      const c = (level: number) => width * 2 ** level;
      let sum = pair(from, c(0)) + pair(c(depth - 1), c(depth)) + c(0) * to + to;
      for (let level = 1; level < depth; level++) sum += pair(c(level - 1), c(level));
      for (let level = 0; level < depth; level++)
        sum += 4 * c(level) * c(level + 1) + c(level) + pair(2 * c(level), c(level));
      return sum;
    };
    // What milesial/Pytorch-UNet counts for three channels and one class.
    expect(tableOf("vision", "unet(64)", { x: [64, 64, 3] }, [64, 64, 1]).trainable).toBe(31_037_633);
    expect(tableOf("vision", "unet(8, depth: 3)", { x: [32, 48, 2] }, [32, 48, 3]).trainable).toBe(
      unet(8, 3, 2, 3),
    );
  });

  test("astronet on 201 and 61 points: 768 and 352 features join", () => {
    const convs = [1, 16, 32, 64, 128].map(
      (a, s) => 5 * a * 16 * 2 ** s + 5 * (16 * 2 ** s) ** 2 + 2 * 16 * 2 ** s,
    );
    const towers = convs.reduce((a, b) => a + b, 0) + convs[0]! + convs[1]!;
    const dense = 1_120 * 512 + 512 + 3 * (512 * 512 + 512) + 512 * 2 + 2;
    expect(tableOf("sequence", "astronet()", { global: [201, 1], local: [61, 1] }, [2]).trainable).toBe(
      towers + dense,
    );
  });

  test("astronet on 2001 and 201 points: the published count", () => {
    const inputs = { global: [2001, 1], local: [201, 1] };
    const { trainable } = tableOf("sequence", "astronet(depth: 3, padding: valid)", inputs, [1]);
    expect(trainable).toBe(8_530_657);
  });

  test("toothless: sizes 35, 17, 8, 4 of Aniyan and Thorat; deeplens: 46 convolutions on the main path; lens_regressor ends at 1 x 1", () => {
    const outputs = tableOf("astronomy", "toothless()", { x: [150, 150, 1] }, [2]).layers.map(
      ({ output }) => output,
    );
    for (const size of ["f32[N, 35, 35, 96]", "f32[N, 17, 17, 96]", "f32[N, 8, 8, 256]", "f32[N, 4, 4, 256]"])
      expect(outputs).toContain(size);
    const names = tableOf("astronomy", "deeplens()", { x: [101, 101, 4] }).layers.map(({ name }) => name);
    const convolutions = names.filter((name) => /conv(_\d+)?$/.test(name)).length;
    // 46, and a projection where the shape changes: once a stage but in the first.
    expect(convolutions).toBe(46 + 4);
    expect(tableOf("astronomy", "lens_regressor()", { x: [192, 192, 1] }, [5]).layers.at(-2)!.output).toBe(
      "f32[N, 1, 1, 5]",
    );
  });

  test("cnn_1d", () => {
    const weights = 5 * 1 * 8 + 2 * 8 + 5 * 8 * 16 + 2 * 16 + 16 * 3 + 3;
    expect(tableOf("sequence", "cnn_1d([8, 16])", { x: [64, 1] }, [3]).trainable).toBe(weights);
  });
});

test("every model of the standard library is counted here, and every declaration has its doc", () => {
  const own = readFileSync(import.meta.filename, "utf8");
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, name] of text.matchAll(/^model (\w+)/gm)) expect(own).toContain(`${name}(`);
    for (const { index } of text.matchAll(/^(model|block|recipe|loss|metric) /gm))
      expect(text.slice(0, index).trimEnd().split("\n").at(-1)).toMatch(/^\/\/\//);
  }
});
