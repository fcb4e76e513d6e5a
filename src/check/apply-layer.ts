/** Layers applied to tensors. */
import type { Fix, Label } from "../diagnostics/diagnostic.ts";
import { type FieldType, showField } from "../ops/field.ts";
import type { LayerOp, ShapeProblem } from "../ops/layer.ts";
import { operatorOf } from "../ops/registry.ts";
import type { OpCall } from "../ops/signature.ts";
import type { Expr } from "../syntax/ast.ts";
import { positionAt, type Span, textOf } from "../text/source.ts";
import { showType, type TensorType } from "../types/tensor.ts";
import {
  type Broken,
  type Build,
  claimPath,
  type Instance,
  mayGrow,
  ownSpan,
  reportIn,
  type Tensor,
} from "./build.ts";
import { familyWord, withArticle } from "./describe.ts";
import { complete } from "./evaluate.ts";
import { wrongFamily } from "./messages.ts";
import {
  dtypeMismatch,
  layerDoesNotFit,
  lossDoesNotFit,
  shapeMismatch,
  wrongNumberOfInputs,
} from "./shape-messages.ts";
import { inFamily } from "./to-json.ts";
import type { OperatorValue } from "./value.ts";

/** A tensor with the expression that names it, where one does. */
export interface Operand {
  readonly tensor: Tensor;
  readonly expr: Expr | undefined;
}

export function applyLayer(
  operator: OperatorValue,
  operands: readonly Operand[],
  span: Span,
  prefix: string,
  instance: Instance,
  build: Build,
): Tensor | Broken {
  const isLoss = build.what === "formula" && operator.signature.family === "loss";
  const layer = isLoss ? operator : inFamily(operator, "layer");
  if (!layer) {
    const { name, family } = operator.signature;
    const parameters = { name, is: withArticle(familyWord(family)), needed: "a layer" };
    reportIn(instance, build, wrongFamily, parameters, operator.span);
    return "broken";
  }
  const call = complete(layer, build.context);
  if (!call || !mayGrow(build, instance, span)) return "broken";
  if (isLoss) return applyLoss(call, operands, span, instance, build);
  const op: LayerOp = operatorOf("layer", call.op);
  if (Number.isFinite(op.arity) && op.arity !== operands.length) {
    const takes = op.arity === 1 ? "one tensor" : `${op.arity} tensors`;
    const parameters = { name: op.name, takes, got: operands.length };
    reportIn(instance, build, wrongNumberOfInputs, parameters, span);
    return "broken";
  }
  const types = operands.map(({ tensor }) => tensor.type);
  const unbatched = op.anyShape ? undefined : operands.find(({ tensor }) => !isBatch(tensor.type));
  const inferred = unbatched
    ? { problem: `\`${op.name}\` needs a batch, f32[N, ...], not ${showType(unbatched.tensor.type)}` }
    : op.infer(types, call.parameters);
  if ("problem" in inferred) {
    reportProblem(inferred, op, operands, types, span, instance, build);
    return "broken";
  }
  if (build.what === "formula" && inferred.weights.length > 0) {
    const problem = `\`${op.name}\` learns weights, and a loss or metric has none`;
    reportIn(instance, build, layerDoesNotFit, { problem }, span, { hint: "put it into a model" });
    return "broken";
  }
  const id = build.layers.length;
  build.layers.push({
    id,
    op: op.name,
    parameters: call.parameters,
    inputs: operands.map(({ tensor }) => tensor.ref),
    output: inferred.output,
    weights: inferred.weights,
    macs: inferred.macs,
    path: claimPath(prefix, op.name, build),
    span: ownSpan(span, instance),
  });
  return { ref: id, type: inferred.output, span };
}

const isBatch = ({ shape }: TensorType): boolean => shape[0] === "N" && !shape.includes("N", 1);

/** A loss on an output and a target: one number for each example. A number as target stands for a tensor of it. */
function applyLoss(
  call: OpCall,
  operands: readonly Operand[],
  span: Span,
  instance: Instance,
  build: Build,
): Tensor | Broken {
  const [output, target] = operands;
  if (!output || !target || operands.length > 2) {
    const parameters = { name: call.op, takes: "an output and a target", got: operands.length };
    reportIn(instance, build, wrongNumberOfInputs, parameters, span, {
      hint: `write \`${call.op}(output, target)\``,
    });
    return "broken";
  }
  const isNumber = target.tensor.type.shape.length === 0;
  const field =
    target.tensor.field ??
    fieldLike(isNumber ? { ...output.tensor.type, dtype: target.tensor.type.dtype } : target.tensor.type);
  const problem = isBatch(output.tensor.type)
    ? operatorOf("loss", call.op).check(output.tensor.type, field, call.parameters)
    : {
        problem: `\`${call.op}\` needs an output of a batch, f32[N, ...], not ${showType(output.tensor.type)}`,
      };
  if (problem) {
    const labels = [output, target]
      .filter(({ tensor }) => tensor.span !== span)
      .map(({ tensor, expr }) => ({
        span: expr?.span ?? tensor.span,
        text: `this is ${tensor.field ? showField(tensor.field) : showType(tensor.type)}`,
      }));
    const swapped = output.tensor.field !== undefined && target.tensor.field === undefined;
    reportIn(instance, build, lossDoesNotFit, { problem: problem.problem }, span, {
      labels,
      hint: (swapped && outputFirst(call.op, output, target)) || problem.hint,
    });
    return "broken";
  }
  const id = build.layers.length;
  const type: TensorType = { dtype: "f32", shape: ["N"] };
  build.layers.push({
    id,
    op: call.op,
    family: "loss",
    parameters: call.parameters,
    inputs: operands.map(({ tensor }) => tensor.ref),
    output: type,
    weights: [],
    macs: 0,
    path: claimPath("", call.op, build),
    span: ownSpan(span, instance),
  });
  return { ref: id, type, span };
}

/** Other tools name the truth first. */
function outputFirst(name: string, { expr: truth }: Operand, { expr: answer }: Operand): string | undefined {
  if (!truth || !answer) return undefined;
  return `what the network answers comes first: \`${name}(${textOf(answer.span)}, ${textOf(truth.span)})\``;
}

/** A tensor as a field of one example. */
const fieldLike = ({ dtype, shape }: TensorType): FieldType => ({
  kind: "tensor",
  dtype,
  shape: shape.slice(1) as readonly number[],
});

function reportProblem(
  problem: ShapeProblem,
  op: LayerOp,
  operands: readonly Operand[],
  types: readonly TensorType[],
  span: Span,
  instance: Instance,
  build: Build,
): void {
  if (problem.disagree) {
    const left = operands[problem.disagree.left]!;
    const right = operands[problem.disagree.right]!;
    const [leftType, rightType] = stackTypes(left.tensor.type, right.tensor.type);
    const learns = build.what === "network";
    const { hint, fixes } = (learns && projection(left, right, instance)) || {
      hint: learns ? problem.hint : "let the sizes be equal, or 1 on one side",
      fixes: [],
    };
    const parameters = {
      left: nameOf(left, "the left side"),
      right: nameOf(right, "the right side"),
      axes: problem.disagree.axes,
    };
    reportIn(instance, build, shapeMismatch, parameters, span, {
      text: op.name === "add" ? "these cannot be added" : `\`${op.name}\` cannot join these`,
      labels: [endOf(left, leftType), endOf(right, rightType)],
      hint,
      fixes,
    });
    return;
  }
  const labels: Label[] = operands
    .filter(({ tensor }) => tensor.span !== span)
    .map(({ tensor, expr }) => ({
      // A field is made in no line: it is shown where the formula names it.
      span: (build.what === "formula" && tensor.ref < 0 && expr?.span) || tensor.span,
      text: `comes as ${tensor.field?.kind === "class" ? showField(tensor.field) : showType(tensor.type)}`,
    }));
  const isDtype = !op.functional && types.some((type) => type.dtype !== "f32");
  const label = operands.find(({ tensor }) => tensor.field?.kind === "class");
  reportIn(instance, build, isDtype ? dtypeMismatch : layerDoesNotFit, { problem: problem.problem }, span, {
    labels,
    hint: problem.hint ?? (label && numbersOfClass(label)),
  });
}

/** What can be done with a class in an expression. */
export function numbersOfClass({ tensor, expr }: Operand): string | undefined {
  if (tensor.field?.kind !== "class") return undefined;
  const text = expr ? textOf(expr.span) : "label";
  return `compare it with a class: \`${text} == 0\`, \`${text} == name\`; \`one_hot(${text}, classes: ${tensor.field.count})\` makes numbers of it`;
}

function nameOf({ expr }: Operand, otherwise: string): string {
  if (!expr) return otherwise;
  const text = expr.span.file.text.slice(expr.span.start, expr.span.end);
  return text.length <= 30 && !text.includes("\n") ? `\`${text}\`` : otherwise;
}

function endOf(operand: Operand, type: string): Label {
  const name = operand.expr?.kind === "name" ? operand.expr.name.text : "this";
  return { span: operand.tensor.span, text: `${name} ${name === "this" ? "is" : "ends as"} ${type}` };
}

/** Shapes one above the other, numbers flush right: `f32[N, 64, 32]` and `f32[N,  3, 64]`. */
function stackTypes(a: TensorType, b: TensorType): readonly [string, string] {
  if (a.shape.length !== b.shape.length) return [showType(a), showType(b)];
  const widths = a.shape.map((dim, i) => Math.max(String(dim).length, String(b.shape[i]).length));
  const show = ({ dtype, shape }: TensorType) =>
    `${dtype}[${shape.map((dim, i) => String(dim).padStart(widths[i]!)).join(", ")}]`;
  return [show(a), show(b)];
}

/** An empty branch beside one that changes the shape: it should project what it passes through. */
function projection(
  left: Operand,
  right: Operand,
  instance: Instance,
): { readonly hint: string; readonly fixes: readonly Fix[] } | undefined {
  const [empty, full] = right.tensor.empty ? [right.tensor, left.tensor] : [left.tensor, right.tensor];
  if (!empty.empty || full.empty) return undefined;
  const from = empty.type.shape as readonly number[];
  const to = full.type.shape as readonly number[];
  if (from.length !== to.length || from.length < 3) return undefined;
  const strides = from.slice(1, -1).map((size, i) => size / to[i + 1]!);
  const stride = strides[0]!;
  if (!Number.isInteger(stride) || strides.some((each) => each !== stride)) return undefined;
  const channels = parameterOf(to.at(-1)!, instance, (name) => name !== "stride") ?? String(to.at(-1));
  const named = parameterOf(stride, instance, (name) => name === "stride");
  const strided = stride !== 1 || named ? `, stride: ${named ?? stride}` : "";
  const code = `conv(${channels}, kernel: 1${strided})`;
  const { name, body } = empty.empty;
  return {
    hint: `\`${name}\` is empty, so it passes its input through; project it with \`${code}\``,
    fixes: [
      { title: `add \`${code}\` to \`${name}\``, edits: [insertInto(body.span, code)], safety: "review" },
    ],
  };
}

/** The parameter of the block that holds the number, if one does. */
function parameterOf(value: number, instance: Instance, fits: (name: string) => boolean): string | undefined {
  const found = [...instance.parameters].find(
    ([name, each]) => each.kind === "number" && each.value === value && fits(name),
  );
  return found?.[0];
}

/** A line of its own in a body of several lines, else within its braces. */
function insertInto(body: Span, code: string) {
  const { file, start, end } = body;
  const span = { file, start: start + 1, end: start + 1 };
  const inner = file.text.slice(start, end);
  if (!inner.includes("\n")) return { span, text: ` ${code} ` };
  const closing = positionAt(file, end - 1).column - 1;
  return { span, text: `\n${" ".repeat(closing + 2)}${code}` };
}
