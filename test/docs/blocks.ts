/** The ```dl blocks of Markdown pages, and the study that stands around those that are not a whole file. */

/**
 * What stands behind ```dl on the line that opens a block; a reader does not see it.
 *
 * What the compiler must say: nothing but hints, without a word; at least one error (`bad`); at least one warning or hint, and no
 * error (`warns`); nothing but that it cannot be run yet (`later`).
 *
 * What the block is: a whole file, without a word; declarations, the inside of a `data`, a body of a `model`, the inside of a `recipe`
 * or of an `experiment`. What losses and metrics are about: three classes, without a word; two and one logit (`binary`), one number
 * (`numbers`), images (`images`).
 */
const verdicts = ["bad", "warns", "later"] as const;
const places = ["declarations", "data", "body", "recipe", "experiment"] as const;
/** What the targets of the surrounding study are, where they are no three classes. */
const targets = ["binary", "numbers", "images"] as const;

export interface Block {
  /** `docs/tour/1.md:12`. */
  readonly at: string;
  readonly verdict: (typeof verdicts)[number] | "clean";
  /** The block as a whole file. */
  readonly file: string;
}

/** The blocks of a page in their order. Fails where one is marked with a word that means nothing. */
export function blocksOf(path: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const match of markdown.matchAll(/^( *)```dl\b([^\n]*)\n([\s\S]*?)^ *```/gm)) {
    const [, indent, marks, text] = match;
    const line = markdown.slice(0, match.index).split("\n").length;
    const at = `${path}:${line}`;
    const words = marks!.split(" ").filter((word) => word !== "");
    const verdict = verdicts.find((word) => words.includes(word));
    const place = places.find((word) => words.includes(word));
    const target = targets.find((word) => words.includes(word));
    const unknown = words.filter((word) => word !== verdict && word !== place && word !== target);
    if (unknown.length > 0) throw new Error(`${at}: \`\`\`dl ${unknown.join(" ")} means nothing`);
    const inside = text!.replace(new RegExp(`^${indent}`, "gm"), "");
    blocks.push({
      at,
      verdict: verdict ?? "clean",
      file: place ? surrounded(place, inside, target) : inside,
    });
  }
  return blocks;
}

/** What fragments may name: one data set, one network, one recipe, and a question that has all three. */
const study = `edition 2026
import std.vision { conv_bn_relu, residual, vgg_a, resnet_18 }
import std.recipes { quick }
data galaxies {
  source = simulate.galaxies(count: 1200, size: 32 px, bands: [Y, J, H])
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  keep snr : f32 = source.snr
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { standardize }
}
model small(width: int = 8, rate: f32 = 0.5, activation: layer = relu) : f32[N, H, W, C] -> f32[N, K] {
  conv(width); activation
  global_avg_pool; dropout(rate)
  dense(K)
}
recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 3e-3)
  batch = 32
  length = 5 epochs
}
experiment question {
  data = galaxies
  model = small
  recipe = short
  repeat seed over 1 .. 6
  report test.accuracy
}
`;

type Targets = (typeof targets)[number];

/** What the study has in the place of its target, split, last layer, loss and report. */
const others: Readonly<
  Record<Targets, readonly [target: string, end: string, loss: string, report: string]>
> = {
  binary: ["class[2] = source.snr > 20", "dense(1)", "binary_cross_entropy", "accuracy"],
  numbers: ["f32 = source.snr", "dense(1)", "mean_squared_error", "rmse"],
  images: ["f32[32, 32, 3] = source.image", "", "mean_squared_error", "psnr"],
};

function studyWith(targets: Targets | undefined): string {
  if (!targets) return study;
  const [target, end, loss, report] = others[targets];
  const network =
    targets === "images" ? "  conv(3)" : "  conv(width); activation\n  global_avg_pool; dropout(rate)";
  return study
    .replace("class[3] = source.class", target)
    .replace("stratified(by: label, ", "random(")
    .replace(/ {2}conv\(width\)[^}]*/, `${network}\n  ${end}\n`)
    .replace("-> f32[N, K]", targets === "images" ? "-> f32[N, H, W, 3]" : "-> f32[N, 1]")
    .replace("loss = cross_entropy", `loss = ${loss}`)
    .replace("test.accuracy", `test.${report}`);
}

function surrounded(place: (typeof places)[number], inside: string, targets: Targets | undefined): string {
  const study = studyWith(targets);
  // As it would stand there: the compiler reads braces that do not match by indentation.
  const indented = inside.replace(/^(?=.)/gm, "  ");
  switch (place) {
    case "declarations":
      return `${study}\n${inside}\n${asked(inside)}`;
    case "data":
      return `${study}\ndata shown = galaxies with {\n${indented}\n}\nexperiment ask = question with { data = shown }\n`;
    case "body":
      return `${study}\nmodel shown : f32[N, 32, 32, 3] -> f32[N, K] {\n${indented}\n  flatten; dense(K)\n}\nexperiment ask = question with { model = shown }\n`;
    case "recipe":
      return `${study}\nrecipe shown = short with {\n${indented}\n}\nexperiment ask = question with { recipe = shown }\n`;
    case "experiment":
      return `${study}\nexperiment shown = question with {\n${indented}\n}\n`;
  }
}

/**
 * Networks are checked where an experiment uses them: one for every model of the block that needs no arguments and is in no
 * experiment of the block's own.
 */
function asked(declarations: string): string {
  const models = [...declarations.matchAll(/^model (\w+)(?:\(([^)]*)\))?/gm)];
  const used = (name: string) => new RegExp(`^ *model = .*\\b${name}\\b`, "m").test(declarations);
  return models
    .filter(([, name]) => !used(name!))
    .filter(([, , parameters]) => !parameters || parameters.split(",").every((each) => each.includes("=")))
    .map(([, name]) => `experiment ask_${name} = question with { model = ${name} }\n`)
    .join("");
}
