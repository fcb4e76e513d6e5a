import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { layerTable } from "../../src/check/shapes.ts";
import { networkOf } from "./program.ts";

const vision = "import std.vision { conv_bn_relu, residual, vgg_a, resnet_18 }\n";

function tableOf(text: string, input: readonly number[], output?: readonly number[]) {
  const { network, errors } = networkOf(text, { image: input }, output);
  if (!network) throw new Error(errors);
  return layerTable(network);
}

/** The model of a file, with the parameters' names. */
const oneModel = (body: string, signature = "f32[N, H, W, C] -> f32[N, A, B, D]", parameters = "") =>
  `${vision}model m(${parameters}) : ${signature} {\n${body}\n}\nlet net = m`;

describe("published parameter counts", () => {
  const galaxies = readFileSync(join(import.meta.dirname, "../../specs/galaxy-zoo.dl"), "utf8");

  // 3x3 convolutions without bias 9ab, batch norms 2c, dense 256 x 4 + 4: the pad shortcut has no parameters.
  test.each(["vgg", "resnet"])("%s on Galaxy Zoo: 1,174,244", (name) => {
    const models = [...galaxies.matchAll(/^model (\w+)\(/gm)].map((match) => match[1]!);
    const model = models.find((each) => each.startsWith(name))!;
    const table = tableOf(`${galaxies}\nlet net = ${model}([32, 64, 128, 256])`, [64, 64, 3], [4]);
    expect([table.trainable, table.statistics]).toEqual([1_174_244, 1920]);
  });

  // torchvision's ResNet-18 has 11,689,512 for 1000 classes; with a 3x3 stem (9,408 -> 1,728) and 10 classes
  // (513,000 -> 5,130) these remain. https://github.com/kuangliu/pytorch-cifar states 11,173,962 for the same network.
  test("resnet_18 at width 64 for 10 classes: 11,173,962", () => {
    expect(tableOf(`${vision}let net = resnet_18()`, [32, 32, 3], [10]).trainable).toBe(11_173_962);
  });

  // Convolutions 3-64-128-256-256-512-512-512-512: 9,217,728 weights; batch norms 2 x 2,752; dense 512 x 10 + 10.
  test("vgg_a at width 64 for 10 classes: 9,228,362", () => {
    expect(tableOf(`${vision}let net = vgg_a()`, [32, 32, 3], [10]).trainable).toBe(9_228_362);
  });
});

describe("bodies", () => {
  const rows = (text: string, input: readonly number[], output?: readonly number[]) =>
    tableOf(text, input, output).layers.map(({ name, output }) => `${name} ${output}`);

  test("a pipeline with branch, group, list and shortcut: paths are unique and readable", () => {
    const body = `
      for i in 0 .. 1 {
        group stage[i] { residual(8 * 2 ^ i, stride: 2) }
        it as skip[i]
      }
      from skip[0]
      max_pool(2) as small
      concat(small, skip[1])`;
    expect(rows(oneModel(body), [32, 32, 4])).toMatchInlineSnapshot(`
      [
        "stage0/residual/main/conv_bn_relu/conv f32[N, 16, 16, 8]",
        "stage0/residual/main/conv_bn_relu/batch_norm f32[N, 16, 16, 8]",
        "stage0/residual/main/conv_bn_relu/relu f32[N, 16, 16, 8]",
        "stage0/residual/main/conv f32[N, 16, 16, 8]",
        "stage0/residual/main/batch_norm f32[N, 16, 16, 8]",
        "stage0/residual/skip/max_pool f32[N, 16, 16, 4]",
        "stage0/residual/skip/pad_channels f32[N, 16, 16, 8]",
        "stage0/residual/add f32[N, 16, 16, 8]",
        "stage0/residual/relu f32[N, 16, 16, 8]",
        "stage1/residual/main/conv_bn_relu/conv f32[N, 8, 8, 16]",
        "stage1/residual/main/conv_bn_relu/batch_norm f32[N, 8, 8, 16]",
        "stage1/residual/main/conv_bn_relu/relu f32[N, 8, 8, 16]",
        "stage1/residual/main/conv f32[N, 8, 8, 16]",
        "stage1/residual/main/batch_norm f32[N, 8, 8, 16]",
        "stage1/residual/skip/max_pool f32[N, 8, 8, 8]",
        "stage1/residual/skip/pad_channels f32[N, 8, 8, 16]",
        "stage1/residual/add f32[N, 8, 8, 16]",
        "stage1/residual/relu f32[N, 8, 8, 16]",
        "max_pool f32[N, 8, 8, 8]",
        "concat f32[N, 8, 8, 24]",
      ]
    `);
  });

  test("repeat, if and arithmetic with numbers", () => {
    const body = `
      repeat 2 { conv(4) }
      if C == 4 { relu } else { tanh }
      2 * it + 1
      1 - it ^ 2`;
    expect(rows(oneModel(body), [8, 8, 4])).toMatchInlineSnapshot(`
      [
        "conv f32[N, 8, 8, 4]",
        "conv_2 f32[N, 8, 8, 4]",
        "relu f32[N, 8, 8, 4]",
        "affine f32[N, 8, 8, 4]",
        "affine_2 f32[N, 8, 8, 4]",
        "power f32[N, 8, 8, 4]",
        "affine_3 f32[N, 8, 8, 4]",
      ]
    `);
  });

  test("a layer as parameter takes what is missing at its use", () => {
    const body = "for c in widths { unit(c, stride: 2); act }";
    const text = oneModel(
      body,
      "f32[N, H, W, C] -> f32[N, A, B, D]",
      "widths: int[S], unit: layer, act: layer = relu",
    );
    const with_ = (call: string) => rows(text.replace(/let net = m$/, `let net = ${call}`), [16, 16, 3]);
    expect(with_("m([4, 8], unit: conv_bn_relu(kernel: 5))")).toMatchInlineSnapshot(`
      [
        "conv_bn_relu/conv f32[N, 8, 8, 4]",
        "conv_bn_relu/batch_norm f32[N, 8, 8, 4]",
        "conv_bn_relu/relu f32[N, 8, 8, 4]",
        "relu f32[N, 8, 8, 4]",
        "conv_bn_relu_2/conv f32[N, 4, 4, 8]",
        "conv_bn_relu_2/batch_norm f32[N, 4, 4, 8]",
        "conv_bn_relu_2/relu f32[N, 4, 4, 8]",
        "relu_2 f32[N, 4, 4, 8]",
      ]
    `);
    expect(with_("m([4], unit: conv(kernel: 5), act: leaky_relu(0.2))")).toMatchInlineSnapshot(`
      [
        "conv f32[N, 8, 8, 4]",
        "leaky_relu f32[N, 8, 8, 4]",
      ]
    `);
  });

  test("several inputs and outputs", () => {
    const text = `
      model two : (a: f32[N, F], b: f32[N, G]) -> (sum: f32[N, 4], both: f32[N, F + G]) {
        branch left from a { dense(4) }
        branch right from b { dense(4) }
        out sum = left + right
        out both = concat(a, b)
      }
      let net = two`;
    const { network, errors } = networkOf(text, { b: [3], a: [2] });
    expect(errors).toBe("");
    expect(network?.inputs.map(({ name, field }) => `${name} ${field}`)).toEqual(["a a", "b b"]);
    expect(network?.outputs.map(({ name, type }) => `${name} ${type.shape.join()}`)).toEqual([
      "sum N,4",
      "both N,5",
    ]);
  });

  test("each use of a layer has weights of its own, and equal arguments give equal networks", () => {
    const text = oneModel("repeat 2 { dense(4) }", "f32[N, F] -> f32[N, 4]");
    const first = networkOf(text, { x: [4] }).network!;
    expect(first.layers.map(({ path }) => path)).toEqual(["dense", "dense_2"]);
    const plain = (network: typeof first) => network.layers.map(({ span, ...layer }) => layer);
    expect(plain(networkOf(text, { x: [4] }).network!)).toEqual(plain(first));
  });

  test("layers within std point at the line that uses the block", () => {
    const text = oneModel("  conv_bn_relu(8)");
    const { network } = networkOf(text, { image: [8, 8, 3] });
    expect(network!.layers.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      ...["conv_bn_relu(8)", "conv_bn_relu(8)", "conv_bn_relu(8)"],
    ]);
  });

  test("a stride rounds up, as `same` padding does", () => {
    expect(rows(oneModel("conv_bn_relu(4, stride: 2)"), [15, 15, 3]).at(-1)).toBe(
      "conv_bn_relu/relu f32[N, 8, 8, 4]",
    );
    expect(rows(oneModel("residual(4, stride: 2)"), [15, 15, 3]).at(-1)).toBe(
      "residual/relu f32[N, 8, 8, 4]",
    );
  });
});
