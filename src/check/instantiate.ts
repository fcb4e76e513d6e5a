/** One use of a model or block: parameters bound, inputs matched, body expanded, output checked. */
import type { Label } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { Family, ParameterType } from "../ops/signature.ts";
import type { NamedDecl, ParameterDecl } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import type { Dim, TensorType } from "../types/tensor.ts";
import { showType } from "../types/tensor.ts";
import type { Operand } from "./apply-layer.ts";
import { expandBody, type Outputs } from "./body.ts";
import {
  type Broken,
  type Build,
  type Current,
  claimPath,
  type Frame,
  type Instance,
  reportIn,
  type Tensor,
} from "./build.ts";
import { checkOrder } from "./channels.ts";
import type { Context } from "./context.ts";
import { describeType, describeValue, listWords } from "./describe.ts";
import { type Environment, environment } from "./environment.ts";
import { evaluate, fileScope, nest, rangeItems } from "./evaluate.ts";
import { missingArgument, unknownType, wrongType } from "./messages.ts";
import { declaredType, parameterType, parameterTypeNames } from "./parameters.ts";
import { numberValue } from "./quantity.ts";
import type { Scope } from "./scope.ts";
import {
  layerDoesNotFit,
  missingOutput,
  reachesItself,
  unknownDimension,
  wrongNumberOfInputs,
} from "./shape-messages.ts";
import { checkOutput, isDimensionName, matchInputs, readPattern, type TypePattern } from "./signature.ts";
import { inFamily, toJson } from "./to-json.ts";
import type { DeclaredValue, Value } from "./value.ts";

/** A block or model as a layer: one output, which replaces the current tensor. */
export function instantiate(
  declared: DeclaredValue,
  operands: readonly Operand[],
  frame: Frame,
): Tensor | Broken {
  const { build, prefix } = frame;
  const { declaration } = declared;
  if (!comesToAnEnd(declared, frame.instance, build)) return "broken";
  const path = claimPath(prefix, declaration.name.text, build);
  const ends = expand(declared, operands, new Map(), path, frame.instance, build);
  if (!ends) return "broken";
  const [end, ...more] = [...ends.values()];
  if (more.length > 0 || end === undefined) {
    const parameters = {
      what: "a layer in a body",
      needed: "a network with one output",
      got: describeValue(declared),
    };
    reportIn(frame.instance, build, wrongType, parameters, declared.span);
    return "broken";
  }
  return end === "broken" ? end : { ...end, span: declared.span };
}

/** Reports a block that reaches itself, with the way it takes. */
function comesToAnEnd(declared: DeclaredValue, outer: Instance, build: Build): boolean {
  const loop: string[] = [declared.declaration.name.text];
  for (let at: Instance | undefined = outer; at; at = at.outer) {
    loop.unshift(at.declared.declaration.name.text);
    if (at.declared.declaration !== declared.declaration) continue;
    reportIn(outer, build, reachesItself, { loop }, declared.span, {
      labels: [{ span: declared.declaration.name.span, text: "declared here" }],
      hint: "repeat with `repeat n { }` or `for x in list { }`; blocks cannot call themselves",
    });
    return false;
  }
  return true;
}

/** What outputs must be, by their names (`output` where there is none), from the targets that they are paired with. */
export type Wanted = ReadonlyMap<string, TensorType>;

/**
 * Expands the body. Dimensions of an output that the body uses as numbers come from what is wanted of it. The ends by the names
 * of the outputs; a sole output may be without one (""). Undefined after a report.
 */
export function expand(
  declared: DeclaredValue,
  operands: readonly Operand[],
  wanted: Wanted,
  prefix: string,
  outer: Instance | undefined,
  build: Build,
): ReadonlyMap<string, Tensor | Broken> | undefined {
  const { declaration, module } = declared;
  const { context } = build;
  context.expanded?.add(declaration);
  checkOrder(declaration, context);
  const parameters = bindParameters(declared, fileScope(module, context), context);
  if (!parameters || !declaration.body) return undefined;
  const dimensions = new Map<string, Dim>();
  const origins = new Map<string, Label>();
  const instance: Instance = { declared, parameters, dimensions, outer };
  const env = environment(fileScope(module, context), false);
  for (const [name, value] of parameters) env.values.set(name, value);
  measureLists(declaration, parameters, dimensions, origins);

  if (!matchPorts(declared, operands, env, origins, instance, build)) return undefined;
  const outputs = declaration.outputs.map((port) => readPattern(port.type, env.scope, instance, build));
  if (outputs.some((pattern) => !pattern)) return undefined;
  const patterns = outputs as readonly TypePattern[];
  if (!takeWanted(declaration, patterns, wanted, instance, build)) return undefined;
  for (const [name, size] of dimensions)
    if (size !== "N") env.values.set(name, numberValue(size, true, undefined, declared.span));

  const inputs = declaration.inputs.map((port, i) => ({
    name: port.name?.text,
    tensor: operands[i]!.tensor,
  }));
  for (const { name, tensor } of inputs) if (name) env.tensors.set(name, tensor);
  const start: Current = inputs.length === 1 ? inputs[0]!.tensor : undefined;
  const set: Outputs = new Map();
  const end = expandBody(declaration.body, env, start, set, { instance, prefix, build });
  if (declaration.what === "loss" || declaration.what === "metric")
    return collectResult(declaration, end, instance, build);
  return collectOutputs(declaration, patterns, end, set, instance, build);
}

function bindParameters(
  declared: DeclaredValue,
  file: Scope,
  context: Context,
): ReadonlyMap<string, Value> | undefined {
  const { declaration } = declared;
  const owner = declaration.name.text;
  const bound = new Map<string, Value>();
  const scope = nest(file, bound);
  const missing: string[] = [];
  let sound = true;
  for (const parameter of declaration.parameters) {
    const name = parameter.name.text;
    if (!knownType(parameter, context)) {
      sound = false;
      continue;
    }
    const type = declaredType(declaration, parameter);
    const given = declared.arguments.get(name);
    const value = given ?? (parameter.default && evaluate(parameter.default, scope, context, type));
    if (!value) {
      sound = false;
      if (!parameter.default) missing.push(name);
      continue;
    }
    const written = given && parameter.default;
    if (written && (written.kind === "string" || written.kind === "number")) {
      const otherwise = evaluate(written, scope, context, type);
      // A default that nothing uses yet is a mistake too.
      if (!otherwise || !fitValue(otherwise, type, context, `\`${name}\` of \`${owner}\``)) sound = false;
    }
    const fitting = fitValue(value, type, context, `\`${name}\` of \`${owner}\``);
    if (fitting) bound.set(name, fitting);
    else sound = false;
  }
  if (missing.length > 0)
    context.reporter.report(missingArgument, { owner, names: missing }, declared.span, {
      labels: [{ span: declaration.name.span, text: "declared here" }],
      hint: untypedTensors(declaration, missing)
        ? `write what its tensors are: \`${declaration.what} ${owner}(y: f32[N, K], t: class[K])\``
        : `give ${listWords(
            missing.map((name) => `\`${name}: ...\``),
            "and",
          )}`,
    });
  return sound ? bound : undefined;
}

/** `loss own(y, t)`: what has no type is no tensor. */
const untypedTensors = ({ what, inputs, parameters }: NamedDecl, missing: readonly string[]): boolean =>
  (what === "loss" || what === "metric") &&
  inputs.length === 0 &&
  parameters.some(({ name, type }) => !type && missing.includes(name.text));

function knownType(parameter: ParameterDecl, context: Context): boolean {
  if (!parameter.type || parameterType(parameter.type)) return true;
  const { text, span } = parameter.type.name;
  const meant = suggest(text, parameterTypeNames);
  context.reporter.report(unknownType, { name: text }, span, {
    text: meant ? `did you mean \`${meant}\`?` : "",
    hint: meant ? undefined : `parameters are ${listWords(parameterTypeNames)}, or lists such as \`int[S]\``,
    fixes: meant ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }] : [],
  });
  return false;
}

/** The value as the body sees it: a range where a list is needed becomes one. Undefined after a report. */
function fitValue(value: Value, type: ParameterType, context: Context, what: string): Value | undefined {
  if (type.kind === "operator") return fitLayer(value, type.family, context, what);
  if (type.kind === "list") {
    const items =
      value.kind === "list" ? value.items : value.kind === "range" ? rangeItems(value) : undefined;
    if (items) {
      const fitting = items.map((item) => fitValue(item, type.of, context, `an element of ${what}`));
      return fitting.some((item) => !item)
        ? undefined
        : { kind: "list", items: fitting as Value[], span: value.span };
    }
  }
  if (type.kind === "any") return value;
  return toJson(value, type, context, what) === undefined ? undefined : value;
}

function fitLayer(value: Value, family: Family, context: Context, what: string): Value | undefined {
  if (value.kind === "declared") return value;
  const layer = value.kind === "operator" ? inFamily(value, family) : undefined;
  if (layer) return layer;
  if (value.kind === "operator" || value.kind === "word")
    toJson(value, { kind: "operator", family }, context, what);
  else {
    const parameters = {
      what,
      needed: describeType({ kind: "operator", family }),
      got: describeValue(value),
    };
    context.reporter.report(wrongType, parameters, value.span);
  }
  return undefined;
}

/** `widths: int[S]` makes S the length of the list. */
function measureLists(
  declaration: NamedDecl,
  parameters: ReadonlyMap<string, Value>,
  dimensions: Map<string, Dim>,
  origins: Map<string, Label>,
): void {
  for (const { name, type } of declaration.parameters) {
    const length = type?.lists[0]?.[0];
    const value = parameters.get(name.text);
    if (length?.kind !== "name" || value?.kind !== "list" || dimensions.has(length.name.text)) continue;
    dimensions.set(length.name.text, value.items.length);
    const text = `\`${length.name.text}\` is ${value.items.length}, the length of \`${name.text}\``;
    origins.set(length.name.text, { span: value.span, text });
  }
}

function matchPorts(
  declared: DeclaredValue,
  operands: readonly Operand[],
  env: Environment,
  origins: Map<string, Label>,
  instance: Instance,
  build: Build,
): boolean {
  const { declaration } = declared;
  const name = declaration.name.text;
  const ports = declaration.inputs;
  if (ports.length !== operands.length) {
    const takes = ports.length === 1 ? "one tensor" : `${ports.length} tensors`;
    reportIn(
      instance.outer ?? instance,
      build,
      wrongNumberOfInputs,
      { name, takes, got: operands.length },
      declared.span,
      {
        labels: [{ span: declaration.name.span, text: "declared here" }],
      },
    );
    return false;
  }
  const patterns = ports.map((port) => readPattern(port.type, env.scope, instance, build));
  if (patterns.some((pattern) => !pattern)) return false;
  const inputs = ports.map((port, i) => {
    const { type, span } = operands[i]!.tensor;
    const from = instance.outer ? span : undefined;
    return { port, pattern: patterns[i]!, type, classes: classesOf(operands[i]!.tensor), from };
  });
  return matchInputs(name, inputs, instance.dimensions, origins, declared.span, instance, build);
}

/** Dimensions that occur only in the output and that the body uses as numbers: `dense(K)`. */
function takeWanted(
  declaration: NamedDecl,
  patterns: readonly TypePattern[],
  wanted: Wanted,
  instance: Instance,
  build: Build,
): boolean {
  for (const [i, pattern] of patterns.entries()) {
    const needed = wanted.get(declaration.outputs[i]!.name?.text ?? "output");
    for (const [axis, dimension] of pattern.dimensions.entries()) {
      if (dimension.kind !== "name" || dimension.name === "N" || instance.dimensions.has(dimension.name))
        continue;
      if (!namesIn(declaration.body!).has(dimension.name)) continue;
      const size = needed?.shape.length === pattern.dimensions.length ? needed.shape[axis] : undefined;
      if (typeof size === "number") {
        instance.dimensions.set(dimension.name, size);
        continue;
      }
      const { name } = dimension;
      reportIn(instance, build, unknownDimension, { name }, pattern.span, {
        hint: instance.outer
          ? `make \`${name}\` a parameter of the block: \`${declaration.name.text}(${name.toLowerCase()}: int)\``
          : `write the number, or pair the network with a target that gives it: \`class[10]\` makes \`${name}\` 10`,
      });
      return false;
    }
  }
  return true;
}

const classesOf = ({ field }: Tensor): number | undefined =>
  field?.kind === "class" ? field.count : undefined;

/** The end of a loss is one number, or one for each example; that of a metric is one number. */
function collectResult(
  declaration: NamedDecl,
  end: Current,
  instance: Instance,
  build: Build,
): ReadonlyMap<string, Tensor | Broken> | undefined {
  if (end === "broken") return undefined;
  const { what, name } = declaration;
  const shape = end?.type.shape;
  if (shape?.length === 0 || (shape?.join() === "N" && (what === "loss" || instance.outer)))
    return new Map([["", end!]]);
  const ends = end ? `ends as ${showType(end.type)}` : "computes nothing";
  const needed =
    what === "loss" ? "a number for each example, f32[N], or one for the batch" : "one number for the split";
  reportIn(
    instance,
    build,
    layerDoesNotFit,
    { problem: `\`${name.text}\` ${ends}; a ${what} gives ${needed}` },
    end?.span ?? name.span,
    {
      hint:
        end && "take the mean: `mean(..., axis: -1)` over the elements of an example, `mean(...)` over all",
    },
  );
  return undefined;
}

const namesOfBodies = new WeakMap<object, ReadonlySet<string>>();

/** The dimensions that a body names; a block may be used many times. */
function namesIn(node: object): ReadonlySet<string> {
  const known = namesOfBodies.get(node);
  if (known) return known;
  const names = new Set<string>();
  namesOfBodies.set(node, names);
  const collect = (each: object): void => {
    if ("kind" in each && each.kind === "name") {
      const { text } = (each as unknown as { name: { text: string } }).name;
      if (isDimensionName(text)) names.add(text);
    }
    for (const child of childrenOf(each)) collect(child);
  };
  collect(node);
  return names;
}

function collectOutputs(
  declaration: NamedDecl,
  patterns: readonly TypePattern[],
  end: Current,
  set: Outputs,
  instance: Instance,
  build: Build,
): ReadonlyMap<string, Tensor | Broken> | undefined {
  const ends = new Map<string, Tensor | Broken>();
  for (const [index, port] of declaration.outputs.entries()) {
    const name = port.name?.text ?? "";
    const tensor = set.get(name) ?? (declaration.outputs.length === 1 ? end : undefined);
    if (tensor === undefined) {
      const { span } = port.name ?? port;
      const parameters = { model: declaration.name.text, name: name || "output" };
      reportIn(instance, build, missingOutput, parameters, span, { hint: `write \`out ${name} = ...\`` });
      return undefined;
    }
    if (tensor === "broken") return undefined;
    if (!checkOutput(declaration.name.text, patterns[index]!, tensor, instance.dimensions, instance, build))
      return undefined;
    ends.set(name, tensor);
  }
  return ends;
}
