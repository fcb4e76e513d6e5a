/** Names, elements and labels where several constructs meet: one message, with the way out. */
import { describe, expect, test } from "vitest";
import { asking, planText, study } from "./files.ts";

/** Errors and warnings with their labels and hints, a line each. */
function told(text: string): readonly string[] {
  return planText(text)
    .diagnostics.filter(({ severity }) => severity !== "hint")
    .map(({ code, message, labels, hint }) =>
      [`${code} ${message}`, ...labels.map((label) => label.text), hint && `hint: ${hint}`]
        .filter(Boolean)
        .join(" | "),
    );
}

/** A study of a sole network with this body. */
const body = (lines: string, more = "") =>
  study({
    networks: `model net(on: bool = true) : f32[N, H, W, C] -> f32[N, K] {\n  ${lines}\n  global_avg_pool; dense(K)\n}\n${more}`,
    experiment: "experiment question {\n  data = galaxies\n  recipe = short\n  model = net\n}",
  });

/** A study that reports an own metric with this body. */
const metric = (lines: string) =>
  asking("  model = small\n  report test.own").replace(
    "recipe short",
    `metric own(y: f32[N, K], t: class[K]) {\n  ${lines}\n}\n\nrecipe short`,
  );

describe("names", () => {
  test.each([
    [
      "that ended with the braces of both alternatives",
      body("if on { conv(4) as a } else { conv(8) as a }\n  a"),
      "DL2001 there is no `a` here | this name ends with the `{ }` around it | hint: name it behind the closing brace: `} as a`",
    ],
    [
      "that ended with a branch, among tensors",
      body("branch y { conv(4) as inner; relu }\n  inner + y"),
      "DL2001 there is no `inner` here | this name ends with the `{ }` around it | hint: name it behind the closing brace: `} as inner`",
    ],
    [
      "of a tensor of a line below",
      body("conv(4)\n  concat(it, skip)\n  conv(4) as skip"),
      "DL2001 there is no `skip` here | named further down | hint: put that line above this one",
    ],
    [
      "of a replicate of a line below",
      asking("  model = small\n  vary recipe.batch over [16 * seed, 32]\n  repeat seed over 1 .. 3"),
      "DL2001 there is no `seed` here | named further down | hint: put that line above this one",
    ],
    [
      "of no output, behind a metric",
      asking("  model = small\n  report test.accuracy(kind, label)"),
      "DL2001 there is no `kind` here | hint: there are `output`, `image` and `label`",
    ],
    [
      "of no part that is frozen",
      body("group stem { conv(4) }", "recipe cold = short with { freeze = [stme] }").replace(
        "recipe = short\n  model",
        "recipe = cold\n  model",
      ),
      "DL5025 `net` has no part `stme` with weights | hint: did you mean `stem`?",
    ],
  ])("%s", (_what, text, message) => {
    expect(told(text)).toEqual([message]);
  });

  test("a network of an experiment that cannot be built is not missed in its other lines", () => {
    const text = asking(
      "  model = small(widht: 8)\n  repeat seed over 1 .. 3\n  ensemble e = mean(model) over seed",
    );
    expect(told(`${text.slice(0, -3)}\n  save model\n}\n`).map((each) => each.slice(0, 6))).toEqual([
      "DL2004",
    ]);
  });
});

describe("outputs", () => {
  const outputs = (lines: string, signature = "(scores: f32[N, K], code: f32[N, 8])") =>
    told(
      study({
        networks: `model net : f32[N, H, W, C] -> ${signature} {\n  conv(8); global_avg_pool as code\n  ${lines}\n}`,
        experiment:
          "experiment question {\n  data = galaxies\n  recipe = short with { loss = cross_entropy(scores, label) }\n  model = net\n}",
      }),
    );
  const sound = "out scores = dense(code, units: K)\n  out code = code";
  test("are those of the signature", () => {
    expect(outputs(sound)).toEqual([]);
    const all = "hint: there are `scores` and `code`; another one is added to the signature";
    expect(outputs(`${sound}\n  out more = code`)).toEqual([
      `DL2011 there is no \`more\` in the outputs of \`net\` | the outputs stand here | ${all}`,
    ]);
    expect(outputs(sound.replace("out code", "out coed"))).toEqual([
      `DL2011 there is no \`coed\` in the outputs of \`net\` | the outputs stand here | ${all}`,
    ]);
  });
  test("are set once", () => {
    expect(outputs(`${sound}\n  out code = 2 * code`)).toEqual([
      "DL2010 `code` is declared twice | first set to this | hint: set each output once",
    ]);
  });
  test("have names in the signature", () => {
    const text = told(body("conv(4)\n  out scores = it"));
    expect(text).toEqual([
      "DL2011 there is no `scores` in the outputs of `net` | the outputs stand here | hint: what the last line makes is the output; several are named in the signature: `-> (a: f32[N, K], b: f32[N, 1])`",
    ]);
  });
});

describe("elements", () => {
  test("of a list that does not begin with 0", () => {
    expect(told(body("for i in 0 .. 2 { conv(4) as s[i + 1]; relu }\n  add(s)"))).toEqual([
      "DL3004 the index must be 0, the next one, not 1 | hint: elements are numbered from 0, one after the other",
    ]);
  });

  test("of a tensor, as arrays have them", () => {
    expect(told(metric("mean(y[0])"))).toEqual([
      "DL3113 a layer or a tensor is needed here, not an element of a tensor | hint: write `take(y, index: 0)` for that of its last axis; what has elements are lists of tensors, `as skip[i]`",
    ]);
  });
});

describe("metrics of one's own", () => {
  test("a class among numbers is shown where it is named", () => {
    expect(told(metric("mean(sum(softmax(y), axis: -1) * t)"))).toEqual([
      "DL3201 `multiply` cannot mix f32[N] and i32[N] | comes as f32[N] | comes as class[3] | hint: compare it with a class: `t == 0`, `t == name`; `one_hot(t, classes: 3)` makes numbers of it",
    ]);
  });

  test("`where` begins a line after one that names something", () => {
    for (const before of ["let p = softmax(y)", "softmax(y) as p", "relu(y) as p : f32[N, K]"])
      expect(told(metric(`${before}\n  where(y > 0, y, 0)\n  mean(it)`))).toEqual([]);
  });

  test("with more tensors than there are outputs and targets", () => {
    const text = metric("mean(y)").replace("t: class[K])", "t: class[K], s: f32[N])");
    expect(told(text)[0]).toMatch(/hint: write it: `test.own\(output, label, ...\)`$/);
  });
});

describe("losses as other tools have them", () => {
  const loss = (value: string, declared = "") =>
    told(
      asking("  model = small")
        .replace("loss = cross_entropy", `loss = ${value}`)
        .replace("recipe short", `${declared}\nrecipe short`),
    );
  const own = "loss own(y: f32[N, K], t: class[K]) { cross_entropy(y, t) }";
  test.each([
    [
      "the truth first",
      loss("cross_entropy(label, output)"),
      "hint: what the network answers comes first: `cross_entropy(output, label)`",
    ],
    [
      "the truth first, for one's own",
      loss("own(label, output)", own),
      "hint: it takes, in this order, `y: f32[N, K]` and `t: class[K]`",
    ],
    [
      "of nothing, in a sum",
      loss("0.5 * own + cross_entropy(output, label)", own),
      "hint: write what it compares: `own(output, label)`",
    ],
    [
      "without types",
      loss("own", "loss own(y, t) { mean((y - t) ^ 2) }"),
      "hint: write what its tensors are: `loss own(y: f32[N, K], t: class[K])`",
    ],
    [
      "of truths",
      loss("own", "loss own(y: f32[N, K], t: class[K]) { max(y, axis: -1) > 0 }"),
      "hint: make numbers of it: `where(..., 1, 0)`",
    ],
    [
      "a bound without its name",
      loss("own", "loss own(y: f32[N, K], t: class[K]) { clip(y, 0, 1); mean(it, axis: -1) }"),
      "hint: beside tensors, a layer's own parameters are named: `low: 0`",
    ],
    [
      "numbers that are not as many",
      loss("own", "loss own(y: f32[N, K], t: class[K]) { mean([1, 2] * y, axis: -1) }"),
      "hint: let the sizes be equal, or 1 on one side",
    ],
  ])("%s", (_what, messages, hint) => {
    expect(messages.map((each) => each.slice(each.lastIndexOf(" | ") + 3))).toEqual([hint]);
  });

  test("a metric with the truth first", () => {
    expect(told(asking("  model = small\n  report test.accuracy(label, output)"))).toEqual([
      "DL5010 accuracy is a metric of classes, and the target is f32[3] | hint: what the network answers comes first: `test.accuracy(output, label)`",
    ]);
  });

  test("a name of another tool is never taken for another thing of this one", () => {
    const { diagnostics } = planText(asking("  model = small\n  report test.mean_absolute_error"));
    expect(diagnostics[0]?.fixes.map(({ title }) => title)).toEqual(["write `mae`"]);
  });
});

test("a row filter may stand on a line of its own", () => {
  const text = study().replace("= source.snr\n", "= source.snr\n    where source.snr > 5\n");
  expect(planText(text).plan?.trials[0]?.data.fields.some(({ where }) => where)).toBe(true);
});

test("a quotient that is not whole shows its numbers and where they are from", () => {
  expect(told(body("conv(H / 3)"))).toEqual([
    "DL3005 `channels` of `conv` must be a whole number, not 32 / 3 = 10.6667 | 32 comes from here | hint: round it: `ceil(H / 3)` or `floor(H / 3)`",
  ]);
});

test("a label of several words", () => {
  expect(told(asking('  vary model over { plain: small, "very wide": wide }'))).toEqual([
    "DL1014 the left side of `:` must be a name | hint: a label is one word without quotes: `very_wide`",
  ]);
});

describe("lines in another place than theirs", () => {
  const hint = "hint: write `optimizer = adam(lr: ...)`, or `optimizer.lr` where a recipe is changed";
  test.each([
    [
      "a parameter of the optimizer as a line of the recipe",
      asking("  model = small").replace("batch = 32", "lr = 0.1\n  batch = 32"),
      `DL2011 there is no \`lr\` in a recipe | ${hint}`,
    ],
    [
      "by its name elsewhere, behind `with`",
      asking("  model = small").replace("recipe = short", "recipe = short with { learning_rate = 0.1 }"),
      `DL2011 there is no \`learning_rate\` in a recipe | ${hint}`,
    ],
    [
      "a line of the recipe in an experiment",
      asking("  model = small\n  batch = 16"),
      "DL2011 there is no `batch` in an experiment | hint: it is in the recipe: `recipe = ... with { batch = ... }`",
    ],
    [
      "a metric behind `by`",
      asking("  model = small\n  report test.accuracy by snr in [1, 2], test.macro_f1"),
      "DL1005 expected the end of the line after `]`, found `, test.macro_f1` | hint: metrics stand side by side before `by`: `report test.accuracy, test.macro_f1 by ...`",
    ],
    [
      "a group as a class",
      asking("  model = small")
        .replace("keep snr : f32", "group tile : f32")
        .replace("by: label", "by: tile"),
      "DL4013 `stratified` goes by a class, but `tile` is f32 | hint: groups are kept together by `grouped(by: tile, ...)`",
    ],
    [
      "a source that is changed where the fields are not",
      asking("  model = small\n  vary data.source.size over [32 px, 48 px]"),
      "DL4006 `image` is written as f32[32, 32, 3], but the source gives f32[48, 48, 3] | this is f32[48, 48, 3] | with the source of this line | hint: leave the type out: `input image = source.image`",
    ],
  ])("%s", (_what, text, message) => {
    expect(told(text)).toEqual([message]);
  });
});
