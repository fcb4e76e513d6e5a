/** A field with the role `weight`: what each row counts in a loss. */
import type { Formula } from "../check/formula.ts";
import { lossDoesNotFit } from "../check/shape-messages.ts";
import type { Stage } from "../check/stage.ts";
import { type FieldType, showField } from "../ops/field.ts";
import type { Name } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { badRowWeight } from "./diagnostics.ts";

/** One number a row, and one such field. `types` are those that the fields have in training. False after a report. */
export function checkRowWeight(
  fields: readonly Name[],
  types: ReadonlyMap<string, FieldType>,
  context: StudyContext,
): boolean {
  const [first, second] = fields;
  if (!first) return true;
  if (second) {
    const problem = `\`${first.text}\` and \`${second.text}\` both weigh the rows`;
    context.reporter.report(badRowWeight, { problem }, second.span, {
      labels: [{ span: first.span, text: "here" }],
      hint: `keep one, or multiply them: \`weight ${first.text} : f32 = source.a * source.b\``,
    });
    return false;
  }
  const type = types.get(first.text);
  if (!type || (type.kind === "tensor" && type.dtype === "f32" && type.shape.length === 0)) return true;
  const problem = `\`${first.text}\` is ${showField(type)}, and a weight is one number a row, f32`;
  context.reporter.report(badRowWeight, { problem }, first.span, {
    hint: `write \`weight ${first.text} : f32 = ...\``,
  });
  return false;
}

/**
 * The loss with each example's number multiplied by the weight of its row, where the data have one. The mean over a batch stays
 * that over its examples, so that a row's gradient does not depend on the weights of the rows beside it. Undefined after a report.
 */
export function weightedByRow(
  loss: Formula,
  span: Span,
  stage: Stage,
  context: StudyContext,
): Formula | undefined {
  const field = [...stage.fields].find(([, { role }]) => role === "weight")?.[0];
  if (field === undefined) return loss;
  if (loss.type.shape.length === 0) {
    const problem = `this loss is one number for the batch, so \`${field}\` cannot weigh its examples`;
    context.reporter.report(lossDoesNotFit, { problem }, span, {
      hint: `leave out the last \`mean\`, so that it ends in f32[N]; or give \`${field}\` the role \`keep\``,
    });
    return undefined;
  }
  const leaves = [...loss.leaves, { field }];
  const id = loss.layers.length;
  const product = {
    id,
    op: "multiply",
    parameters: {},
    inputs: [loss.result, -leaves.length],
    output: loss.type,
    weights: [],
    macs: 0,
    path: `weight/${field}`,
    span,
  };
  return { ...loss, leaves, layers: [...loss.layers, product], result: id };
}
