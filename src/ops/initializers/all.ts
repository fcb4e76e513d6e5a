import type { Fans, InitializerOp } from "../initializer.ts";
import type { InitSpec } from "../layer.ts";
import type { Json, OpCall, Parameter, Parameters } from "../signature.ts";

/** What an activation makes of the deviation of its input, so that a kernel can undo it: PyTorch's `calculate_gain`. */
const gains: Readonly<Record<string, (parameters: Parameters) => number>> = {
  identity: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leaky_relu: ({ slope }) => Math.sqrt(2 / (1 + (slope as number) ** 2)),
  selu: () => 3 / 4,
};

const gain: Parameter = {
  name: "gain",
  type: {
    kind: "union",
    of: [
      { kind: "real", min: 0 },
      { kind: "operator", family: "layer" },
    ],
  },
  default: 1,
  doc: "What the kernel is multiplied by: a number, or the activation that follows. `relu` is the root of 2, `leaky_relu(a)` that of `2 / (1 + a^2)`, `tanh` 5/3; others are 1.",
};

function gainOf(value: Json | undefined): number {
  if (typeof value === "number") return value;
  const { op, parameters } = value as unknown as OpCall;
  return gains[op]?.(parameters) ?? 1;
}

function initializer(
  name: string,
  doc: string,
  parameters: readonly Parameter[],
  spec: (fans: Fans, given: Parameters) => InitSpec,
): InitializerOp {
  return { name, family: "initializer", version: 1, doc, parameters, spec };
}

const uniform = (variance: number): InitSpec => ({ kind: "uniform", limit: Math.sqrt(3 * variance) });
const normal = (variance: number): InitSpec => ({ kind: "normal", deviation: Math.sqrt(variance) });

const he = "variance `2 / inputs`, which keeps the size of what passes through ReLUs (He et al. 2015)";
const glorot =
  "variance `2 / (inputs + outputs)`, which keeps the size of signals and gradients through `tanh` (Glorot and Bengio 2010)";

/** Every operator of the family; `../registry.ts` makes the table. */
export const initializers: readonly InitializerOp[] = [
  initializer(
    "he_uniform",
    `Drawn evenly from \`-sqrt(6 / inputs)\` to \`sqrt(6 / inputs)\`: ${he}. So kernels begin where nothing is said.`,
    [],
    (fans) => uniform(2 / fans.in),
  ),
  initializer("he_normal", `Drawn from a normal distribution around 0: ${he}.`, [], (fans) =>
    normal(2 / fans.in),
  ),
  initializer(
    "glorot_uniform",
    `Drawn evenly from \`-limit\` to \`limit\`, \`limit = sqrt(6 / (inputs + outputs))\`: ${glorot}.`,
    [],
    (fans) => uniform(2 / (fans.in + fans.out)),
  ),
  initializer("glorot_normal", `Drawn from a normal distribution around 0: ${glorot}.`, [], (fans) =>
    normal(2 / (fans.in + fans.out)),
  ),
  initializer(
    "lecun_normal",
    "Drawn from a normal distribution around 0 with variance `1 / inputs` (LeCun et al. 1998): for `selu` (Klambauer et al. 2017).",
    [],
    (fans) => normal(1 / fans.in),
  ),
  initializer(
    "normal",
    "Drawn from a normal distribution around 0, whatever the size of the layer.",
    [
      {
        name: "deviation",
        type: { kind: "real", min: 0 },
        default: 0.01,
        doc: "Standard deviation: AlexNet and VGG have 0.01, pix2pix has 0.02.",
      },
    ],
    (_, { deviation }) => ({ kind: "normal", deviation: deviation as number }),
  ),
  initializer(
    "uniform",
    "Drawn evenly from `-limit` to `limit`, whatever the size of the layer.",
    [{ name: "limit", type: { kind: "real", min: 0 }, default: 0.05, doc: "The largest value." }],
    (_, { limit }) => ({ kind: "uniform", limit: limit as number }),
  ),
  initializer(
    "orthogonal",
    "A random matrix with orthogonal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2014). A kernel counts as the matrix of its outputs against all else.",
    [gain],
    (_, given) => ({ kind: "orthogonal", gain: gainOf(given.gain) }),
  ),
];

const byName = new Map(initializers.map((each) => [each.name, each]));

/** How a weight begins, by the JSON of its entry: a number, or an initializer. */
export function initOf(value: Json | undefined, fans: Fans): InitSpec | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number") return { kind: "constant", value };
  const { op, parameters } = value as unknown as OpCall;
  return byName.get(op)?.spec(fans, parameters);
}
