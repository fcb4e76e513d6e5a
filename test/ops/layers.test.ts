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

test("embedding: a vector for each whole number, and nothing for real ones", () => {
  const { parameters } = call("layer", "embedding", { units: 8, values: 5 });
  const of = (dtype: "i32" | "i64" | "u8" | "f32", shape: readonly Dim[]) =>
    operatorOf("layer", "embedding").infer([{ dtype, shape }], parameters);
  for (const dtype of ["i32", "i64", "u8"] as const)
    expect(of(dtype, ["N", 20])).toMatchObject({
      output: { dtype: "f32", shape: ["N", 20, 8] },
      weights: [{ name: "kernel", shape: [5, 8], trainable: true }],
    });
  expect(of("i32", ["N"])).toMatchObject({ output: { shape: ["N", 8] } });
  expect(of("f32", ["N"])).toMatchObject({
    problem: "`embedding` needs whole numbers, i32, i64 or u8, not f32[N]",
  });
});

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
    ["conv", { channels: 8, kernel: 3, padding: 1, stride: 2 }, [["N", 7, 7, 4]], "f32[N, 4, 4, 8]"],
    ["conv", { channels: 8, padding: "causal", dilation: 4 }, [["N", 64, 2]], "f32[N, 64, 8]"],
    ["conv", { channels: 8 }, [["N", 16, 28, 28, 1]], "f32[N, 16, 28, 28, 8]"],
    ["conv_transpose", { channels: 8, kernel: 4, stride: 2 }, [["N", 8, 8, 4]], "f32[N, 16, 16, 8]"], // pix2pix
    ["conv_transpose", { channels: 8, padding: "valid", stride: 2 }, [["N", 7, 4]], "f32[N, 15, 8]"],
    ["conv_transpose", { channels: 8, kernel: 2, stride: 2 }, [["N", 4, 8, 8, 16]], "f32[N, 8, 16, 16, 8]"], // 3-D U-Net
    ["conv", { channels: 8, stride: 2, dilation: 2 }, [["N", 9, 9, 4]], "f32[N, 5, 5, 8]"],
    ["max_pool", { size: 2, padding: "valid", ceil: true }, [["N", 1, 1, 8]], "f32[N, 1, 1, 8]"], // as PyTorch
    ["max_pool", { size: 3, stride: 2, padding: "valid", ceil: true }, [["N", 2, 5, 8]], "f32[N, 1, 2, 8]"],
    ["max_pool", { size: 3, stride: 2, padding: 1 }, [["N", 112, 112, 64]], "f32[N, 56, 56, 64]"], // ResNet
    ["max_pool", { size: 3, padding: "valid", ceil: true }, [["N", 10, 10, 8]], "f32[N, 4, 4, 8]"],
    [
      "max_pool",
      { size: 3, stride: 2, padding: "valid", ceil: true },
      [["N", 35, 35, 96]],
      "f32[N, 17, 17, 96]",
    ], // Aniyan and Thorat, from a convolution of 150 x 150
    ["max_pool", { size: 1, stride: 3, padding: "valid", ceil: true }, [["N", 5, 5, 8]], "f32[N, 2, 2, 8]"],
    ["avg_pool", { size: 2 }, [["N", 8, 6, 4, 2]], "f32[N, 4, 3, 2, 2]"],
    ["global_avg_pool", {}, [["N", 4, 5, 6, 7]], "f32[N, 7]"],
    ["upsample", { factor: [2, 3] }, [["N", 4, 5, 6]], "f32[N, 8, 15, 6]"],
    ["layer_norm", {}, [["N", 10]], "f32[N, 10]"],
    ["group_norm", { groups: 4 }, [["N", 8, 8, 16]], "f32[N, 8, 8, 16]"],
    ["instance_norm", {}, [["N", 8, 8, 16]], "f32[N, 8, 8, 16]"],
    ["batch_norm", {}, [["N", 4, 8, 8, 16]], "f32[N, 4, 8, 8, 16]"],
    ["local_response_norm", {}, [["N", 55, 55, 96]], "f32[N, 55, 55, 96]"],
    ["prelu", {}, [["N", 10]], "f32[N, 10]"],
    ["lstm", { units: 64 }, [["N", 61, 1]], "f32[N, 64]"],
    ["gru", { units: 64, sequence: true }, [["N", 61, 1]], "f32[N, 61, 64]"],
    ["rnn", { units: 64, direction: "both" }, [["N", 61, 1]], "f32[N, 128]"],
    [
      "raise",
      {},
      [
        ["N", 10],
        ["N", 1],
      ],
      "f32[N, 10]",
    ],
  ];
  for (const [op, given, inputs, expected] of golden) {
    test(`${op}(${JSON.stringify(given)}) is ${expected}`, () => {
      expect(output(op, given, ...inputs)).toBe(expected);
    });
  }

  test("an activation keeps the shape, has no weights, and every layer is tested here", () => {
    const elementwise = [
      ...["relu", "leaky_relu", "elu", "selu", "sigmoid", "tanh", "gelu", "silu"],
      ...["softplus", "softsign", "softmax", "identity", "gaussian", "relu6", "mish"],
      ...["hard_sigmoid", "hard_silu", "scaled_tanh"],
    ];
    for (const op of elementwise) {
      expect(infer(op, {}, image)).toEqual({
        output: { dtype: "f32", shape: image },
        weights: [],
        macs: 0,
      });
    }
    const tested = new Set([...elementwise, "embedding", ...golden.map(([op]) => op)]);
    // Functions of tensors have a file of their own.
    const layers = operatorNames("layer").filter((name) => !operatorOf("layer", name).functional);
    expect([...tested].sort()).toEqual([...layers].sort());
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

  const parametersOf = (input: readonly number[], op: string, given: Given) =>
    total(input, (layer) => {
      layer(op, given);
    }).trainable;

  test("recurrent layers of 32 units on 8 features, as Keras counts them", () => {
    expect(parametersOf([50, 8], "lstm", { units: 32 })).toBe(5_248);
    expect(parametersOf([50, 8], "gru", { units: 32 })).toBe(4_032);
    expect(parametersOf([50, 8], "rnn", { units: 32 })).toBe(1_312);
    expect(parametersOf([50, 8], "lstm", { units: 32, direction: "both" })).toBe(2 * 5_248);
  });

  test("groups share the weights out; prelu has a slope a channel or an element (Pearson et al.: 1,408)", () => {
    expect(parametersOf([27, 27, 96], "conv", { channels: 256, kernel: 5, groups: 2 })).toBe(
      5 * 5 * 48 * 256 + 256,
    );
    expect(parametersOf([176, 8], "prelu", {})).toBe(8);
    expect(parametersOf([176, 8], "prelu", { per: "element" })).toBe(1_408);
  });

  test("init says how a kernel and a bias begin", () => {
    const begins = (given: Given) => {
      const inferred = infer("conv", { channels: 8, kernel: 3, ...given }, ["N", 9, 9, 4]);
      return "problem" in inferred ? [] : inferred.weights.map(({ init }) => init);
    };
    const of = (op: string, parameters: Given = {}) => ({ op, parameters });
    expect(begins({})).toEqual([
      { kind: "he_uniform", fanIn: 36 },
      { kind: "constant", value: 0 },
    ]);
    expect(begins({ init: of("he_normal") })[0]).toEqual({ kind: "normal", deviation: Math.sqrt(2 / 36) });
    expect(begins({ init: of("glorot_uniform") })[0]).toEqual({
      kind: "uniform",
      limit: Math.sqrt(6 / (36 + 72)),
    });
    const leaky = of("leaky_relu", { slope: 0.01 });
    expect(
      begins({
        init: { kernel: of("orthogonal", { gain: leaky as unknown as Json }) as unknown as Json, bias: 0.1 },
      }),
    ).toEqual([
      { kind: "orthogonal", gain: Math.sqrt(2 / (1 + 0.01 ** 2)) },
      { kind: "constant", value: 0.1 },
    ]);
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
      problem("max_pool", { size: 3, padding: "valid" }, ["N", 2, 2, 8]),
      problem("max_pool", { size: 2, padding: 2 }, ["N", 10, 10, 8]),
      problem("conv", { channels: 8, padding: "causal" }, image),
      problem("conv", { channels: 8, groups: 2 }, image),
      problem("conv", { channels: 5, groups: 3 }, image),
      problem("conv_transpose", { channels: 5, kernel: 2, padding: 3 }, image),
      problem("conv_transpose", { channels: 5 }, ["N", 4, 4, 4, 4, 4]),
      problem("group_norm", { groups: 4 }, ["N", 8, 8, 6]),
      problem("local_response_norm", { size: 4 }, image),
      problem("lstm", { units: 4 }, image),
      problem("gru", { units: 4 }, ["N", 8192, 1]),
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
    \`conv\` needs a sequence f32[N, L, C], an image f32[N, H, W, C] or a volume f32[N, D, H, W, C], not f32[N, 128]
    put \`conv\` before \`flatten\` and \`dense\`; of a row of numbers \`reshape([128, 1])\` makes a sequence
    the window of \`conv\` covers 7 x 7 positions, and there are only 5 x 5
    take a smaller window, pool less before, or \`padding: same\`
    \`kernel\` of \`conv\` has 3 numbers for two spatial axes
    give one number for all axes, or a list of 2
    the window of \`max_pool\` covers 3 x 3 positions, and there are only 2 x 2
    take a smaller window, pool less before, or \`padding: same\`
    \`padding: 2 x 2\` of \`max_pool\` makes windows that see nothing: they are 2 x 2
    add less than the size of the window
    \`padding: causal\` of \`conv\` is for sequences, and there are 2 spatial axes
    use \`padding: same\`
    \`conv\` cannot share out 3 channels of its input to 2 groups
    let \`groups\` divide the 3 channels that come in and the 8 that go out
    \`conv\` cannot share out 5 channels of its output to 3 groups
    let \`groups\` divide the 3 channels that come in and the 5 that go out
    f32[N, 59, 59, 5]
    \`conv_transpose\` needs a sequence f32[N, L, C], an image f32[N, H, W, C] or a volume f32[N, D, H, W, C], not f32[N, 4, 4, 4, 4, 4]

    \`group_norm\` cannot share out the 6 channels of f32[N, 8, 8, 6] to 4 groups
    give a number of groups that divides 6
    \`size\` of \`local_response_norm\` is 4, and a window has a middle
    give an odd number
    \`lstm\` needs a sequence f32[N, L, C], not f32[N, 64, 64, 3]
    make a sequence of it with \`reshape\`
    \`gru\` would go through 8192 steps, one after the other; more than 1000 are too slow to be of use
    shorten the sequence before it: \`conv(..., stride: 4)\` or \`max_pool(4)\`
    \`global_avg_pool\` needs a sequence f32[N, L, C], an image f32[N, H, W, C] or a volume f32[N, D, H, W, C], not f32[N, 128]
    leave \`global_avg_pool\` out: there are no positions left to pool over
    f32[N, 32, 32, 64] and f32[N, 64, 64, 3] disagree on channels, height and width
    bring one to the other's size with a strided \`conv(..., kernel: 1)\` or a pool
    f32[N, 64, 64, 8] and f32[N, 64, 64, 3] disagree on channels
    give both equal channels: \`conv(8, kernel: 1)\`, or \`pad_channels\`
    \`add\` needs tensors of one rank, not f32[N, 64, 64, 3] and f32[N, 128]
    bring both to one rank with \`flatten\`, \`global_avg_pool\` or \`reshape\`
    f32[N, 32, 32, 64] and f32[N, 64, 64, 3] disagree on height and width, and \`concat\` joins channels only
    bring one to the other's size with a strided \`conv(..., kernel: 1)\` or a pool
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
