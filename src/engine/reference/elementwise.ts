/** Arithmetic, comparisons, activations and their gradients, element by element. */
import type { Node } from "../../ops/node.ts";
import {
  broadcastStrides,
  type Cell,
  floatAttr,
  type Kernel,
  type Kernels,
  outputArray,
  walk,
} from "./kernel.ts";

const unary =
  (f: (x: number) => number): Kernel =>
  ([x]) => [x!.data.map(f)];

/** Reads the input as if it had the output's shape. */
function spread({ shape, data }: Cell, node: Node): Float64Array {
  const to = node.outputs[0]!.shape;
  const out = outputArray(node);
  if (data.length === out.length) return data;
  walk(to, broadcastStrides(shape, to), (i, a) => {
    out[i] = data[a]!;
  });
  return out;
}

const binary =
  (f: (x: number, y: number, whole: boolean) => number): Kernel =>
  ([x, y], node) => {
    const out = outputArray(node);
    const a = spread(x!, node);
    const b = spread(y!, node);
    const { dtype } = node.inputs[0]!.type;
    const whole = dtype !== "f32" && dtype !== "f64";
    for (let i = 0; i < out.length; i++) out[i] = f(a[i]!, b[i]!, whole);
    return [out];
  };

const test = (f: (x: number, y: number) => boolean): Kernel => binary((x, y) => (f(x, y) ? 1 : 0));

/** Ties go to the even neighbour. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The error function: its power series up to 3, a continued fraction of erfc beyond (Abramowitz and Stegun, 7.1.6 and 7.1.14). */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z <= 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return ((2 * sum) / Math.sqrt(Math.PI)) * Math.exp(-x * x);
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)));
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Klambauer et al. (2017). */
const seluScale = 1.0507009873554805;
const seluAlpha = seluScale * 1.6732632423543772;

function addAll(inputs: readonly Cell[], node: Node): readonly Float64Array[] {
  const out = outputArray(node);
  for (const { data } of inputs) for (let i = 0; i < out.length; i++) out[i]! += data[i]!;
  return [out];
}

/** Cuts off the fraction where a whole number is wanted. */
function cast([x]: readonly Cell[], node: Node): readonly Float64Array[] {
  const { dtype } = node.outputs[0]!;
  if (dtype === "bool") return [x!.data.map((value) => (value !== 0 ? 1 : 0))];
  return [dtype === "f32" || dtype === "f64" ? x!.data : x!.data.map(Math.trunc)];
}

function select([condition, t, e]: readonly Cell[], node: Node): readonly Float64Array[] {
  const [c, a, b] = [spread(condition!, node), spread(t!, node), spread(e!, node)];
  return [outputArray(node).map((_, i) => (c[i] ? a[i]! : b[i]!))];
}

const leaky: Kernel = ([x], { attrs }) => {
  const alpha = floatAttr(attrs, "alpha", 0.2);
  return [x!.data.map((value) => (value > 0 ? value : alpha * value))];
};

const leakyGradient: Kernel = ([dy, x], { attrs }) => {
  const alpha = floatAttr(attrs, "alpha", 0.2);
  return [dy!.data.map((value, i) => (x!.data[i]! > 0 ? value : alpha * value))];
};

const add: Kernel = binary((x, y) => x + y);
const divide: Kernel = binary((x, y, whole) => (whole ? Math.trunc(x / y) : x / y));

export const elementwise: Kernels = {
  AddN: addAll,
  Add: add,
  AddV2: add,
  Sub: binary((x, y) => x - y),
  Mul: binary((x, y) => x * y),
  RealDiv: divide,
  Div: divide,
  FloorDiv: binary((x, y) => Math.floor(x / y)),
  FloorMod: binary((x, y) => x - y * Math.floor(x / y)),
  Maximum: binary((x, y) => Math.max(x, y)),
  Minimum: binary((x, y) => Math.min(x, y)),
  SquaredDifference: binary((x, y) => (x - y) * (x - y)),
  Pow: binary((x, y) => x ** y),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(roundHalfEven),
  Square: unary((x) => x * x),
  Sqrt: unary(Math.sqrt),
  Rsqrt: unary((x) => 1 / Math.sqrt(x)),
  Reciprocal: unary((x) => 1 / x),
  Exp: unary(Math.exp),
  Expm1: unary(Math.expm1),
  Log: unary(Math.log),
  Log1p: unary(Math.log1p),
  Cos: unary(Math.cos),
  Sin: unary(Math.sin),
  Erf: unary(erf),
  Equal: test((x, y) => x === y),
  NotEqual: test((x, y) => x !== y),
  Greater: test((x, y) => x > y),
  GreaterEqual: test((x, y) => x >= y),
  Less: test((x, y) => x < y),
  LessEqual: test((x, y) => x <= y),
  LogicalAnd: test((x, y) => x !== 0 && y !== 0),
  LogicalOr: test((x, y) => x !== 0 || y !== 0),
  LogicalNot: unary((x) => 1 - x),
  IsFinite: unary((x) => (Number.isFinite(x) ? 1 : 0)),
  SelectV2: select,
  Cast: cast,
  Relu: unary((x) => (x > 0 ? x : Number.isNaN(x) ? x : 0)),
  Relu6: unary((x) => Math.min(Math.max(x, 0), 6)),
  Elu: unary((x) => (x < 0 ? Math.expm1(x) : x)),
  Selu: unary((x) => (x < 0 ? seluAlpha * Math.expm1(x) : seluScale * x)),
  Sigmoid: unary(sigmoid),
  Tanh: unary(Math.tanh),
  Softplus: unary(softplus),
  Softsign: unary((x) => x / (1 + Math.abs(x))),
  LeakyRelu: leaky,
  // Of (gradient, output) or (gradient, input), as TensorFlow's `nn_grad.py` hands them over; Sigmoid and Tanh the other way round.
  ReluGrad: binary((dy, y) => (y > 0 ? dy : 0)),
  Relu6Grad: binary((dy, y) => (y > 0 && y < 6 ? dy : 0)),
  EluGrad: binary((dy, y) => (y < 0 ? dy * (y + 1) : dy)),
  SeluGrad: binary((dy, y) => (y < 0 ? dy * (y + seluAlpha) : dy * seluScale)),
  SigmoidGrad: binary((y, dy) => dy * y * (1 - y)),
  TanhGrad: binary((y, dy) => dy * (1 - y * y)),
  SoftplusGrad: binary((dy, x) => dy * sigmoid(x)),
  SoftsignGrad: binary((dy, x) => dy / (1 + Math.abs(x)) ** 2),
  LeakyReluGrad: leakyGradient,
};
