import { expect, test } from "vitest";
import { trialIdentity } from "../../src/study/keys.ts";
import { asking, planText, study } from "./files.ts";

/** The identities of all trials, in the order of the plan. */
function identities(text: string, set: readonly string[] = []): readonly string[] {
  const { plan, told } = planText(text, { set });
  if (!plan) throw new Error(told);
  return plan.trials.map((trial) => JSON.stringify(trialIdentity(trial)));
}

const base = identities(study());

test("every trial of a sweep is another one", () => {
  expect(new Set(base).size).toBe(12);
});

test.each([
  ["a comment", study().replace("recipe short", "// how\nrecipe short")],
  [
    "another name of the data",
    study().replaceAll("galaxies {", "g {").replace("data = galaxies", "data = g"),
  ],
  [
    "another name of a field",
    study().replaceAll("image", "picture").replace("source.picture", "source.image"),
  ],
  ["other names of the models", study().replaceAll("small", "tiny").replaceAll("wide", "broad")],
  [
    "other labels",
    study().replace("{ a: small, b: small(", "{ x: small, y: small(").replace("b - a", "y - x"),
  ],
  ["a default that is written out", study().replace("adam(lr: 0.01)", "adam(lr: 0.01, beta1: 0.9)")],
  [
    "another order of lines",
    study().replace("  batch = 32\n  length = 2 epochs", "  length = 2 epochs\n  batch = 32"),
  ],
  ["other metrics in the report", study().replace("report test.accuracy", "report test.macro_f1")],
  ["a field that no network sees", study().replace("  keep snr : f32 = source.snr\n", "")],
  ["a number written otherwise", study().replace("lr: 0.01", "lr: 1e-2")],
  [
    "a repeated layer",
    study().replace("conv(width, kernel: 3); relu", "repeat 1 { conv(width, kernel: 3); relu }"),
  ],
])("%s repeats no trial", (_what, text) => {
  expect(text).not.toBe(study());
  expect(identities(text)).toEqual(base);
});

test.each([
  ["the learning rate", study().replace("0.01", "0.02")],
  ["the loss", study().replace("loss = cross_entropy", "loss = cross_entropy(smoothing: 0.1)")],
  ["the length", study().replace("2 epochs", "3 epochs")],
  ["the checkpoint", study().replace("  batch = 32", "  batch = 32\n  keep = best(valid.loss)")],
  ["a step of prepare", study().replace("{ standardize }", "{ asinh_stretch; standardize }")],
  [
    "augmentation",
    study().replace("{ standardize }", "{ standardize }\n  augment image { flip(horizontal: 50%) }"),
  ],
  ["a layer", study().replaceAll("; relu", "; tanh")],
  ["an initial weight's shape", study().replace("kernel: 3", "kernel: 5")],
])("%s changes all trials", (_what, text) => {
  const changed = identities(text);
  // The model that is not in the experiment does not count; all twelve trials must differ.
  expect(changed.filter((identity) => base.includes(identity))).toEqual([]);
});

test("a value more in a grid leaves the trials that there were", () => {
  const grid = (values: string) =>
    identities(
      asking(`  model = small\n  vary recipe.optimizer.lr over grid(${values})\n  repeat seed over 1 .. 3`),
    );
  const few = grid("0.01, 0.1");
  const more = grid("0.01, 0.03, 0.1");
  expect(more).toHaveLength(9);
  expect(few.every((identity) => more.includes(identity))).toBe(true);
});

test("versions of operators and digits of seeds are in it", () => {
  const [identity] = identities(asking("  model = small\n  repeat seed over [9007199254740993]"));
  expect(identity).toContain('"seed":"9007199254740993"');
  expect(identity).toContain('{"op":"adam","version":1,');
});

const restoring = (evaluate: string, keep: string) => `edition 2026
data pairs {
  source = simulate.degraded_galaxies(count: 60, size: 16 px)
  input image : f32[16, 16, 3] = source.degraded
  target sharp : f32[16, 16, 3] = source.original
  split = random(train: 50%, valid: 25%, test: 25%)
  augment image, sharp { random_crop(8 px) }
  evaluate image, sharp { ${evaluate} }
}
model net : f32[N, H, W, C] -> (image: f32[N, H, W, C]) { out image = conv(it, channels: 3) }
recipe fit { loss = mean_squared_error; optimizer = sgd; batch = 5; length = 1 epoch; keep = best(${keep}) }
experiment asked { data = pairs; model = net; recipe = fit; report test.psnr, test.psnr(model.image, data.image) }
`;

test("a checkpoint that is chosen on a target as \\`evaluate\\` leaves it depends on what it leaves", () => {
  const predicted = (keep: string) =>
    identities(restoring("centre_crop(8 px)", keep)).map((each) => JSON.parse(each).predictions?.length);
  expect([predicted("valid.psnr"), predicted("valid.loss")]).toEqual([[1], [undefined]]);
});

test("an output and a field of one name are predicted apart", () => {
  const { plan, told } = planText(restoring("centre_crop(8 px)", "valid.loss"));
  if (!plan) throw new Error(told);
  const { predictions, measures } = plan.trials[0]!;
  expect(Object.keys(predictions).sort()).toEqual(["data.image", "image", "sharp"]);
  expect(Object.values(measures)).toMatchObject([
    { output: { leaves: [{ prediction: "image" }] }, target: { leaves: [{ prediction: "data.image" }] } },
  ]);
});
