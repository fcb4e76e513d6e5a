import type { Parameter, Signature } from "../signature.ts";

const level = (name: string): Parameter => ({
  name,
  type: { kind: "label" },
  optional: true,
  doc: `The level of the other experiment's \`${name}\` that is taken, where it varies.`,
});

/** `init = ...` of a recipe. */
export const starts: readonly Signature[] = [
  {
    name: "random",
    family: "start",
    version: 1,
    doc: "Weights begin as each layer's initializer says.",
    example: "init = random",
    positional: 0,
    parameters: [],
  },
  {
    name: "from",
    family: "start",
    version: 1,
    doc: "Weights begin as another experiment left them: of its training with the same `seed` (and `fold`). `groups` are parts of the network, by name; the other parts begin at random. It implies `save model`.",
    example: `data bright = galaxies with { target label : class[3] = source.class where source.snr >= 20 }
data faint = galaxies with { target label : class[3] = source.class where source.snr < 20 }
experiment before = question with { data = bright }
recipe tuned = short with { init = from(before), optimizer.lr = 1e-4 }
experiment after = question with {
  data = faint
  recipe = tuned
}`,
    parameters: [
      { name: "experiment", type: { kind: "any" }, doc: "An experiment above." },
      {
        name: "groups",
        type: { kind: "list", of: { kind: "label" } },
        optional: true,
        doc: "`group` parts of the network that are copied; the whole network without it.",
      },
      level("data"),
      level("model"),
      level("recipe"),
    ],
  },
];

const limit: Parameter = {
  name: "limit",
  type: { kind: "real", min: 0 },
  doc: "The most that is let through.",
};

/** `clip = ...` of a recipe. */
export const clips: readonly Signature[] = [
  {
    name: "norm",
    family: "clip",
    version: 1,
    doc: "Gradients are shortened together until their norm over all weights is at most `limit` (Pascanu et al. 2013): `g min(1, limit / |g|)`. Their direction stays.",
    example: "clip = norm(1)",
    parameters: [limit],
  },
  {
    name: "value",
    family: "clip",
    version: 1,
    doc: "Every entry of a gradient is cut to the range from `-limit` to `limit`, each on its own: the direction of the gradient changes.",
    example: "clip = value(0.5)",
    parameters: [limit],
  },
];

/** `average = ...` of a recipe: the weights that are evaluated and kept. */
export const averages: readonly Signature[] = [
  {
    name: "ema",
    family: "average",
    version: 1,
    doc: "An exponential moving average of the weights and statistics over steps, `average = decay average + (1 - decay) w`: what is evaluated and kept. At first the decay is `(1 + t) / (10 + t)` where that is less, so that the first weights do not weigh long.",
    example: "average = ema(0.999)",
    parameters: [
      {
        name: "decay",
        type: { kind: "real", min: 0, max: 1 },
        default: 0.999,
        doc: "What share of the average stays at a step.",
      },
    ],
  },
  {
    name: "swa",
    family: "average",
    version: 1,
    doc: "The mean of the weights and statistics after each step from `start` on (stochastic weight averaging, Izmailov et al. 2018).",
    example: "average = swa(start: 75%)",
    parameters: [
      {
        name: "start",
        type: { kind: "real", min: 0, max: 1, unit: "fraction" },
        default: 0.75,
        doc: "After which share of the length it begins.",
      },
    ],
  },
];
