/** Models, blocks, losses and metrics that nothing has used: they have no sizes, but the names in them can be checked. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import { operatorOf } from "../ops/registry.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { TypeExpr } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Dim, TensorType } from "../types/tensor.ts";
import type { Build, Tensor } from "./build.ts";
import type { Context } from "./context.ts";
import { evaluate, fileScope, nest } from "./evaluate.ts";
import { expand } from "./instantiate.ts";
import { declaredType } from "./parameters.ts";
import { numberValue } from "./quantity.ts";
import type { Scope } from "./scope.ts";
import { isDimensionName } from "./signature.ts";
import type { DeclaredValue, Value } from "./value.ts";

/** Expands it on sizes that are made up, and reports only what does not hang on them: codes of names, DL20xx. */
export function checkNames(declared: DeclaredValue, context: Context): void {
  const { declaration, module } = declared;
  const reporter: Reporter = {
    diagnostics: context.reporter.diagnostics,
    report(kind, ...rest) {
      if (kind.code.startsWith("DL20")) context.reporter.report(kind, ...rest);
    },
  };
  const silent = { ...context, reporter, trace: undefined, expanded: undefined };
  const file = fileScope(module, silent);
  const values = new Map<string, Value | undefined>();
  const given = new Map<string, Value>();
  for (const parameter of declaration.parameters) {
    const type = declaredType(declaration, parameter);
    const value = parameter.default
      ? evaluate(parameter.default, nest(file, values), silent, type)
      : madeUp(type, declared.span);
    if (!value) return;
    values.set(parameter.name.text, value);
    if (!parameter.default) given.set(parameter.name.text, value);
  }
  const scope = nest(file, values);
  const inputs = declaration.inputs.map((port) => tensorOf(port.type, scope, silent));
  if (inputs.some((each) => !each)) return;
  const wanted = new Map<string, TensorType>();
  // What is wrong with a size that is computed is told where the output is checked.
  const nobody: Context = { ...silent, reporter: { diagnostics: [], report() {} } };
  for (const { name, type } of declaration.outputs) {
    const output = tensorOf(type, scope, nobody);
    if (output) wanted.set(name?.text ?? "output", output.type);
  }
  const isFormula = declaration.what === "loss" || declaration.what === "metric";
  const build: Build = {
    context: silent,
    layers: [],
    what: isFormula ? "formula" : "network",
    paths: new Map(),
    expanded: 0,
    stopped: false,
  };
  const operands = inputs.map((input, i) => ({
    tensor: { ...input!, ref: -1 - i, span: declaration.inputs[i]!.span },
    expr: undefined,
  }));
  expand({ ...declared, arguments: given }, operands, wanted, "", undefined, build);
}

/** Undefined for what cannot be guessed. */
function madeUp(type: ParameterType, span: Span): Value | undefined {
  switch (type.kind) {
    case "int":
      return numberValue(8, true, undefined, span);
    case "real":
      return numberValue(0.5, false, undefined, span);
    case "bool":
      return { kind: "bool", value: true, span };
    case "string":
      return { kind: "string", value: "", span };
    case "operator":
      return { kind: "operator", signature: operatorOf("layer", "relu"), arguments: new Map(), span };
    case "list": {
      const item = madeUp(type.of, span);
      return item && { kind: "list", items: [item, item], span };
    }
    default:
      return undefined;
  }
}

const sides: ReadonlySet<string> = new Set(["D", "H", "W", "L"]);

function tensorOf(
  { name, lists }: TypeExpr,
  scope: Scope,
  context: Context,
): Pick<Tensor, "type" | "field"> | undefined {
  const isClass = name.text === "class";
  const shape: Dim[] = isClass ? ["N"] : [];
  for (const expr of (isClass ? lists.slice(1) : lists).flat()) {
    if (expr.kind === "name" && isDimensionName(expr.name.text)) {
      const { text } = expr.name;
      shape.push(text === "N" ? "N" : sides.has(text) ? 64 : 8);
      continue;
    }
    const value = evaluate(expr, scope, context, { kind: "int" });
    if (value?.kind !== "number") return undefined;
    shape.push(value.value);
  }
  if (!isClass) return { type: { dtype: name.text as TensorType["dtype"], shape } };
  return { type: { dtype: "i32", shape }, field: { kind: "class", count: 8, shape: shape.slice(1) } };
}
