/** Programs from texts in memory, with the repository's own standard library. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { bindInputs, elaborate } from "../../src/check/elaborate.ts";
import { evaluate, fileScope } from "../../src/check/evaluate.ts";
import type { Network } from "../../src/check/network.ts";
import type { Value } from "../../src/check/value.ts";
import { createReporter, type Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../src/diagnostics/render-terminal.ts";
import type { Host } from "../../src/modules/host.ts";
import { loadProgram } from "../../src/modules/load.ts";
import type { ParameterType } from "../../src/ops/signature.ts";
import type { LetStatement } from "../../src/syntax/ast.ts";
import type { Dim } from "../../src/types/tensor.ts";

const std = join(import.meta.dirname, "../../std");

export function hostOf(files: Readonly<Record<string, string>>): Host {
  return {
    read: (path) => files[path],
    resolve: (from, relative) => posix.normalize(posix.join(posix.dirname(from), relative)),
    standard: (module) =>
      readdirSync(std).includes(`${module}.dl`) ? readFileSync(join(std, `${module}.dl`), "utf8") : undefined,
    standardModules: readdirSync(std).map((name) => name.replace(/\.dl$/, "")),
  };
}

export function render(diagnostics: readonly Diagnostic[]): string {
  return renderDiagnostics(diagnostics, { colour: false, unicode: false, width: 100 }).trimEnd();
}

/** Loads `main.dl`; fails with the diagnostics where there is no program. */
export function load(files: Readonly<Record<string, string>> | string) {
  const host = hostOf(typeof files === "string" ? { "main.dl": files } : files);
  const reporter = createReporter();
  const program = loadProgram("main.dl", host, reporter);
  return { program, context: { host, reporter }, errors: () => render(reporter.diagnostics) };
}

/** The value of the last `let` of a file, and what was reported. */
export function lastValue(text: string, expected?: ParameterType) {
  const { program, context, errors } = load(text);
  if (!program) throw new Error(errors());
  const last = program.main.file.declarations.findLast((each): each is LetStatement => each.kind === "let")!;
  const scope = fileScope(program.main, context);
  const value: Value | undefined = expected
    ? evaluate(last.value, scope, context, expected)
    : scope.lookup(last.name.text);
  return { value, context, errors };
}

/** The network of a model or block call, as `let net = ...` at the end of the file names it. All its outputs have the shape `output`. */
export function networkOf(
  text: string,
  inputs: Readonly<Record<string, readonly number[]>>,
  output?: readonly number[],
): { network: Network | undefined; errors: string } {
  const { value, context, errors } = lastValue(text);
  if (value?.kind !== "declared") return { network: undefined, errors: errors() };
  const type = (shape: readonly number[]) => ({ dtype: "f32" as const, shape: ["N", ...shape] as Dim[] });
  const bound = bindInputs(value, Object.keys(inputs), context);
  const feeds = bound?.map((field) => ({ field, type: type(inputs[field]!) }));
  const { declaration } = value;
  const outputs = declaration.outputs.map((port) => port.name?.text ?? "output");
  const wanted = output ? outputs.map((name) => [name, type(output)] as const) : [];
  const network = feeds && elaborate(value, feeds, new Map(wanted), context);
  return { network, errors: errors() };
}
