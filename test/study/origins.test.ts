/** `--experiment`: an experiment is planned with those that it begins from, and without others. */
import { expect, test } from "vitest";
import { planText, study } from "./files.ts";

const text = study({
  experiment: `recipe tuned = short with { init = from(base) }
experiment base { data = galaxies; model = small; recipe = short; report test.accuracy }
experiment middle { data = galaxies; model = small; recipe = tuned; report test.accuracy }
experiment other { data = galaxies; model = small; recipe = short; report test.accuracy }
experiment last = other with { recipe = short with { init = from(middle) } }
`,
});

test.each([
  ["base", ["base"]],
  ["middle", ["base", "middle"]],
  ["other", ["other"]],
  ["last", ["base", "middle", "last"]],
])("%s", (experiment, names) => {
  const { plan, told } = planText(text, { experiment });
  expect(
    plan?.experiments.map(({ name }) => name),
    told,
  ).toEqual(names);
  expect(plan!.trials.map(({ parent }) => parent)).toEqual(names.map((_, i) => (i === 0 ? undefined : i)));
});
