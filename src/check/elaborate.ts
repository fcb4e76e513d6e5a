/** Builds a network: expands a model's body with its arguments, checks every shape. */
import { suggest } from "../diagnostics/suggest.ts";
import type { NamedDecl } from "../syntax/ast.ts";
import type { TensorType } from "../types/tensor.ts";
import type { Operand } from "./apply-layer.ts";
import type { Build } from "./build.ts";
import type { Context } from "./context.ts";
import { listWords } from "./describe.ts";
import { expand, type Wanted } from "./instantiate.ts";
import type { Network } from "./network.ts";
import { unboundInput } from "./shape-messages.ts";
import type { DeclaredValue } from "./value.ts";

/** What feeds an input of a network: a tensor's type, and the field where it is one. */
export interface Feed {
  readonly field: string | null;
  readonly type: TensorType;
}

/** The network that a model comes to on tensors of these types, in the order of its inputs. Undefined after a report. */
export function elaborate(
  model: DeclaredValue,
  feeds: readonly Feed[],
  wanted: Wanted,
  context: Context,
): Network | undefined {
  const { declaration } = model;
  const build: Build = {
    context,
    layers: [],
    what: "network",
    paths: new Map(),
    expanded: 0,
    stopped: false,
  };
  const operands: Operand[] = feeds.map(({ type }, i) => ({
    tensor: { ref: -1 - i, type, span: declaration.inputs[i]?.span ?? model.span },
    expr: undefined,
  }));
  const ends = expand(model, operands, wanted, "", undefined, build);
  if (!ends) return undefined;
  const inputs = feeds.map((feed, i) => ({ name: declaration.inputs[i]!.name?.text ?? "input", ...feed }));
  const outputs = [...ends].flatMap(([name, end]) =>
    end === "broken" ? [] : [{ name: name || "output", tensor: end.ref, type: end.type }],
  );
  return { model: declaration.name.text, inputs, outputs, layers: build.layers };
}

/** The input field that feeds each input: a sole input takes the sole field, otherwise they go by name. Undefined after a report. */
export function bindInputs(
  model: DeclaredValue,
  names: readonly string[],
  context: Context,
): readonly string[] | undefined {
  const { declaration } = model;
  if (declaration.inputs.length === 1 && names.length === 1) return names;
  const bound: string[] = [];
  let sound = true;
  for (const port of declaration.inputs) {
    const name = port.name?.text;
    if (name !== undefined && names.includes(name)) bound.push(name);
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
