/** `--set galaxies.source.path=../data`: values of the command line in place of those in the file. */

import type { Context } from "../check/context.ts";
import { evaluate } from "../check/evaluate.ts";
import { fileScope, isNamed } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import { createReporter, type Details } from "../diagnostics/diagnostic.ts";
import type { Module, Program } from "../modules/program.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { Expr, LetStatement, Name, NamedDecl } from "../syntax/ast.ts";
import { parseExpression } from "../syntax/parse-expression.ts";
import type { SourceFile, Span } from "../text/source.ts";
import type { Override } from "./context.ts";
import { cannotSet } from "./diagnostics.ts";
import { pathSpan } from "./members.ts";
import { suggestion } from "./suggestion.ts";

export interface SetOption {
  readonly path: string;
  readonly text: string;
}

export interface Applied {
  /** With `let`s replaced. */
  readonly program: Program;
  readonly overrides: ReadonlyMap<NamedDecl, readonly Override[]>;
}

/** Undefined after a report. */
export function applySets(
  program: Program,
  sets: readonly SetOption[],
  context: Context,
): Applied | undefined {
  const { file } = program.main;
  const overrides = new Map<NamedDecl, Override[]>();
  const lets = new Map<LetStatement, Expr>();
  let sound = true;
  const written: {
    readonly declaration: NamedDecl;
    readonly path: readonly Name[];
    readonly source: SourceFile;
  }[] = [];
  for (const { path, text } of sets) {
    const source: SourceFile = { path: "--set", text: `${path}=${text}` };
    const names = namesOf(path, source);
    const problem = (words: string, details: Details, span = pathSpan(names)): void => {
      sound = false;
      context.reporter.report(cannotSet, { problem: words }, span, details);
    };
    if (names.some((name) => !/^[A-Za-z_]\w*$/.test(name.text))) {
      problem(`\`${path}\` is not a path`, {
        hint: "write words with dots between, as `--set baseline.batch=64`",
      });
      continue;
    }
    const first = names[0]!;
    const declaration = file.declarations.find(
      (each): each is NamedDecl | LetStatement => each.kind !== "import" && each.name.text === first.text,
    );
    if (!declaration) {
      const known = file.declarations.flatMap((each) =>
        each.kind === "let" || (each.kind === "declaration" && settable.includes(each.what))
          ? [each.name.text]
          : [],
      );
      const details = { ...suggestion(first, known), fixes: [] };
      problem(`the file declares no \`${first.text}\``, details, first.span);
    } else if (declaration.kind === "let") {
      const expr =
        names.length === 1 ? parseExpression(source, path.length + 1, context.reporter) : undefined;
      if (names.length > 1) problem(`\`${first.text}\` is a \`let\`: only its whole value can be set`, {});
      else if (expr) lets.set(declaration, expr);
      else sound = false;
    } else if (!settable.includes(declaration.what))
      problem(
        `\`${first.text}\` is a ${declaration.what}: only data, recipes, experiments and \`let\` can be set`,
        { hint: "set the arguments where the experiment uses it, as `--set EXPERIMENT.model.width=16`" },
      );
    else if (names.length === 1)
      problem(`\`${first.text}\` is a whole ${declaration.what}: name a value in it`, {
        hint: `write a path, as \`--set ${first.text}.${examples[declaration.what]}\``,
      });
    else written.push({ declaration, path: names, source });
  }
  if (!sound) return undefined;

  const main: Module =
    lets.size === 0
      ? program.main
      : {
          ...program.main,
          file: {
            ...file,
            declarations: file.declarations.map((each) =>
              each.kind === "let" && lets.has(each) ? { ...each, value: lets.get(each)! } : each,
            ),
          },
        };
  for (const { declaration, path, source } of written) {
    const list = overrides.get(declaration) ?? [];
    // The first word names the declaration; experiments count their paths from the next.
    list.push(makeOverride(declaration.what === "experiment" ? path.slice(1) : path, source, main));
    overrides.set(declaration, list);
  }
  const modules = program.modules.map((module) => (module === program.main ? main : module));
  return { program: { main, modules }, overrides };
}

const settable: readonly string[] = ["data", "recipe", "experiment"];

const examples: Partial<Record<NamedDecl["what"], string>> = {
  data: "source.path=FOLDER",
  recipe: "batch=64",
  experiment: "recipe.batch=64",
};

/** The words of a path, each with its place in the option. */
function namesOf(path: string, file: SourceFile): readonly Name[] {
  let start = 0;
  return path.split(".").map((word) => {
    const span: Span = { file, start, end: start + word.length };
    start = span.end + 1;
    return { text: word.trim(), span };
  });
}

function makeOverride(path: readonly Name[], source: SourceFile, main: Module): Override {
  const from = path[path.length - 1]!.span.end + 1;
  return {
    path,
    by: undefined,
    value: (expected, context) => readValue(source, from, expected, main, context),
    expression(context) {
      const expr = parseExpression(source, from, context.reporter);
      return expr && { expr, scope: fileScope(main, context) };
    },
  };
}

/** A string may stand bare: `--set galaxies.source.path=../data/galaxies`. */
function readValue(
  source: SourceFile,
  from: number,
  expected: ParameterType | undefined,
  main: Module,
  context: Context,
): Value | undefined {
  const scope = fileScope(main, context);
  if (expected?.kind === "path" || expected?.kind === "string") {
    const quiet = parseExpression(source, from, createReporter());
    const isString = quiet?.kind === "string" || (quiet?.kind === "name" && isNamed(scope, quiet.name.text));
    const span: Span = { file: source, start: from, end: source.text.length };
    if (!isString) return { kind: "string", value: source.text.slice(from), span };
  }
  const expr = parseExpression(source, from, context.reporter);
  return expr && evaluate(expr, scope, context, expected);
}
