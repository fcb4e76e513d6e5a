/** Several networks in one training: what varies among them, and what of them is kept. */
import { describe, expect, test } from "vitest";
import { networksOf } from "../../src/cli/networks.ts";
import { planText } from "./files.ts";

const study = (lines: string) => `edition 2026
data pairs {
  source = simulate.degraded_galaxies(count: 60, size: 32 px)
  input blurred : f32[32, 32, 3] = source.degraded
  target sharp : f32[32, 32, 3] = source.original
  split = random(train: 70%, valid: 15%, test: 15%, seed: 1)
}
model shallow(width: int = 4) : f32[N, H, W, C] -> f32[N, H, W, C] { conv(width); relu; conv(C) }
model deep : f32[N, H, W, C] -> f32[N, H, W, C] { conv(4); relu; conv(4); relu; conv(C) }
model judge : f32[N, H, W, C] -> f32[N, 1] { conv(4, stride: 2); relu; global_avg_pool; dense(1) }
recipe adversarial {
  train generator {
    minimize mean_absolute_error(generator(blurred), sharp) + 0.01 * binary_cross_entropy(critic(generator(blurred)), 1)
    optimizer = adam(lr: 1e-3)
  }
  train critic {
    minimize binary_cross_entropy(critic(sharp), 1) + binary_cross_entropy(critic(generator(blurred)), 0)
    optimizer = adam(lr: 1e-3)
  }
  batch = 8
  length = 1 epochs
}
experiment asked {
  data = pairs
  recipe = adversarial
${lines}
  repeat seed over 1 .. 2
  report test.psnr(generator(blurred), sharp)
}
`;

const plain = "plain: { generator: shallow, critic: judge }";
const arms = `  vary model over { ${plain}, deep: { generator: deep, critic: judge } }`;

function planned(lines: string) {
  const { plan, told } = planText(study(lines));
  if (!plan) throw new Error(told);
  return plan;
}

describe("a record of networks in each alternative", () => {
  test("makes trainings of several networks; what two arms share is built once", () => {
    const { trials } = planned(arms);
    expect(
      trials.map(({ levels, networks }) => [
        levels.model,
        ...networks.map(({ name, network }) => `${name} ${network.model}`),
      ]),
    ).toEqual([
      ["plain", "generator shallow", "critic judge"],
      ["plain", "generator shallow", "critic judge"],
      ["deep", "generator deep", "critic judge"],
      ["deep", "generator deep", "critic judge"],
    ]);
    expect([...networksOf(trials).values()]).toEqual(["plain generator", "critic", "deep generator"]);
  });

  test("is replaced in its parts", () => {
    const { trials } = planned(`${arms}\n  vary model.generator.width over [4, 8] when model == plain`);
    expect(trials.map(({ levels }) => Object.values(levels).join(" "))).toEqual(
      ["plain 4", "plain 8", "deep"].flatMap((each) => [each, each]),
    );
    const fixed = planned(
      "  model = { generator: shallow, critic: judge }\n  vary model.generator over { shallow, deep }",
    );
    expect(fixed.experiments[0]!.factors).toEqual([{ path: "model.generator", labels: ["shallow", "deep"] }]);
  });

  test("names what is saved", () => {
    expect(planned(`${arms}\n  save generator`).experiments[0]!.save).toEqual(["generator"]);
    const { diagnostics } = planText(study(`${arms}\n  save model`));
    expect(diagnostics.map(({ message }) => message)).toEqual(["there is no network `model` to save"]);
  });

  test.each([
    ["another name", "{ generatr: deep, critic: judge }", "with `generatr` and `critic`"],
    ["one network alone", "deep", "with `model`"],
  ])("%s is told once, with the arm", (_, arm, label) => {
    const { diagnostics } = planText(study(`  vary model over { ${plain}, other: ${arm} }`));
    expect(diagnostics.map(({ code, labels }) => [code, labels.map(({ text }) => text)])).toEqual([
      ["DL5033", [label]],
    ]);
  });
});
