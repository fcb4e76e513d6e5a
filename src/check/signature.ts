/** Shape signatures of models and blocks against the tensors that meet them. */
import type { Label } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { Expr, PortDecl, TypeExpr } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import { type Dimension, type Dimensions, showDimension, solveDimension } from "../types/dimension.ts";
import { type Dim, type DType, showType, type TensorType } from "../types/tensor.ts";
import { type Build, type Instance, reportIn, type Tensor } from "./build.ts";
import { describeValue, listWords } from "./describe.ts";
import { evaluate } from "./evaluate.ts";
import { notWhole, unknownType } from "./messages.ts";
import type { Scope } from "./scope.ts";
import {
  dimensionProblem,
  dtypeMismatch,
  inputMismatch,
  outputMismatch,
  statedShape,
  unknownDimension,
} from "./shape-messages.ts";

/** A tensor type as written: its dimensions may be names. */
export interface TypePattern {
  readonly dtype: DType;
  readonly dimensions: readonly Dimension[];
  /** How many classes there are, of a `class[K]`. */
  readonly classes?: Dimension;
  readonly span: Span;
}

const dtypes: readonly DType[] = ["f32", "f64", "i32", "i64", "u8", "bool"];

/** `f32[N, H / stride, W / stride, c]`: upper case is a dimension, lower case a value. Undefined after a report. */
export function readPattern(
  type: TypeExpr,
  scope: Scope,
  instance: Instance,
  build: Build,
): TypePattern | undefined {
  const known = fixedPatterns.get(type);
  if (known) return known;
  if (type.name.text === "class") return readClass(type, scope, instance, build);
  const dtype = dtypes.find((each) => each === type.name.text);
  if (!dtype) {
    const { span, text: name } = type.name;
    const meant = suggest(name, dtypes);
    reportIn(instance, build, unknownType, { name }, span, {
      hint: `write ${meant ? `\`${meant}\`` : listWords(dtypes)}, as in \`f32[N, H, W, C]\``,
    });
    return undefined;
  }
  const written = type.lists.flat();
  const dimensions = written.map((expr) => readDimension(expr, scope, instance, build));
  if (dimensions.some((each) => !each)) return undefined;
  const pattern = { dtype, dimensions: dimensions as Dimension[], span: type.span };
  if (written.every(isFixed)) fixedPatterns.set(type, pattern);
  return pattern;
}

/** Those without values, which may be others at every use. */
const fixedPatterns = new WeakMap<TypeExpr, TypePattern>();

const isFixed = (expr: Expr): boolean =>
  expr.kind === "name"
    ? isDimensionName(expr.name.text)
    : expr.kind === "binary" && isFixed(expr.left) && isFixed(expr.right);

/** `class[K]` of a loss or metric: one whole number an example; `class[K][H, W]` labels the places of an image. */
function readClass(type: TypeExpr, scope: Scope, instance: Instance, build: Build): TypePattern | undefined {
  const [count, places = []] = type.lists;
  const sole = count?.length === 1 ? count[0]! : undefined;
  if (!sole) {
    reportIn(instance, build, unknownType, { name: "class" }, type.span, {
      hint: "write how many classes there are: `class[4]`, or `class[K]`",
    });
    return undefined;
  }
  const [classes, ...dimensions] = [sole, ...places].map((expr) =>
    readDimension(expr, scope, instance, build),
  );
  if (!classes || dimensions.some((each) => !each)) return undefined;
  const batch: Dimension = { kind: "name", name: "N" };
  return { dtype: "i32", dimensions: [batch, ...(dimensions as Dimension[])], classes, span: type.span };
}

export const isDimensionName = (name: string): boolean => /^[A-Z]/.test(name);

function readDimension(expr: Expr, scope: Scope, instance: Instance, build: Build): Dimension | undefined {
  if (expr.kind === "name" && isDimensionName(expr.name.text)) return { kind: "name", name: expr.name.text };
  if (expr.kind === "binary" && ["+", "-", "*", "/"].includes(expr.operator)) {
    const left = readDimension(expr.left, scope, instance, build);
    const right = readDimension(expr.right, scope, instance, build);
    const operator = expr.operator as "+" | "-" | "*" | "/";
    return left && right && { kind: "binary", operator, left, right };
  }
  if (expr.kind === "call" && expr.callee.kind === "name") {
    const how = expr.callee.name.text;
    const [argument, ...more] = expr.arguments;
    if ((how === "floor" || how === "ceil") && argument && more.length === 0) {
      const of = readDimension(argument.value, scope, instance, build);
      return of && { kind: "rounded", how, of };
    }
  }
  const value = evaluate(expr, scope, build.context, { kind: "int" });
  if (!value) return undefined;
  if (value.kind === "number" && value.whole) return { kind: "number", value: value.value };
  reportIn(instance, build, notWhole, { what: "a dimension", got: describeValue(value) }, expr.span);
  return undefined;
}

export function showPattern(pattern: TypePattern, known?: Dimensions): string {
  if (pattern.classes) {
    const places = pattern.dimensions.slice(1).map((each) => showDimension(each, known));
    const shape = places.length > 0 ? `[${places.join(", ")}]` : "";
    return `class[${showDimension(pattern.classes, known)}]${shape}`;
  }
  return `${pattern.dtype}[${pattern.dimensions.map((each) => showDimension(each, known)).join(", ")}]`;
}

export interface PortInput {
  readonly port: PortDecl;
  readonly pattern: TypePattern;
  readonly type: TensorType;
  /** How many classes, where it is a class. */
  readonly classes: number | undefined;
  /** Where the tensor comes from, where the file says. */
  readonly from: Span | undefined;
}

/**
 * Solves the dimensions of the inputs and checks the rest of them. `dimensions` holds what is known before and gets what is
 * found, `origins` where each was. False after a report.
 */
export function matchInputs(
  name: string,
  inputs: readonly PortInput[],
  dimensions: Map<string, Dim>,
  origins: Map<string, Label>,
  at: Span,
  instance: Instance,
  build: Build,
): boolean {
  const show = ({ type, classes }: PortInput): string => (classes ? `class[${classes}]` : showType(type));
  const labelsOf = ({ port, pattern, type, from }: PortInput, known?: Dimensions): Label[] => [
    ...(from ? [{ span: from, text: `comes as ${showType(type)}` }] : []),
    { span: port.span, text: `\`${name}\` takes ${showPattern(pattern, known)}` },
  ];
  const { what } = instance.declared.declaration;
  const isNetwork = what !== "loss" && what !== "metric";
  const order = inputs.map(({ port, pattern }) => `\`${port.name?.text}: ${showPattern(pattern)}\``);
  for (const input of inputs) {
    const { port, pattern, type, classes } = input;
    if (pattern.dtype !== type.dtype || (pattern.classes !== undefined) !== (classes !== undefined)) {
      const takes = pattern.classes ? "a class" : pattern.dtype;
      const problem = `\`${name}\` takes ${takes}, and ${show(input)} is given`;
      reportIn(instance.outer ?? instance, build, dtypeMismatch, { problem }, at, {
        labels: labelsOf(input),
        hint: isNetwork ? hintFor(type.dtype) : `it takes, in this order, ${listWords(order, "and")}`,
      });
      return false;
    }
    if (pattern.dimensions.length !== type.shape.length) {
      const parameters = { name, takes: showPattern(pattern), got: showType(type) };
      const [first] = pattern.dimensions;
      const lacksBatch =
        pattern.dimensions.length + 1 === type.shape.length &&
        !(first?.kind === "name" && first.name === "N");
      reportIn(instance.outer ?? instance, build, inputMismatch, parameters, at, {
        labels: labelsOf(input),
        hint: lacksBatch
          ? `begin with the batch: \`${showPattern(pattern).replace("[", "[N, ")}\``
          : pattern.dimensions.length === 2 && type.shape.length > 2
            ? `make it flat: \`flatten\`${instance.outer ? " on the line before" : " in `prepare`"}`
            : undefined,
      });
      return false;
    }
    for (const [dimension, size] of sizesOf(input)) {
      if (dimension.kind !== "name" || dimension.name === "N" || dimensions.has(dimension.name)) continue;
      dimensions.set(dimension.name, size);
      origins.set(dimension.name, { span: port.span, text: `\`${dimension.name}\` is ${size} here` });
    }
  }
  for (const input of inputs) {
    const { port, pattern } = input;
    for (const [dimension, size] of sizesOf(input)) {
      const solved = solveDimension(dimension, dimensions);
      const place = pattern.span;
      if (solved.kind === "open") {
        reportIn(instance, build, unknownDimension, { name: solved.names[0]! }, place, {
          hint: `let \`${solved.names[0]}\` stand alone in an input`,
        });
        return false;
      }
      if (solved.kind === "impossible") {
        reportIn(instance, build, dimensionProblem, { problem: solved.problem }, place);
        return false;
      }
      if (solved.value === size) continue;
      const origin = dimension.kind === "name" ? origins.get(dimension.name) : undefined;
      const takes = showPattern(pattern, dimensions);
      const labels = labelsOf(input, dimensions);
      if (origin && origin.span !== port.span) labels.push(origin);
      const parameters = { name, takes, got: show(input) };
      reportIn(instance.outer ?? instance, build, inputMismatch, parameters, at, { labels });
      return false;
    }
  }
  return true;
}

const hintFor = (dtype: DType): string | undefined => {
  if (dtype === "u8") return "make numbers of it in `prepare`: `scale(0 .. 1)`";
  if (dtype === "i32" || dtype === "i64")
    return `a network that begins with \`embedding\` takes whole numbers, \`${dtype}[N]\`; for others write the field's type as f32`;
  return undefined;
};

/** Each dimension of a pattern with the size that it meets, the number of classes last. */
function sizesOf({ pattern, type, classes }: PortInput): readonly (readonly [Dimension, Dim])[] {
  const axes = pattern.dimensions.map((dimension, axis) => [dimension, type.shape[axis]!] as const);
  return pattern.classes && classes !== undefined ? [...axes, [pattern.classes, classes]] : axes;
}

/** The end of a body against what its signature promises. Dimensions that are still open are what the body made them. */
export function checkOutput(
  name: string,
  pattern: TypePattern,
  end: Tensor,
  dimensions: Map<string, Dim>,
  instance: Instance,
  build: Build,
): boolean {
  const fail = () => {
    const parameters = { name, promises: showPattern(pattern, dimensions), ends: showType(end.type) };
    reportIn(instance, build, outputMismatch, parameters, end.span, {
      text: `ends as ${showType(end.type)}`,
      labels: [{ span: pattern.span, text: `promised here: ${showPattern(pattern)}` }],
      hint: "correct the signature, or the layers before this place",
    });
    return false;
  };
  if (pattern.dtype !== end.type.dtype || pattern.dimensions.length !== end.type.shape.length) return fail();
  for (const [axis, dimension] of pattern.dimensions.entries()) {
    const size = end.type.shape[axis]!;
    if (dimension.kind === "name" && dimension.name !== "N" && !dimensions.has(dimension.name)) {
      dimensions.set(dimension.name, size);
      continue;
    }
    const solved = solveDimension(dimension, dimensions);
    if (solved.kind === "impossible") {
      reportIn(instance, build, dimensionProblem, { problem: solved.problem }, pattern.span, {
        labels: [{ span: end.span, text: `the body ends as ${showType(end.type)}` }],
        hint: solved.problem.endsWith("whole")
          ? `round it as the layers do: \`ceil(${showDimension(dimension)})\``
          : undefined,
      });
      return false;
    }
    if (solved.kind === "open") {
      reportIn(instance, build, unknownDimension, { name: solved.names[0]! }, pattern.span, {
        hint: `let \`${solved.names[0]}\` stand alone in an input, or write the number`,
      });
      return false;
    }
    if (solved.value !== size) return fail();
  }
  return true;
}

/** `conv(64) : f32[N, 64, H, W]`. False after a report. */
export function checkStated(
  type: TypeExpr,
  tensor: Tensor,
  scope: Scope,
  dimensions: Dimensions,
  instance: Instance,
  build: Build,
): boolean {
  const pattern = readPattern(type, scope, instance, build);
  if (!pattern) return false;
  const sizes: Dim[] = [];
  for (const dimension of pattern.dimensions) {
    const solved = solveDimension(dimension, dimensions);
    if (solved.kind === "open") {
      reportIn(instance, build, unknownDimension, { name: solved.names[0]! }, type.span, {
        hint: "write a number, or a dimension of the inputs",
      });
      return false;
    }
    if (solved.kind === "impossible") {
      reportIn(instance, build, dimensionProblem, { problem: solved.problem }, type.span);
      return false;
    }
    sizes.push(solved.value);
  }
  const stated = showType({ dtype: pattern.dtype, shape: sizes });
  const is = showType(tensor.type);
  if (stated === is) return true;
  reportIn(instance, build, statedShape, { stated, is }, type.span, {
    text: `stated as ${showPattern(pattern)}`,
    labels: [{ span: tensor.span, text: `this is ${is}` }],
  });
  return false;
}
