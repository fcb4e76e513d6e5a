/** Reads a file and all that it imports. */
import type { Fix, Reporter } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type {
  Declaration,
  File,
  ImportDecl,
  LetStatement,
  MemberExpr,
  Name,
  NamedDecl,
} from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { parse } from "../syntax/parse.ts";
import type { SourceFile, Span } from "../text/source.ts";
import type { Host } from "./host.ts";
import type { ParseFile } from "./keep-parsed.ts";
import {
  declaredTwice,
  importCycle,
  unknownEdition,
  unknownImport,
  unknownModule,
  unreadableFile,
} from "./messages.ts";
import { isStandardFile, type Module, type Program, standardFile } from "./program.ts";

/** Those that this version of dlc reads. */
export const editions = ["2026"];

/**
 * The file at `path` with every module that it needs, the standard library's included. Undefined where a file or an imported name
 * is missing or files import one another in a loop, which has been reported; mistakes in the syntax alone give a program.
 */
export function loadProgram(
  path: string,
  host: Host,
  reporter: Reporter,
  parseFile?: ParseFile,
): Program | undefined {
  const { program, sound } = readProgram(path, host, reporter, parseFile);
  return sound ? program : undefined;
}

/**
 * As `loadProgram`, and what could be read where the program is not sound: an editor goes on with that. A file that cannot be read
 * is an empty one. `parseFile` may keep what it has parsed before.
 */
export function readProgram(
  path: string,
  host: Host,
  reporter: Reporter,
  parseFile: ParseFile = parse,
): { readonly program: Program; readonly sound: boolean } {
  const modules = new Map<string, Module | undefined>();
  const pending: { readonly path: string; readonly at: Span | undefined }[] = [];
  let sound = true;

  function fail(report: () => void): undefined {
    report();
    sound = false;
    return undefined;
  }

  /** `at` is the place that asks for it. */
  function load(path: string, text: string, at: Span | undefined): Module | undefined {
    if (modules.has(path)) return modules.get(path);
    const from = pending.findIndex((each) => each.path === path);
    if (from >= 0) return fail(() => reportCycle([...pending.slice(from), { path, at }], reporter));
    pending.push({ path, at });
    const source: SourceFile = { path, text };
    const file = parseFile(source, reporter, isStandardFile(path));
    checkFile(file, reporter);
    const imports = new Map<string, { module: Module; declaration: NamedDecl | LetStatement }>();
    for (const declaration of file.declarations) {
      if (declaration.kind !== "import") continue;
      const module = loadImported(declaration, path);
      if (!module) continue;
      for (const name of declaration.names) {
        const found = exportsOf(module).find((each) => each.name.text === name.text);
        if (found) imports.set(name.text, { module, declaration: found });
        else fail(() => reportUnknownImport(name, declaration, module, reporter));
      }
    }
    const standard = new Map<string, Module>();
    // Looking for paths reads all of a file.
    for (const name of mentionsStandard.test(text) ? standardPaths(file) : []) {
      const text = host.standard(name.text);
      const module = text === undefined ? undefined : load(standardFile(name.text), text, name.span);
      if (module) standard.set(name.text, module);
    }
    pending.pop();
    const module: Module = { file, imports, standard };
    modules.set(path, module);
    return module;
  }

  function loadImported(declaration: ImportDecl, from: string): Module | undefined {
    const { text, span } = declaration.module;
    // Without names the form is mistaken, which has been reported: `import std.vision.residual`.
    if (declaration.names.length === 0) return fail(() => undefined);
    if (declaration.relative) {
      const path = host.resolve(from, text);
      const content = host.read(path);
      if (content !== undefined) return load(path, content, span);
      return fail(() => reporter.report(unreadableFile, { path }, span, { text: `imported by ${from}` }));
    }
    const name = text.startsWith("std.") ? text.slice("std.".length) : undefined;
    const content = name === undefined ? undefined : host.standard(name);
    if (name !== undefined && content !== undefined) return load(standardFile(name), content, span);
    return fail(() => reportUnknownModule(text, span, host, reporter));
  }

  const text = host.read(path);
  if (text === undefined) {
    const source: SourceFile = { path, text: "" };
    fail(() => reporter.report(unreadableFile, { path }, { file: source, start: 0, end: 0 }));
  }
  // Nothing is pending, so the file itself closes no loop.
  const main = load(path, text ?? "", undefined)!;
  return {
    program: { main, modules: [...modules.values()].filter((module) => module !== undefined) },
    sound,
  };
}

type Exported = Exclude<Declaration, ImportDecl>;

function exportsOf(module: Module): readonly Exported[] {
  return module.file.declarations.filter((each): each is Exported => each.kind !== "import");
}

function checkFile(file: File, reporter: Reporter): void {
  const { edition } = file;
  if (edition && !editions.includes(edition.text)) {
    const known = editions[editions.length - 1]!;
    reporter.report(unknownEdition, { edition: edition.text }, edition.span, {
      hint: `write \`edition ${known}\`, or bring dlc up to date`,
    });
  }
  const names = new Map<string, Span>();
  for (const declaration of file.declarations) {
    for (const name of declaration.kind === "import" ? declaration.names : [declaration.name]) {
      const before = names.get(name.text);
      if (!before) names.set(name.text, name.span);
      else
        reporter.report(declaredTwice, { name: name.text }, name.span, {
          text: "again here",
          labels: [{ span: before, text: "first here" }],
          hint: "give one of them another name",
        });
    }
  }
}

/** A path such as `std.recipes.quick`, outside comments and imports. */
const mentionsStandard = /^(?!\s*(?:\/\/|import\b)).*\bstd\b/m;

/** The module names of paths such as `std.recipes.quick`. */
function standardPaths(node: object, found: Name[] = []): readonly Name[] {
  const { kind, object, name } = node as Partial<MemberExpr>;
  if (kind === "member" && name && object?.kind === "name" && object.name.text === "std") found.push(name);
  else for (const child of childrenOf(node)) standardPaths(child, found);
  return found;
}

function reportUnknownImport(name: Name, from: ImportDecl, module: Module, reporter: Reporter): void {
  const names = exportsOf(module).map((each) => each.name.text);
  const where = from.relative ? from.module.text : `\`${from.module.text}\``;
  const meant = suggest(name.text, names);
  reporter.report(unknownImport, { name: name.text, module: where }, name.span, {
    text: meant ? `did you mean \`${meant}\`?` : "not declared there",
    hint: meant || names.length === 0 ? undefined : `it has ${names.map((each) => `\`${each}\``).join(", ")}`,
    fixes: fixesFor(meant, name.span),
  });
}

function reportUnknownModule(module: string, span: Span, host: Host, reporter: Reporter): void {
  const names = host.standardModules.map((name) => `std.${name}`);
  const meant = suggest(module, names) ?? names.find((name) => name === `std.${module}`);
  reporter.report(unknownModule, { module }, span, {
    text: meant ? `did you mean \`${meant}\`?` : "not known",
    hint: meant
      ? undefined
      : `the standard library has ${names.map((each) => `\`${each}\``).join(", ")}; a file of your own is imported by its path in quotes`,
    fixes: fixesFor(meant, span),
  });
}

const fixesFor = (meant: string | undefined, span: Span): readonly Fix[] =>
  meant === undefined
    ? []
    : [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }];

function reportCycle(
  loop: readonly { readonly path: string; readonly at: Span | undefined }[],
  reporter: Reporter,
): void {
  const last = loop[loop.length - 1]!;
  reporter.report(importCycle, { loop: loop.map((each) => each.path) }, last.at!, {
    text: `closes the loop to ${last.path}`,
    labels: loop
      .slice(1, -1)
      .flatMap(({ path, at }) => (at ? [{ span: at, text: `${path} is imported here` }] : [])),
    hint: "move what both need into a file of its own",
  });
}
