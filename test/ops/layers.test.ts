import { describe, expect, test } from "vitest";
import { operatorNames, operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import { type Dim, showType } from "../../src/types/tensor.ts";
import { call, network, type Stack } from "../train/networks.ts";

type Given = Readonly<Record<string, Json>>;

function infer(op: string, given: Given, ...inputs: readonly (readonly Dim[])[]) {
  const types = inputs.map((shape) => ({ dtype: "f32" as const, shape }));
  return operatorOf("layer", op).infer(types, call("layer", op, given).parameters);
}

function output(op: string, given: Given, ...inputs: readonly (readonly Dim[])[]): string {
  const inferred = infer(op, given, ...inputs);
  return "problem" in inferred ? inferred.problem : showType(inferred.output);
}

function problem(op: string, given: Given, ...inputs: readonly (readonly Dim[])[]): string {
  const inferred = infer(op, given, ...inputs);
  return "problem" in inferred ? `${inferred.problem}\n${inferred.hint ?? ""}` : showType(inferred.output);
}

const image: readonly Dim[] = ["N", 64, 64, 3];

describe("shapes", () => {
  // Sizes of published networks, and of the definition floor((n + 2p - d (k - 1) - 1) / s) + 1.
  const golden: readonly (readonly [string, Given, readonly (readonly Dim[])[], string])[] = [
    ["conv", { channels: 6, kernel: 5, padding: "valid" }, [["N", 32, 32, 1]], "f32[N, 28, 28, 6]"], // LeNet-5, C1
    [
      "conv",
      { channels: 96, kernel: 11, stride: 4, padding: "valid" },
      [["N", 227, 227, 3]],
      "f32[N, 55, 55, 96]",
    ], // AlexNet
    ["conv", { channels: 64, kernel: 7, stride: 2 }, [["N", 224, 224, 3]], "f32[N, 112, 112, 64]"], // ResNet
    ["conv", { channels: 8, stride: 2 }, [["N", 7, 7, 4]], "f32[N, 4, 4, 8]"],
    ["conv", { channels: 8, kernel: 3, dilation: 2, padding: "valid" }, [image], "f32[N, 60, 60, 8]"],
    ["conv", { channels: 8, kernel: [1, 7], stride: [1, 2] }, [["N", 9, 10, 4]], "f32[N, 9, 5, 8]"],
    ["conv", { channels: 16, kernel: 5 }, [["N", 201, 1]], "f32[N, 201, 16]"], // AstroNet
    ["dense", { units: 10 }, [["N", 84]], "f32[N, 10]"],
    ["batch_norm", {}, [image], "f32[N, 64, 64, 3]"],
    ["max_pool", { size: 2 }, [["N", 28, 28, 6]], "f32[N, 14, 14, 6]"],
    ["max_pool", { size: 2 }, [["N", 7, 7, 6]], "f32[N, 4, 4, 6]"],
    ["max_pool", { size: 3, stride: 2, padding: "valid" }, [["N", 55, 55, 96]], "f32[N, 27, 27, 96]"], // AlexNet
    ["max_pool", { size: 3, stride: 2, padding: "valid" }, [["N", 112, 112, 64]], "f32[N, 55, 55, 64]"],
    [
      "max_pool",
      { size: 3, stride: 2, padding: "valid", ceil: true },
      [["N", 112, 112, 64]],
      "f32[N, 56, 56, 64]",
    ], // GoogLeNet
    ["max_pool", { size: 2, padding: "valid", ceil: true }, [["N", 7, 7, 6]], "f32[N, 4, 4, 6]"],
    ["max_pool", { size: 5, stride: 2, padding: "valid" }, [["N", 201, 16]], "f32[N, 99, 16]"], // AstroNet
    ["avg_pool", { size: 2 }, [["N", 28, 28, 6]], "f32[N, 14, 14, 6]"],
    ["avg_pool", { size: 1, stride: 2 }, [["N", 7, 7, 6]], "f32[N, 4, 4, 6]"],
    ["global_avg_pool", {}, [["N", 7, 7, 512]], "f32[N, 512]"],
    ["global_max_pool", {}, [["N", 61, 32]], "f32[N, 32]"],
    ["flatten", {}, [["N", 7, 7, 512]], "f32[N, 25088]"], // VGG
    ["reshape", { shape: [8, 8, 16] }, [["N", 1024]], "f32[N, 8, 8, 16]"],
    ["dropout", { rate: 0.5 }, [["N", 4096]], "f32[N, 4096]"],
    ["pad_channels", { to: 128 }, [["N", 28, 28, 64]], "f32[N, 28, 28, 128]"],
    ["add", {}, [image, image, image], "f32[N, 64, 64, 3]"],
    ["add", {}, [image, ["N", 1, 1, 3]], "f32[N, 64, 64, 3]"],
    ["subtract", {}, [image, image], "f32[N, 64, 64, 3]"],
    ["multiply", {}, [["N", 1, 1, 3], image], "f32[N, 64, 64, 3]"],
    ["concat", {}, [image, ["N", 64, 64, 5]], "f32[N, 64, 64, 8]"],
    ["divide", {}, [image, image], "f32[N, 64, 64, 3]"],
    ["affine", { factor: 2, offset: 1 }, [["N", 10]], "f32[N, 10]"],
    ["power", { exponent: 2 }, [["N", 10]], "f32[N, 10]"],
    ["softmax", {}, [["N", 10]], "f32[N, 10]"],
  ];
  for (const [op, given, inputs, expected] of golden) {
    test(`${op}(${JSON.stringify(given)}) is ${expected}`, () => {
      expect(output(op, given, ...inputs)).toBe(expected);
    });
  }

  test("an activation keeps the shape, has no weights, and every layer is tested here", () => {
    const elementwise = [
      ...["relu", "leaky_relu", "elu", "selu", "sigmoid", "tanh", "gelu", "silu"],
      ...["softplus", "softsign", "softmax", "identity", "gaussian"],
    ];
    for (const op of elementwise) {
      expect(infer(op, {}, image)).toEqual({
        output: { dtype: "f32", shape: image },
        weights: [],
        macs: 0,
      });
    }
    const tested = new Set([...elementwise, ...golden.map(([op]) => op)]);
    expect([...tested].sort()).toEqual([...operatorNames("layer")].sort());
  });
});

describe("parameters and cost", () => {
  const total = (input: readonly number[], body: (layer: Stack) => void) => {
    const { layers } = network(input, body);
    const weights = layers.flatMap((layer) => layer.weights);
    const count = (trainable: boolean) =>
      weights
        .filter((weight) => weight.trainable === trainable)
        .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    return {
      trainable: count(true),
      statistics: count(false),
      macs: layers.reduce((sum, { macs }) => sum + macs, 0),
    };
  };
  const convRelu = (layer: Stack, given: Given) => {
    layer("conv", given);
    layer("relu");
  };

  test("LeNet-5 (61,706)", () => {
    const { trainable } = total([32, 32, 1], (layer) => {
      for (const channels of [6, 16]) {
        convRelu(layer, { channels, kernel: 5, padding: "valid" });
        layer("max_pool");
      }
      layer("flatten");
      for (const units of [120, 84, 10]) layer("dense", { units });
    });
    expect(trainable).toBe(61_706);
  });

  test("VGG16 (138,357,544; 15.47 G multiply-accumulates at 224 x 224)", () => {
    const { trainable, macs } = total([224, 224, 3], (layer) => {
      for (const [channels, times] of [
        [64, 2],
        [128, 2],
        [256, 3],
        [512, 3],
        [512, 3],
      ] as const) {
        for (let i = 0; i < times; i++) convRelu(layer, { channels });
        layer("max_pool");
      }
      layer("flatten");
      for (const units of [4096, 4096, 1000]) layer("dense", { units });
    });
    expect(trainable).toBe(138_357_544);
    expect(macs).toBe(15_470_264_320);
  });

  test("ResNet-18 (11,689,512 and 9,600 statistics), and ResNet-34 with shortcuts of zeros (21,623,848)", () => {
    const resnet = (blocks: readonly number[], project: boolean) =>
      total([224, 224, 3], (layer) => {
        const unit = (channels: number, kernel: number, stride: number, from?: number) => {
          layer("conv", { channels, kernel, stride, bias: false }, from === undefined ? undefined : [from]);
          return layer("batch_norm");
        };
        unit(64, 7, 2);
        layer("relu");
        let it = layer("max_pool", { size: 3, stride: 2 });
        for (const [stage, count] of blocks.entries()) {
          const channels = 64 * 2 ** stage;
          for (let i = 0; i < count; i++) {
            const stride = stage > 0 && i === 0 ? 2 : 1;
            unit(channels, 3, stride, it);
            layer("relu");
            const main = unit(channels, 3, 1);
            const pooled = () => layer("avg_pool", { size: 1, stride }, [it]);
            const skip =
              stride === 1
                ? it
                : project
                  ? unit(channels, 1, stride, it)
                  : layer("pad_channels", { to: channels }, [pooled()]);
            layer("add", {}, [main, skip]);
            it = layer("relu");
          }
        }
        layer("global_avg_pool");
        layer("dense", { units: 1000 });
      });
    expect(resnet([2, 2, 2, 2], true)).toMatchObject({ trainable: 11_689_512, statistics: 9_600 });
    expect(resnet([3, 4, 6, 3], false).trainable).toBe(21_623_848);
  });

  test("weights begin as stated, and only kernels decay", () => {
    const inferred = infer("conv", { channels: 8, kernel: 5 }, image);
    expect("problem" in inferred || inferred.weights).toMatchInlineSnapshot(`
      [
        {
          "decays": true,
          "init": {
            "fanIn": 75,
            "kind": "he_uniform",
          },
          "name": "kernel",
          "shape": [
            5,
            5,
            3,
            8,
          ],
          "trainable": true,
        },
        {
          "decays": false,
          "init": {
            "kind": "constant",
            "value": 0,
          },
          "name": "bias",
          "shape": [
            8,
          ],
          "trainable": true,
        },
      ]
    `);
    const norm = infer("batch_norm", {}, image);
    expect(
      "problem" in norm || norm.weights.map(({ name, trainable, decays }) => [name, trainable, decays]),
    ).toEqual([
      ["scale", true, false],
      ["offset", true, false],
      ["mean", false, false],
      ["variance", false, false],
    ]);
  });
});

test("what does not fit is said in words, with the way on", () => {
  const flat: readonly Dim[] = ["N", 128];
  expect(
    [
      problem("dense", { units: 4 }, ["N", 8, 8, 64]),
      problem("conv", { channels: 8 }, flat),
      problem("conv", { channels: 8, kernel: 7, padding: "valid" }, ["N", 5, 5, 8]),
      problem("conv", { channels: 8, kernel: [3, 3, 3] }, image),
      problem("conv", { channels: 8, stride: 2, dilation: 2 }, image),
      problem("max_pool", { size: 3, padding: "valid" }, ["N", 2, 2, 8]),
      problem("max_pool", { size: 3, padding: "valid", ceil: true }, ["N", 10, 10, 8]),
      problem("global_avg_pool", {}, flat),
      problem("add", {}, ["N", 32, 32, 64], image),
      problem("add", {}, ["N", 64, 64, 8], image),
      problem("add", {}, image, flat),
      problem("concat", {}, ["N", 32, 32, 64], image),
      problem("pad_channels", { to: 2 }, image),
      problem("reshape", { shape: [8, 8] }, flat),
      problem("dropout", { rate: 1 }, flat),
    ].join("\n"),
  ).toMatchInlineSnapshot(`
    "\`dense\` needs f32[N, F], not f32[N, 8, 8, 64]
    put \`flatten\` or \`global_avg_pool\` before it
    \`conv\` needs an image f32[N, H, W, C] or a sequence f32[N, L, C], not f32[N, 128]
    put \`conv\` before \`flatten\` and \`dense\`
    the window of \`conv\` covers 7 x 7 positions, and there are only 5 x 5
    take a smaller window, pool less before, or \`padding: same\`
    \`kernel\` of \`conv\` has 3 numbers for two spatial axes
    give one number for all axes, or a list of 2
    \`conv\` takes a stride or a dilation, not both
    leave one of them at 1
    the window of \`max_pool\` covers 3 x 3 positions, and there are only 2 x 2
    take a smaller window, pool less before, or \`padding: same\`
    \`ceil: true\` is not possible for \`max_pool\` of 3 x 3 with stride 3 x 3 over 10 x 10 positions: its last window would hang over by 2
    use \`padding: same\`, or another size of the input
    \`global_avg_pool\` needs an image f32[N, H, W, C] or a sequence f32[N, L, C], not f32[N, 128]
    leave \`global_avg_pool\` out: there are no positions left to pool over
    f32[N, 32, 32, 64] and f32[N, 64, 64, 3] disagree on channels, height and width
    bring one to the other's size with a strided \`conv(..., kernel: 1)\` or a pool
    f32[N, 64, 64, 8] and f32[N, 64, 64, 3] disagree on channels
    give both equal channels: \`conv(8, kernel: 1)\`, or \`pad_channels\`
    \`add\` needs tensors of one rank, not f32[N, 64, 64, 3] and f32[N, 128]
    bring both to one rank with \`flatten\`, \`global_avg_pool\` or \`reshape\`
    f32[N, 32, 32, 64] and f32[N, 64, 64, 3] disagree on height and width, and \`concat\` joins channels only
    bring one to the other's size with a strided \`conv\` or a pool
    \`pad_channels\` to 2 would drop channels of f32[N, 64, 64, 3], which has 3
    use \`conv(2, kernel: 1)\` to have fewer channels
    cannot make [8, 8], 64 elements, of f32[N, 128], 128 elements a sample
    let the dimensions multiply to the same number
    \`dropout\` of 100% leaves nothing
    give a rate below 1"
  `);
  const bytes = operatorOf("layer", "relu").infer([{ dtype: "u8", shape: image }], {});
  expect(bytes).toMatchInlineSnapshot(`
    {
      "hint": "make numbers of it in \`prepare\`: \`scale(0 .. 1)\`",
      "problem": "\`relu\` needs f32, not u8[N, 64, 64, 3]",
    }
  `);
});
