/** Recurrent layers over sequences f32[N, L, C], written out step by step. */
import { showType } from "../../types/tensor.ts";
import type { LayerOp, LowerContext, WeightSpec } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Parameter, Parameters } from "../signature.ts";
import { needsFloat } from "./window.ts";

/** One step: from the inputs' part of the gates and the state to the new state, whose first value is the output. */
type Step = (
  b: Builder,
  gates: Value,
  state: readonly Value[] | undefined,
  weights: Weights,
) => readonly Value[];

interface Weights {
  readonly recurrent: Value;
  readonly recurrentBias: Value | undefined;
}

interface Cell {
  readonly name: string;
  readonly doc: string;
  readonly gates: number;
  /** What the bias of each gate begins at. */
  readonly bias: readonly number[];
  /** Has a bias on the state's part of the gates. */
  readonly twoBiases?: true;
  readonly step: Step;
}

/** Steps beyond this make graphs that take longer to build than to run. */
const longest = 1000;

const part = (b: Builder, value: Value, gate: number, units: number): Value =>
  b.emit("Slice", [value, b.ints([0, gate * units]), b.ints([value.type.shape[0]!, units])]);

const mul = (b: Builder, x: Value, y: Value): Value => b.emit("Mul", [x, y]);
const add = (b: Builder, x: Value, y: Value): Value => b.emit("AddV2", [x, y]);

/** The state's part of the gates. */
const fromState = (b: Builder, h: Value, { recurrent, recurrentBias }: Weights): Value => {
  const product = b.emit("MatMul", [h, recurrent], { transpose_a: false, transpose_b: false });
  return recurrentBias ? b.emit("BiasAdd", [product, recurrentBias]) : product;
};

/** Gates in the order input, forget, candidate, output. */
const lstmStep: Step = (b, inputs, state, weights) => {
  const all = state ? add(b, inputs, fromState(b, state[0]!, weights)) : inputs;
  const units = all.type.shape[1]! / 4;
  const sigmoid = (gate: number) => b.emit("Sigmoid", [part(b, all, gate, units)]);
  const candidate = b.emit("Tanh", [part(b, all, 2, units)]);
  const fresh = mul(b, sigmoid(0), candidate);
  const memory = state ? add(b, mul(b, sigmoid(1), state[1]!), fresh) : fresh;
  return [mul(b, sigmoid(3), b.emit("Tanh", [memory])), memory];
};

/** Gates in the order update, reset, candidate; the reset gate acts on the candidate's product with the state. */
const gruStep: Step = (b, inputs, state, weights) => {
  const units = inputs.type.shape[1]! / 3;
  const own = (gate: number) => part(b, inputs, gate, units);
  if (!state && !weights.recurrentBias) throw new Error("a GRU has a bias on its state");
  // A state of zeros leaves of the state's part its bias.
  const before = state
    ? fromState(b, state[0]!, weights)
    : b.emit("BroadcastTo", [weights.recurrentBias!, b.ints(inputs.type.shape)]);
  const past = (gate: number) => part(b, before, gate, units);
  const update = b.emit("Sigmoid", [add(b, own(0), past(0))]);
  const reset = b.emit("Sigmoid", [add(b, own(1), past(1))]);
  const candidate = b.emit("Tanh", [add(b, own(2), mul(b, reset, past(2)))]);
  // z h + (1 - z) n = n + z (h - n)
  const kept = state ? b.emit("Sub", [state[0]!, candidate]) : b.emit("Neg", [candidate]);
  return [add(b, candidate, mul(b, update, kept))];
};

const rnnStep: Step = (b, inputs, state, weights) => [
  b.emit("Tanh", [state ? add(b, inputs, fromState(b, state[0]!, weights)) : inputs]),
];

const parameters: readonly Parameter[] = [
  { name: "units", type: { kind: "int", min: 1 }, doc: "Length of the state, and of the output." },
  {
    name: "sequence",
    type: { kind: "bool" },
    default: false,
    doc: "Gives the output of every step, f32[N, L, units], in place of the last one's.",
  },
  {
    name: "direction",
    type: { kind: "word", words: ["forward", "backward", "both"] },
    default: "forward",
    doc: "`backward` begins at the end. `both` has one of each, with weights of their own, and joins their outputs.",
  },
];

const directionsOf = ({ direction }: Parameters): readonly ("forward" | "backward")[] =>
  direction === "both" ? ["forward", "backward"] : [direction as "forward" | "backward"];

/** `kernel`, or `backward_kernel` where there is one of each. */
const named = (name: string, direction: string, given: Parameters): string =>
  given.direction === "both" ? `${direction}_${name}` : name;

function weightsOf(cell: Cell, features: number, given: Parameters): readonly WeightSpec[] {
  const units = given.units as number;
  const width = cell.gates * units;
  const bias = (name: string, values: readonly number[]): WeightSpec => ({
    name,
    shape: [width],
    trainable: true,
    decays: false,
    init: { kind: "parts", values },
  });
  return directionsOf(given).flatMap((direction) => {
    const name = (each: string) => named(each, direction, given);
    return [
      {
        name: name("kernel"),
        shape: [features, width],
        trainable: true,
        decays: true,
        init: { kind: "glorot_uniform" as const, fanIn: features, fanOut: width },
      },
      {
        name: name("recurrent"),
        shape: [units, width],
        trainable: true,
        decays: true,
        init: { kind: "orthogonal" as const, gain: 1 },
      },
      bias(name("bias"), cell.bias),
      ...(cell.twoBiases
        ? [
            bias(
              name("recurrent_bias"),
              cell.bias.map(() => 0),
            ),
          ]
        : []),
    ];
  });
}

/** The outputs of all steps, in the order of the sequence. */
function run(
  cell: Cell,
  { builder: b, weight }: LowerContext,
  input: Value,
  direction: "forward" | "backward",
  given: Parameters,
): readonly Value[] {
  const [n, length, features] = input.type.shape as [number, number, number];
  const name = (each: string) => named(each, direction, given);
  // The inputs' part of all gates at once.
  const rows = b.emit("Reshape", [input, b.ints([n * length, features])]);
  const product = b.emit("MatMul", [rows, weight(name("kernel"))], {
    transpose_a: false,
    transpose_b: false,
  });
  const gates = b.emit("BiasAdd", [product, weight(name("bias"))]);
  const width = cell.gates * (given.units as number);
  const steps = b.emitAll("Unpack", [b.emit("Reshape", [gates, b.ints([n, length, width])])], {
    num: length,
    axis: 1,
  });
  const weights: Weights = {
    recurrent: weight(name("recurrent")),
    recurrentBias: cell.twoBiases && weight(name("recurrent_bias")),
  };
  const outputs: Value[] = [];
  let state: readonly Value[] | undefined;
  for (const step of direction === "forward" ? steps : steps.toReversed()) {
    state = cell.step(b, step, state, weights);
    outputs.push(state[0]!);
  }
  return direction === "forward" ? outputs : outputs.toReversed();
}

function recurrent(cell: Cell): LayerOp {
  return {
    name: cell.name,
    family: "layer",
    version: 1,
    arity: 1,
    doc: `${cell.doc}

Takes f32[N, L, C] and gives the output after the last step, f32[N, units], unless \`sequence: true\`. The state begins at 0. Kernels begin Glorot-uniform, recurrent kernels orthogonal.`,
    example: `reshape([32, 96]) // each row of the image as a step of a sequence\n${cell.name}(64, direction: both)`,
    parameters,
    infer([input], given) {
      const { name } = cell;
      if (input!.dtype !== "f32") return needsFloat(name, input!);
      if (input!.shape.length !== 3) {
        const problem = `\`${name}\` needs a sequence f32[N, L, C], not ${showType(input!)}`;
        if (input!.shape.length === 4) return { problem, hint: "make a sequence of it with `reshape`" };
        return input!.shape.length === 2
          ? { problem, hint: `of a row of numbers \`reshape([${input!.shape[1]}, 1])\` makes a sequence` }
          : { problem };
      }
      const [, length, features] = input!.shape as readonly [unknown, number, number];
      if (length > longest) {
        return {
          problem: `\`${name}\` would go through ${length} steps, one after the other; more than ${longest} are too slow to be of use`,
          hint: "shorten the sequence before it: `conv(..., stride: 4)` or `max_pool(4)`",
        };
      }
      const directions = directionsOf(given);
      const units = given.units as number;
      const shape = [...(given.sequence ? [length] : []), directions.length * units];
      return {
        output: { dtype: "f32", shape: ["N", ...shape] },
        weights: weightsOf(cell, features, given),
        macs: directions.length * length * cell.gates * units * (features + units),
      };
    },
    lower(context, [input], given) {
      const b = context.builder;
      const ends = directionsOf(given).map((direction) => {
        const outputs = run(cell, context, input!, direction, given);
        if (given.sequence) return b.emit("Pack", outputs, { axis: 1 });
        return direction === "forward" ? outputs.at(-1)! : outputs[0]!;
      });
      if (ends.length === 1) return ends[0]!;
      return b.emit("ConcatV2", [...ends, b.scalar(ends[0]!.type.shape.length - 1, "i32")]);
    },
  };
}

export const recurrentLayers: readonly LayerOp[] = [
  recurrent({
    name: "lstm",
    doc: `Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000): with gates \`i, f, o = sigmoid(x W + h U + b)\`, each with weights of its own, \`c = f c + i tanh(x W + h U + b)\` and \`h = o tanh(c)\`.

One bias a gate, as in Keras: 4 h (n + h + 1) parameters (PyTorch has two). That of the forget gate begins at 1, the others at 0.`,
    gates: 4,
    bias: [0, 1, 0, 0],
    step: lstmStep,
  }),
  recurrent({
    name: "gru",
    doc: `Gated recurrent unit (Cho et al. 2014): \`h = z h + (1 - z) n\`, with \`n = tanh(x W + b + r (h U + d))\` and gates \`z, r = sigmoid(x W + b + h U + d)\`, each with weights of its own.

The reset gate acts after the product with the state, as in cuDNN, PyTorch and Keras: 3 h (n + h + 2) parameters.`,
    gates: 3,
    bias: [0, 0, 0],
    twoBiases: true,
    step: gruStep,
  }),
  recurrent({
    name: "rnn",
    doc: "Simple recurrent layer (Elman 1990): `h = tanh(x W + h U + b)`; h (n + h + 1) parameters.",
    gates: 1,
    bias: [0],
    step: rnnStep,
  }),
];
