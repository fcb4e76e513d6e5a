/** Builds a network: expands a model's body with its arguments, checks every shape. */
import { suggest } from "../diagnostics/suggest.ts";
import type { NamedDecl } from "../syntax/ast.ts";
import type { TensorType } from "../types/tensor.ts";
import type { Operand } from "./apply-layer.ts";
import type { Build } from "./build.ts";
import type { Context } from "./context.ts";
import { listWords } from "./describe.ts";
import { expand } from "./instantiate.ts";
import type { Network } from "./network.ts";
import { unboundInput } from "./shape-messages.ts";
import type { DeclaredValue } from "./value.ts";

/** What a network of an experiment is fed and paired with. */
export interface Surroundings {
  /** The input fields as the model sees them, by name, with N in front: f32[N, 64, 64, 3]. */
  readonly inputs: Readonly<Record<string, TensorType>>;
  /** What the sole output must be, from the target that it is paired with: f32[N, 4] for class[4]. */
  readonly output: TensorType | undefined;
}

/** Undefined after a report. Equal arguments give equal networks; results are cached by the caller. */
export function elaborate(
  model: DeclaredValue,
  surroundings: Surroundings,
  context: Context,
): Network | undefined {
  const { declaration } = model;
  const fields = bindInputs(model, surroundings.inputs, context);
  if (!fields) return undefined;
  const inputs = fields.map((field, i) => ({
    name: declaration.inputs[i]!.name?.text ?? "input",
    field,
    type: surroundings.inputs[field]!,
  }));
  const build: Build = { context, layers: [], paths: new Map(), expanded: 0, stopped: false };
  const operands: Operand[] = inputs.map(({ type }, i) => ({
    tensor: { ref: -1 - i, type, span: declaration.inputs[i]!.span },
    expr: undefined,
  }));
  const ends = expand(model, operands, surroundings.output, "", undefined, build);
  if (!ends) return undefined;
  const outputs = [...ends].flatMap(([name, end]) =>
    end === "broken" ? [] : [{ name: name || "output", tensor: end.ref, type: end.type }],
  );
  return { model: declaration.name.text, inputs, outputs, layers: build.layers };
}

/** The field that feeds each input: a sole input takes the sole field, otherwise they go by name. */
function bindInputs(
  model: DeclaredValue,
  fields: Surroundings["inputs"],
  context: Context,
): readonly string[] | undefined {
  const { declaration } = model;
  const names = Object.keys(fields);
  if (declaration.inputs.length === 1 && names.length === 1) return names;
  const bound: string[] = [];
  let sound = true;
  for (const port of declaration.inputs) {
    const name = port.name?.text;
    if (name !== undefined && Object.hasOwn(fields, name)) bound.push(name);
    else {
      sound = false;
      reportUnbound(declaration, name, names, model, context);
    }
  }
  return sound ? bound : undefined;
}

function reportUnbound(
  declaration: NamedDecl,
  name: string | undefined,
  fields: readonly string[],
  model: DeclaredValue,
  context: Context,
): void {
  const port = declaration.inputs.find((each) => each.name?.text === name)!;
  const meant = name === undefined ? undefined : suggest(name, fields);
  const list = listWords(
    fields.map((field) => `\`${field}\``),
    "and",
  );
  context.reporter.report(unboundInput, { model: declaration.name.text, name }, port.span, {
    labels: [{ span: model.span, text: "used here" }],
    hint: meant ? `call it \`${meant}\`` : `name the inputs as the fields are: ${list || "there are none"}`,
  });
}
