import { expect, test } from "vitest";
import { networkOf } from "./program.ts";

/** What is said of a file's `let net` on images of that shape. */
const said = (text: string, input: readonly number[] = [64, 64, 3], output?: readonly number[]) =>
  networkOf(text, { image: input }, output).errors;

const model = (body: string, signature = "f32[N, H, W, C] -> f32[N, A, B, D]") =>
  `model m : ${signature} {\n${body}\n}\nlet net = m`;

test("the shortcut that nobody projected: both ends, the blocks that led here, and the way out", () => {
  const text = `import std.vision { conv_bn_relu }

model resnet(widths: int[S]) : f32[N, H, W, C] -> f32[N, K] {
  for c in widths {
    residual(c, stride: 2)
    residual(c)
  }
  global_avg_pool
  dense(K)
}

block residual(c: int, stride: int = 1) : f32[N, H, W, A] -> f32[N, H / stride, W / stride, c] {
  branch main {
    conv_bn_relu(c, kernel: 3, stride: stride)
    conv(c, kernel: 3); batch_norm
  }
  branch skip {
  }
  main + skip
  relu
}

let net = resnet([64, 128])
`;
  const { network, errors } = networkOf(text, { image: [64, 64, 3] }, [4]);
  expect(network).toBeUndefined();
  expect(errors).toMatchInlineSnapshot(`
    "error[DL3101]: \`main\` and \`skip\` disagree on channels, height and width
       --> main.dl:19:3
    15 |     conv(c, kernel: 3); batch_norm
       |                         ---------- main ends as f32[N, 32, 32, 64]
    17 |   branch skip {
       |          ---- skip ends as f32[N, 64, 64,  3]
    19 |   main + skip
       |   ^^^^^^^^^^^ these cannot be added
       = while building residual(c: 64, stride: 2) from line 5
       = while building resnet(widths: [64, 128]) from line 23
       = hint: \`skip\` is empty, so it passes its input through; project it with \`conv(c, kernel: 1,
               stride: stride)\`
       = fix: add \`conv(c, kernel: 1, stride: stride)\` to \`skip\`
       = dlc explain DL3101"
  `);
});

test("a mistake within a block of std is shown at the line that uses it", () => {
  expect(said(`import std.vision { residual }\n${model("  residual(2)")}`, [8, 8, 3])).toMatchInlineSnapshot(`
    "error[DL3102]: \`pad_channels\` to 2 would drop channels of f32[N, 8, 8, 3], which has 3
       --> main.dl:3:3
     2 | model m : f32[N, H, W, C] -> f32[N, A, B, D] {
       |           --------------- comes as f32[N, 8, 8, 3]
     3 |   residual(2)
       |   ^^^^^^^^^^^
       --> std/vision.dl:38:21
    38 |         if A != c { pad_channels(to: c) }
       |                     ------------------- here, within \`std\`
       = while building residual(c: 2) from line 3
       = hint: use \`conv(2, kernel: 1)\` to have fewer channels
       = dlc explain DL3102"
  `);
});

test("layers that do not fit what comes", () => {
  expect(said(model("  flatten\n  conv(8)", "f32[N, H, W, C] -> f32[N, F]"))).toMatchInlineSnapshot(`
    "error[DL3102]: \`conv\` needs a sequence f32[N, L, C], an image f32[N, H, W, C] or a volume f32[N, D, H, W, C], not f32[N, 12288]
      --> main.dl:3:3
    2 |   flatten
      |   ------- comes as f32[N, 12288]
    3 |   conv(8)
      |   ^^^^^^^
      = hint: put \`conv\` before \`flatten\` and \`dense\`; of a row of numbers \`reshape([12288, 1])\` makes a
              sequence
      = dlc explain DL3102"
  `);
  expect(said(model("  conv(8, kernel: 9, padding: valid)"), [8, 8, 3])).toMatchInlineSnapshot(`
    "error[DL3102]: the window of \`conv\` covers 9 x 9 positions, and there are only 8 x 8
      --> main.dl:2:3
    1 | model m : f32[N, H, W, C] -> f32[N, A, B, D] {
      |           --------------- comes as f32[N, 8, 8, 3]
    2 |   conv(8, kernel: 9, padding: valid)
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = hint: take a smaller window, pool less before, or \`padding: same\`
      = dlc explain DL3102"
  `);
  expect(said(model("  concat(it, it, 3)"))).toMatchInlineSnapshot(`
    "error[DL3113]: a layer or a tensor is needed here, not \`3\`
      --> main.dl:2:18
    2 |   concat(it, it, 3)
      |                  ^ not a tensor
      = hint: beside tensors, a layer's own parameters are named
      = dlc explain DL3113"
  `);
  expect(said(model("  subtract(it)"))).toMatchInlineSnapshot(`
    "error[DL3109]: \`subtract\` takes 2 tensors, and one is given
      --> main.dl:2:3
    2 |   subtract(it)
      |   ^^^^^^^^^^^^
      = dlc explain DL3109"
  `);
});

test("signatures: what is taken, what is promised, what is stated", () => {
  expect(said(model("  relu", "f32[N, F] -> f32[N, F]"))).toMatchInlineSnapshot(`
    "error[DL3103]: \`m\` takes f32[N, F], not f32[N, 64, 64, 3]
      --> main.dl:4:11
    1 | model m : f32[N, F] -> f32[N, F] {
      |           --------- \`m\` takes f32[N, F]
    4 | let net = m
      |           ^
      = hint: make it flat: \`flatten\` in \`prepare\`
      = dlc explain DL3103"
  `);
  expect(said(model("  conv(8)", "f32[N, H, W, C] -> f32[N, H, W, 4]"))).toMatchInlineSnapshot(`
    "error[DL3104]: \`m\` promises f32[N, 64, 64, 4] and ends as f32[N, 64, 64, 8]
      --> main.dl:2:3
    1 | model m : f32[N, H, W, C] -> f32[N, H, W, 4] {
      |                              --------------- promised here: f32[N, H, W, 4]
    2 |   conv(8)
      |   ^^^^^^^ ends as f32[N, 64, 64, 8]
      = hint: correct the signature, or the layers before this place
      = dlc explain DL3104"
  `);
  expect(said(model("  conv(8) : f32[N, H, W, 4]"))).toMatchInlineSnapshot(`
    "error[DL3105]: this is f32[N, 64, 64, 8], not f32[N, 64, 64, 4]
      --> main.dl:2:13
    2 |   conv(8) : f32[N, H, W, 4]
      |   ------- this is f32[N, 64, 64, 8]
      |             ^^^^^^^^^^^^^^^ stated as f32[N, H, W, 4]
      = dlc explain DL3105"
  `);
  expect(
    said(model("  max_pool(2)", "f32[N, H, W, C] -> f32[N, H / 2, W / 2, C]"), [15, 15, 3]),
  ).toMatchInlineSnapshot(`
    "error[DL3106]: \`H / 2\` is 15 / 2, which is not whole
      --> main.dl:1:30
    1 | model m : f32[N, H, W, C] -> f32[N, H / 2, W / 2, C] {
      |                              ^^^^^^^^^^^^^^^^^^^^^^^
    2 |   max_pool(2)
      |   ----------- the body ends as f32[N, 8, 8, 3]
      = hint: round it as the layers do: \`ceil(H / 2)\`
      = dlc explain DL3106"
  `);
  const two = `model m : (a: f32[N, F], b: f32[N, F]) -> f32[N, F] { a + b }\nlet net = m`;
  expect(networkOf(two, { a: [2], b: [3] }).errors).toMatchInlineSnapshot(`
    "error[DL3103]: \`m\` takes f32[N, 2], not f32[N, 3]
      --> main.dl:2:11
    1 | model m : (a: f32[N, F], b: f32[N, F]) -> f32[N, F] { a + b }
      |            ------------ \`F\` is 2 here
      |                          ------------ \`m\` takes f32[N, 2]
    2 | let net = m
      |           ^
      = dlc explain DL3103"
  `);
});

test("dimensions that nothing determines", () => {
  expect(said(model("  global_avg_pool\n  dense(K)", "f32[N, H, W, C] -> f32[N, K]"))).toMatchInlineSnapshot(`
    "error[DL3107]: nothing says how large \`K\` is
      --> main.dl:1:30
    1 | model m : f32[N, H, W, C] -> f32[N, K] {
      |                              ^^^^^^^^^
      = hint: write the number, or pair the network with a target that gives it: \`class[10]\` makes \`K\`
              10
      = dlc explain DL3107"
  `);
  const block = "block b : f32[N, F] -> f32[N, G] { dense(G) }\n";
  expect(
    networkOf(`${block}${model("  b", "f32[N, F] -> f32[N, G]")}`, { x: [4] }).errors,
  ).toMatchInlineSnapshot(`
    "error[DL3107]: nothing says how large \`G\` is
      --> main.dl:1:24
    1 | block b : f32[N, F] -> f32[N, G] { dense(G) }
      |                        ^^^^^^^^^
      = while building b from line 3
      = hint: make \`G\` a parameter of the block: \`b(g: int)\`
      = dlc explain DL3107"
  `);
});

test("names and statements that a body cannot have", () => {
  expect(said(model("  conv(8) as relu\n  relu"))).toMatchInlineSnapshot(`
    "error[DL2014]: a tensor cannot be called \`relu\`: that is a layer
      --> main.dl:2:14
    2 |   conv(8) as relu
      |              ^^^^
      = hint: choose another name
      = dlc explain DL2014"
  `);
  expect(said(model("  conv(8) as a\n  relu as a"))).toMatchInlineSnapshot(`
    "error[DL2010]: \`a\` is declared twice
      --> main.dl:3:11
    2 |   conv(8) as a
      |   ------- first for this
    3 |   relu as a
      |           ^
      = hint: choose another name
      = dlc explain DL2010"
  `);
  expect(said(model("  batch = 32\n  relu"))).toMatchInlineSnapshot(`
    "error[DL2013]: \`batch = ...\` does not belong in a model
      --> main.dl:2:3
    2 |   batch = 32
      |   ^^^^^^^^^^
      = hint: a value is named with \`let batch = ...\`, a tensor with \`as batch\`
      = dlc explain DL2013"
  `);
  expect(said(model("  conv(it)\n  relu"))).toMatchInlineSnapshot(`
    "error[DL2006]: \`conv\` needs \`channels\`
      --> main.dl:2:3
    2 |   conv(it)
      |   ^^^^^^^^
      = hint: write \`conv(...)\`
      = dlc explain DL2006"
  `);
  expect(said(model("  conv(8) as a\n  if a == 1 { relu }"))).toMatchInlineSnapshot(`
    "error[DL3010]: the tensor \`a\` is known only when the network runs; a value is needed here
      --> main.dl:3:6
    3 |   if a == 1 { relu }
      |      ^^^^^^
      = dlc explain DL3010"
  `);
  expect(said(model("  Conv2d(8)\n  RELU"))).toMatchInlineSnapshot(`
    "error[DL2002]: there is no layer \`Conv2d\`
      --> main.dl:2:3
    2 |   Conv2d(8)
      |   ^^^^^^ did you mean \`conv\`?
      = fix: write \`conv\`
      = dlc explain DL2002

    error[DL2002]: there is no layer \`RELU\`
      --> main.dl:3:3
    3 |   RELU
      |   ^^^^ did you mean \`relu\`?
      = fix: write \`relu\`
      = dlc explain DL2002"
  `);
  expect(said(model("  conv(8) + 1"))).toMatchInlineSnapshot(`
    "error[DL3007]: \`+\` cannot be used between the layer \`conv\` and 1
      --> main.dl:2:11
    2 |   conv(8) + 1
      |   ------- the layer \`conv\`
      |           ^
      |             - 1
      = dlc explain DL3007"
  `);
});

test("several inputs: there is no tensor until one is named, and fields bind by name", () => {
  const two = (body: string) =>
    `model m : (a: f32[N, F], b: f32[N, G]) -> f32[N, K] {\n${body}\n}\nlet net = m`;
  expect(networkOf(two("  dense(4)"), { a: [2], b: [3] }, [4]).errors).toMatchInlineSnapshot(`
    "error[DL3108]: there is no tensor yet for \`dense\`
      --> main.dl:2:3
    2 |   dense(4)
      |   ^^^^^^^^
      = hint: with several inputs, begin with one of them: \`from a\`
      = dlc explain DL3108"
  `);
  expect(networkOf(two("  from a"), { a: [2], bb: [3] }, [4]).errors).toMatchInlineSnapshot(`
    "error[DL3112]: no input field is called \`b\`, as \`m\` has it
      --> main.dl:1:26
    1 | model m : (a: f32[N, F], b: f32[N, G]) -> f32[N, K] {
      |                          ^^^^^^^^^^^^
    4 | let net = m
      |           - used here
      = hint: call it \`bb\`
      = dlc explain DL3112"
  `);
});

test("blocks end: none reaches itself, and nothing grows without limit", () => {
  const loop = `block a : f32[N, F] -> f32[N, F] { b }\nblock b : f32[N, F] -> f32[N, F] { relu; a }\n`;
  expect(
    networkOf(`${loop}${model("  a", "f32[N, F] -> f32[N, F]")}`, { x: [4] }).errors,
  ).toMatchInlineSnapshot(`
    "error[DL2015]: \`a\` is built from itself: a -> b -> a
      --> main.dl:2:42
    1 | block a : f32[N, F] -> f32[N, F] { b }
      |       - declared here
    2 | block b : f32[N, F] -> f32[N, F] { relu; a }
      |                                          ^
      = while building b from line 1
      = while building a from line 4
      = hint: repeat with \`repeat n { }\` or \`for x in list { }\`; blocks cannot call themselves
      = dlc explain DL2015"
  `);
  const huge = model("  repeat 1000 { repeat 1000 { relu } }", "f32[N, F] -> f32[N, F]");
  expect(networkOf(huge, { x: [4] }).errors).toMatchInlineSnapshot(`
    "error[DL3110]: \`m\` expands to more than 100,000 layers
      --> main.dl:2:17
    2 |   repeat 1000 { repeat 1000 { relu } }
      |                 ^^^^^^^^^^^^^^^^^^^^
      = hint: repeat less, or nest fewer loops
      = dlc explain DL3110"
  `);
});

test("parameters of models: words, types, what is missing", () => {
  const residual = "import std.vision { residual }\n";
  expect(said(`${residual}${model("  residual(8, shortcut: projct)")}`)).toMatchInlineSnapshot(`
    "error[DL2009]: \`shortcut\` of \`residual\` is \`pad\`, \`none\` or \`project\`, not \`projct\`
      --> main.dl:3:25
    3 |   residual(8, shortcut: projct)
      |                         ^^^^^^ did you mean \`project\`?
      = fix: write \`project\`
      = dlc explain DL2009"
  `);
  expect(said(`${residual}${model("  residual(kernel: 3)")}`)).toMatchInlineSnapshot(`
    "error[DL2006]: \`residual\` needs \`c\`
       --> main.dl:3:3
     3 |   residual(kernel: 3)
       |   ^^^^^^^^^^^^^^^^^^^
       --> std/vision.dl:19:7
    19 | block residual(
       |       -------- declared here
       = hint: give \`c: ...\`
       = dlc explain DL2006"
  `);
  expect(said(`${residual}${model("  residual(8.5)")}`)).toMatchInlineSnapshot(`
    "error[DL3005]: \`c\` of \`residual\` must be a whole number, not 8.5
      --> main.dl:3:12
    3 |   residual(8.5)
      |            ^^^
      = dlc explain DL3005"
  `);
  expect(
    said("model m(act: layer) : f32[N, H, W, C] -> f32[N, H, W, C] { act }\nlet net = m(act: adam(lr: 1))"),
  ).toMatchInlineSnapshot(`
    "error[DL2003]: \`adam\` is an optimizer; a layer is needed here
      --> main.dl:2:18
    2 | let net = m(act: adam(lr: 1))
      |                  ^^^^^^^^^^^ \`act\` of \`m\` takes a layer
      = dlc explain DL2003"
  `);
});

test("one mistake, one message: layers behind a mistake are still checked, shapes are not", () => {
  const body = "  conv(8, kernal: 3)\n  flatten\n  conv(8)\n  dense(4, units: 3)";
  expect(said(model(body, "f32[N, H, W, C] -> f32[N, K]")).match(/error\[DL\d+\]/g)).toEqual([
    "error[DL2004]",
    "error[DL2005]",
  ]);
});

test("a U-Net whose sizes do not come out: volumes, with the way out", () => {
  const body = "  conv(4) as top\n  max_pool(2)\n  conv_transpose(4, stride: 2)\n  concat(it, top)";
  const text = model(body, "f32[N, Z, H, W, C] -> f32[N, A, B, D, E]");
  expect(said(text, [9, 8, 8, 1])).toMatchInlineSnapshot(`
    "error[DL3101]: \`it\` and \`top\` disagree on depth
      --> main.dl:5:3
    2 |   conv(4) as top
      |   ------- top ends as f32[N,  9, 8, 8, 4]
    4 |   conv_transpose(4, stride: 2)
      |   ---------------------------- it ends as f32[N, 10, 8, 8, 4]
    5 |   concat(it, top)
      |   ^^^^^^^^^^^^^^^ \`concat\` cannot join these
      = hint: use \`padding: same\` in both, and let every stride divide the sizes: \`pad\` or \`centre_crop\`
              in \`prepare\`
      = dlc explain DL3101"
  `);
});
