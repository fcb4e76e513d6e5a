import { describe, expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { actions } from "../../src/lsp/actions.ts";
import { analyse } from "../../src/lsp/analysis.ts";
import { complete } from "../../src/lsp/completion.ts";
import { definition } from "../../src/lsp/definition.ts";
import { folds } from "../../src/lsp/folding.ts";
import { hover } from "../../src/lsp/hover.ts";
import { inlays } from "../../src/lsp/inlays.ts";
import { outline } from "../../src/lsp/outline.ts";
import { references } from "../../src/lsp/references.ts";
import { signatureHelp } from "../../src/lsp/signature-help.ts";
import { tokens } from "../../src/lsp/tokens.ts";
import { diagnosticsByFile } from "../../src/lsp/workspace.ts";
import { describePlace, lineText, positionAt } from "../../src/text/source.ts";
import { examples, shipped } from "../format/corpus.ts";
import { apply, edit, inStudy, study } from "./edited.ts";

/** A second experiment that goes on from the first. */
const transfer = `experiment second {
  data = galaxies
  model = small
  recipe = short with { init = from(first, groups: [c1]) }
  report test.accuracy
}
`;

const body = "  conv(8, kernel: 3)\n  flatten\n  dense(K)";

describe("shapes behind lines", () => {
  const shown = (text: string) => {
    const { analysis } = edit(text);
    return inlays(analysis).map(
      ({ line, text: hint }) => `${lineText(analysis.module.file.source, line).trim()} | ${hint}`,
    );
  };

  test("of layers, steps and experiments", () => {
    expect(shown(study(body))).toEqual([
      "prepare image { standardize } | f32[16, 16, 3]",
      "conv(8, kernel: 3) | f32[N, 16, 16, 8]   224",
      "flatten | f32[N, 2048]",
      "dense(K) | f32[N, 2]   4,098",
      "experiment first { | 3 trainings",
    ]);
  });

  test("of several statements on a line, of branches, and of a body that is expanded more than once", () => {
    const text = study(
      "  for c in [4, 8] {\n    conv(c); relu\n    max_pool(2)\n  }\n  branch side {\n    conv(8)\n  }\n  it + side\n  flatten; dense(K)",
    );
    const hints = shown(text);
    expect(hints).toContain("conv(c); relu | f32[N, 16, 16, 4] .. f32[N, 8, 8, 8]   408");
    expect(hints).toContain("} | f32[N, 4, 4, 8]   584");
    expect(hints).toContain("it + side | f32[N, 4, 4, 8]");
    expect(hints).toContain("flatten; dense(K) | f32[N, 2]   258");
    // The end of the loop says nothing that its last line does not say.
    expect(hints.filter((hint) => hint.startsWith("} |"))).toHaveLength(1);
  });

  test("of networks that differ", () => {
    const text = study("  conv(width)\n  flatten\n  dense(K)").replace(
      "model = small",
      "vary model over { a: small(4), b: small(8) }",
    );
    expect(shown(text)).toContain("conv(width) | f32[N, 16, 16, 4] .. f32[N, 16, 16, 8]   112 .. 224");
    expect(shown(text)).toContain("experiment first { | 6 trainings");
  });

  const programs = [...shipped, ...examples].filter(({ text }) => /^experiment /m.test(text));
  test.each(programs)(
    "$path: every line that leaves a tensor of its own ends with its shape",
    ({ path, text }) => {
      const analysis = analyse(path, diskHost);
      const lines = new Map(inlays(analysis).map(({ line, text: hint }) => [line, hint]));
      const { declarations } = analysis.module.file;
      const models = declarations.flatMap((each) =>
        each.kind === "declaration" && (each.what === "model" || each.what === "block") && each.body
          ? [...each.body.statements]
          : [],
      );
      const layers = models.filter(({ kind }) => kind === "apply");
      const without = layers
        .map(({ span }) => positionAt(span.file, span.end).line)
        .filter((line) => !/f32\[N, /.test(lines.get(line) ?? ""));
      expect(without.map((line) => lineText(analysis.module.file.source, line))).toEqual([]);
      const experiments = [...text.matchAll(/^experiment /gm)].length;
      expect([...lines.values()].filter((hint) => /trainings?$/.test(hint))).toHaveLength(experiments);
    },
  );

  test("stay after a mistake below them, and in another declaration", () => {
    const below = shown(study("  conv(8, kernel: 3)\n  flatten\n  dense(K, unit: 3)"));
    expect(below).toContain("conv(8, kernel: 3) | f32[N, 16, 16, 8]   224");
    expect(below.some((hint) => hint.startsWith("dense"))).toBe(false);
    expect(shown(study(body).replace("batch = 32", "batch = ("))).toContain("dense(K) | f32[N, 2]   4,098");
  });
});

describe("hover", () => {
  const at = (text: string) => {
    const { analysis, offset } = edit(text);
    return hover(analysis, offset)?.text ?? "";
  };

  test("a layer: parameters, documentation, shape, cost", () => {
    const text = at(study("  co┆nv(8, kernel: 3)\n  flatten\n  dense(K)"));
    expect(text).toContain("channels: a whole number");
    expect(text).toContain("padding: same");
    expect(text).toContain("Convolution with learned kernels");
    expect(text).toContain("`f32[N, 16, 16, 8]`; 224 parameters, 55.3 k multiply-accumulates a sample");
  });

  test.each([
    [
      "a parameter of an operator",
      study("  conv(8, ker┆nel: 3)\n  flatten\n  dense(K)"),
      "Side of the kernel",
    ],
    ["a model", study(body).replace("model = small", "model = sm┆all"), "4,322 parameters"],
    ["its documentation", study(body).replace("model = small", "model = sm┆all"), "A small network."],
    ["a block of std", study("  conv_bn┆_relu(8)\n  flatten\n  dense(K)"), "block conv_bn_relu(c: int"],
    ["a parameter", study("  conv(wid┆th)\n  flatten\n  dense(K)"), "width: int = 4"],
    ["a tensor", study("  conv(8) as x\n  it + x┆\n  flatten\n  dense(K)"), "f32[N, 16, 16, 8]"],
    ["a dimension", study("  flatten\n  dense(K┆)"), "a dimension of `small`"],
    ["a field", study(body).replace("by: label", "by: lab┆el"), "target label : class[2] = source.class"],
    ["a line of a recipe", study(body).replace("batch", "ba┆tch"), "a whole number"],
    ["a metric", study(body).replace("test.accuracy", "test.acc┆uracy"), "largest logit"],
    ["a split", study(body).replace("test.accuracy", "te┆st.accuracy"), "read once a trial"],
    ["an experiment", study(body).replace("experiment first", "experiment fi┆rst"), "3 seeds = 3 trainings"],
    ["what a let comes to", study(body, "let sizes = [2 ^ 3, 4]\nlet more = si┆zes"), "[8, 4]"],
    ["a module", study(body).replace("std.vision", "std.vi┆sion"), "Blocks and networks for images"],
    [
      "an allowed warning",
      study(body).replace("report", 'allow DL60┆05 because "so"\n  report'),
      "unequal-parameters",
    ],
  ])("%s", (_, text, expected) => {
    expect(at(text)).toContain(expected);
  });

  test("says nothing where nothing stands", () => {
    expect(at(study(body).replace("batch = 32", "batch ┆= 32"))).toBe("");
    expect(at(study(body).replace("batch = 32", "batch = 3┆2"))).toBe("");
  });
});

describe("completion offers only what fits", () => {
  const offered = (text: string, others?: Record<string, string>) => {
    const { analysis, offset, workspace } = edit(text, others);
    return complete(analysis, offset, workspace.parseFile).items;
  };
  const labels = (text: string, others?: Record<string, string>) =>
    offered(text, others).map(({ label }) => label);

  test("layers, blocks and models in a body; those that take the shape first", () => {
    const items = offered(study("  conv(8)\n  flatten\n  ┆\n  dense(K)"));
    const rank = (label: string) => items.find((item) => item.label === label)?.rank;
    expect(rank("dense")).toBe(0);
    expect(rank("conv_bn_relu")).toBe(0);
    expect(rank("max_pool")).toBe(2);
    for (const other of ["adam", "cross_entropy", "resize", "galaxies", "short"])
      expect(rank(other)).toBeUndefined();
  });

  test("parameters that are not given, and no values where none may stand", () => {
    const found = labels(study("  conv(8, stride: 2, ┆)\n  flatten\n  dense(K)"));
    expect(found).toEqual(expect.arrayContaining(["kernel:", "padding:", "bias:"]));
    expect(
      found.filter((label) => !label.endsWith(":") || label === "stride:" || label === "channels:"),
    ).toEqual([]);
    expect(labels(study("  residual(8, ┆"))).toEqual(["kernel:", "stride:", "shortcut:"]);
  });

  test.each<[string, string, string[]]>([
    ["words of a parameter", study("  conv(8, padding: ┆)\n  flatten\n  dense(K)"), ["same", "valid"]],
    [
      "words of a block's parameter",
      study(
        "  b(way: ┆)\n  flatten\n  dense(K)",
        "block b(way: word = up) : f32[N, H, W, A] -> f32[N, H, W, A] {\n  if way == down { relu }\n}\n",
      ),
      ["up", "down"],
    ],
    [
      "steps of prepare",
      study(body).replace("{ standardize }", "{ ┆ }"),
      ["centre_crop", "resize", "scale", "standardize"],
    ],
    ["metrics after a split", study(body).replace("test.accuracy", "test.┆"), ["accuracy", "macro_f1"]],
    [
      "splits where a metric is meant",
      study(body).replace("test.accuracy", "┆"),
      ["train.", "valid.", "test.", "cost."],
    ],
    ["names of a module", study(body).replace("residual }", "┆ }"), ["residual", "vgg_a", "resnet_18"]],
    ["modules", study(body).replace("std.vision", "std.┆"), ["std.recipes", "std.vision"]],
    ["optimizers", study(body).replace("adam(lr: 3e-3)", "┆"), ["adam", "sgd"]],
    [
      "words that a parameter is compared with",
      study(body, "block b(way: word = up) : f32[N, A] -> f32[N, A] {\n  if way == ┆ { relu }\n}\n"),
      ["up"],
    ],
    [
      "words that a parameter of the library is compared with",
      study("  residual(4, shortcut: ┆)\n  flatten; dense(K)"),
      ["pad", "project", "none"],
    ],
    [
      "words that a parameter is handed on to",
      study("  unit(4, shortcut: ┆)\n  flatten; dense(K)").replace(
        "/// A small",
        "block unit(c: int, shortcut: word = pad) : f32[N, H, W, A] -> f32[N, H, W, c] {\n  residual(c, shortcut: shortcut)\n}\n\n/// A small",
      ),
      ["pad", "project", "none"],
    ],
    [
      "groups of the network that another experiment trained",
      study(
        "  group c1 {\n    conv(8)\n  }\n  group head {\n    flatten; dense(K)\n  }",
        transfer.replace("[c1]", "[┆]"),
      ),
      ["c1", "head"],
    ],
    [
      "columns of the source",
      study(body).replace("source.class", "source.┆"),
      ["image", "class", "snr", "magnitude"],
    ],
    ["fields", study(body).replace("by: label", "by: ┆"), ["image", "label"]],
    ["models", study(body).replace("model = small", "model = ┆"), ["small"]],
    ["units", study(body).replace("2 epochs", "2 ┆"), ["epochs", "steps"]],
    [
      "lines of a recipe that it lacks",
      study(body).replace("batch = 32", "┆"),
      ["batch", "schedule", "stop"],
    ],
    [
      "parameters on a path",
      study(body).replace("repeat seed", "vary recipe.optimizer.┆ over [1]\n  repeat seed"),
      ["lr", "beta1"],
    ],
    [
      "parameters of the model on a path",
      study(body).replace("repeat seed", "vary model.┆ over [1]\n  repeat seed"),
      ["width"],
    ],
    [
      "levels to compare",
      study(body).replace("model = small", "vary model over { a: small(4), b: small(8) }\n  compare a - ┆"),
      ["a", "b"],
    ],
    [
      "axes that are paired",
      study(body).replace(
        "model = small",
        "vary model over { a: small(4), b: small(8) }\n  compare a - b on test.accuracy paired by ┆",
      ),
      ["seed"],
    ],
    ["declarations", `${study(body)}\n┆`, ["data", "model", "experiment", "import"]],
  ])("%s", (_, text, expected) => {
    const found = labels(text);
    expect(found).toEqual(expect.arrayContaining(expected));
    const stray = ["galaxies", "short", "first", "conv"].filter((label) => found.includes(label));
    expect(stray).toEqual([]);
  });

  test("nothing in comments and strings", () => {
    expect(labels(study(`${body} // a┆`))).toEqual([]);
    expect(labels(study(body).replace("[Y, J, H]", '["┆"]'))).toEqual([]);
  });

  test("replaces the whole word", () => {
    const { analysis, offset } = edit(study("  con┆volution(8)\n  flatten\n  dense(K)"));
    const { span } = complete(analysis, offset);
    expect(span.file.text.slice(span.start, span.end)).toBe("convolution");
  });
});

describe("definitions", () => {
  const places = (text: string, others?: Record<string, string>) => {
    const { analysis, offset } = edit(text, others);
    return definition(analysis, offset).map(describePlace);
  };

  test("within a file, into other files and into std", () => {
    expect(places(study("  conv(wid┆th)\n  dense(K)"))).toEqual(["main.dl:15:13"]);
    expect(places(study("  conv_bn_┆relu(8)\n  dense(K)"))[0]).toMatch(/^std\/vision\.dl:/);
    expect(places(study(body).replace("recipe = short", "recipe = std.recipes.qu┆ick"))[0]).toMatch(
      /^std\/recipes\.dl:/,
    );
    const blocks = {
      "blocks.dl": "edition 2026\n\nblock unit(c: int) : f32[N, A] -> f32[N, c] { dense(c) }\n",
    };
    const main =
      'edition 2026\n\nimport "./blocks.dl" { unit }\n\nmodel m : f32[N, A] -> f32[N, 3] { unit(c┆: 3) }\n';
    expect(places(main, blocks)).toEqual(["blocks.dl:3:12"]);
  });

  test("an inner name hides an outer one; callees are looked up among layers", () => {
    expect(places(study("  for width in [1] { conv(wid┆th) }\n  dense(K)"))).toEqual(["main.dl:16:7"]);
    const text = study("  dropout(drop┆out)\n  flatten\n  dense(K)").replace(
      "width: int = 4",
      "dropout: f32 = 0.5",
    );
    expect(places(text)).toEqual(["main.dl:15:13"]);
    expect(places(text.replace("drop┆out)", "dropout)").replace("  dropout(", "  drop┆out("))).toEqual([]);
  });

  test("a group that is copied is one of the network that was trained", () => {
    const groups = "  group c1 {\n    conv(8)\n  }\n  flatten; dense(K)";
    expect(places(study(groups, transfer.replace("[c1]", "[c┆1]")))).toEqual(["main.dl:16:9"]);
    expect(places(study(groups, transfer.replace("[c1]", "[c┆2]")))).toEqual([]);
  });

  test("a list of tensors is made where it is added to", () => {
    const text = study(
      "  for i in 0 .. 1 { conv(4) as skip[i] }\n  sk┆ip[0] + skip[1]\n  flatten\n  dense(K)",
    );
    expect(places(text)).toEqual(["main.dl:16:32"]);
  });
});

test("references are all places that name a thing", () => {
  const { analysis, offset } = inStudy("specs/first-study.dl", "let wid┆ths");
  expect(references(analysis, offset).map(({ name }) => describePlace(name.span))).toHaveLength(3);
});

test("the call that is being written", () => {
  const at = (body: string) => {
    const { analysis, offset } = edit(study(`${body}\n  flatten\n  dense(K)`));
    const help = signatureHelp(analysis, offset);
    const active = help?.active === undefined ? undefined : help.parameters[help.active];
    return active && help!.text.slice(active.start, active.end);
  };
  expect(at("  conv(┆)")).toBe("channels");
  expect(at("  conv(8, ┆")).toBe("kernel: 3");
  expect(at("  conv(8, stride: ┆2)")).toBe("stride: 1");
  expect(at("  conv(8, stride: 2, ┆)")).toBe("kernel: 3");
  expect(at("  residual(8, stride: 2, shortcut: ┆pad)")).toBe("shortcut: word = pad");
  expect(at("  conv(8)┆")).toBeUndefined();
  // Behind the tensor that a layer is applied to all of its parameters are open.
  expect(at("  conv(8) as x\n  conv(x, ┆)")).toBe("channels");
  expect(at("  conv(8) as x\n  conv(x, channels: 8, ┆)")).toBe("kernel: 3");
  expect(at("  conv(8) as x\n  conv(x┆, channels: 8)")).toBeUndefined();
});

test("fixes of diagnostics", () => {
  const text = study("  conv(8, kernal: 3)\n  flatten\n  dense(K)");
  const { analysis } = edit(text);
  const at = text.indexOf("kernal");
  const [action, ...others] = actions(analysis, at, at);
  expect(others).toEqual([]);
  expect(action).toMatchObject({ title: "write `kernel`", isSafe: true });
  expect(apply(text, action!.edits)).toBe(text.replace("kernal", "kernel"));
  expect(actions(analysis, 0, 5)).toEqual([]);
});

test("semantic tokens, folds and the outline of a file", () => {
  const { analysis } = edit(study(body));
  const kinds = new Map(
    tokens(analysis).map(({ span, type }) => [
      analysis.module.file.source.text.slice(span.start, span.end),
      type,
    ]),
  );
  expect(Object.fromEntries(kinds)).toMatchObject({
    conv: "function",
    small: "class",
    kernel: "parameter",
    H: "typeParameter",
    galaxies: "namespace",
    label: "property",
    epochs: "number",
  });
  expect(folds(analysis)).toContainEqual({ first: 5, last: 11, kind: "body" });
  expect(outline(analysis).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    "data galaxies",
    "model small",
    "recipe short",
    "experiment first",
  ]);
  expect(outline(analysis)[0]!.children.map(({ name }) => name)).toEqual(["image", "label", "prepare image"]);
});

test("what is wrong in a file that two others import is told once", () => {
  const { workspace } = edit('edition 2026\nimport "./b.dl" { x }\n', {
    "a.dl": 'edition 2026\nimport "./b.dl" { x }\n',
    "b.dl": "edition 2026\nlet x = y +\n",
  });
  const found = diagnosticsByFile(["main.dl", "a.dl"].map((path) => workspace.analysis(path)));
  expect([...found].map(([path, told]) => `${path} ${told.length}`)).toEqual([
    "main.dl 0",
    "a.dl 0",
    "b.dl 1",
  ]);
});

test("what is wrong within the standard library is shown where the study uses it", () => {
  const told = (text: string) => {
    const { workspace } = edit(text);
    return [...diagnosticsByFile([workspace.analysis("main.dl")])].flatMap(([path, all]) =>
      all.map(
        ({ span, code, labels, notes }) =>
          [path, span.file.text.slice(span.start, span.end), code, labels, notes] as const,
      ),
    );
  };
  const numbers = study("  flatten; dense(K)").replace("recipe = short", "recipe = std.recipes.regression");
  const [[path, place, code, labels, notes]] = told(numbers) as [ReturnType<typeof told>[number]];
  expect([path, place, code]).toEqual(["main.dl", "regression", "DL5009"]);
  expect(labels[0]!.span.file.path).toBe("std/recipes.dl");
  expect(notes.at(-1)).toMatch(/^in std\/recipes.dl:\d+:\d+$/);
  const small = study("  std.vision.unet(width: 4, depth: 5)\n  flatten; dense(K)")
    .replace("size: 16 px", "size: 20 px")
    .replace("[16, 16, 3]", "[20, 20, 3]");
  expect(told(small).map(([path, place]) => [path, place])).toEqual([
    ["main.dl", "std.vision.unet(width: 4, depth: 5)"],
  ]);
});
