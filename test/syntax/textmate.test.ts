/** The TextMate grammar, run as editors run it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { diskHost } from "../../src/cli/host.ts";
import { analyse } from "../../src/lsp/analysis.ts";
import { tokens, type tokenTypes } from "../../src/lsp/tokens.ts";
import { tokenize } from "../../src/syntax/tokens.ts";
import { positionAt, textOf } from "../../src/text/source.ts";
import { examples, shipped } from "../format/corpus.ts";

const root = join(import.meta.dirname, "..", "..");
let grammar: textmate.IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  const { buffer, byteOffset, byteLength } = readFileSync(wasm);
  await oniguruma.loadWASM(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    async loadGrammar() {
      const path = join(root, "grammar/dlc.tmLanguage.json");
      return textmate.parseRawGrammar(readFileSync(path, "utf8"), path);
    },
  });
  grammar = (await registry.loadGrammar("source.dlc"))!;
});

/** Text and innermost scope of what stands on each line; what has no scope of its own is left out. */
function scopes(text: string): [string, string][] {
  let stack = textmate.INITIAL;
  return text.split("\n").flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.flatMap(({ startIndex, endIndex, scopes: all }): [string, string][] =>
      all.length > 1 ? [[line.slice(startIndex, endIndex), all[all.length - 1]!]] : [],
    );
  });
}

/** Innermost scope of what stands in a line (from 1) at a column (from 0). */
function scopeAt(text: string, line: number, column: number): string | undefined {
  if (lineScopes?.text !== text) {
    let stack = textmate.INITIAL;
    const lines = text.split("\n").map((each) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(each, stack);
      stack = ruleStack;
      return tokens;
    });
    lineScopes = { text, lines };
  }
  const all = lineScopes.lines[line - 1]!.find(
    ({ startIndex, endIndex }) => startIndex <= column && column < endIndex,
  )?.scopes;
  return all && all.length > 1 ? all[all.length - 1] : undefined;
}
let lineScopes: { readonly text: string; readonly lines: readonly textmate.IToken[][] } | undefined;

test.each([
  ["edition 2026", "edition", "keyword.other.edition.dlc"],
  ["edition 2026", "2026", "constant.numeric.dlc"],
  ["//! of the file", "//! of the file", "comment.line.documentation.file.dlc"],
  ["/// of what follows", "/// of what follows", "comment.line.documentation.dlc"],
  ["relu // why", "// why", "comment.line.double-slash.dlc"],
  ['source = idx("../data")', '"../data"', "string.quoted.double.dlc"],
  ['source = idx("../data)', '"../data)', "invalid.illegal.unclosed-string.dlc"],
  ["model vgg(widths: int[S]) : f32[N, K] {", "model", "storage.type.declaration.dlc"],
  ["model vgg(widths: int[S]) : f32[N, K] {", "vgg", "entity.name.type.dlc"],
  ["model vgg(widths: int[S]) : f32[N, K] {", "widths", "variable.parameter.dlc"],
  ["model vgg(widths: int[S]) : f32[N, K] {", "int", "support.type.dlc"],
  ["model vgg(widths: int[S]) : f32[N, K] {", "f32", "support.type.dlc"],
  ["let rates = [1]", "let", "storage.type.let.dlc"],
  ["let rates = [1]", "rates", "variable.other.constant.dlc"],
  ["  data = low", "data", "variable.other.dlc"],
  ["  recipe = quick", "recipe", "variable.other.dlc"],
  ["  model = net(3)", "net", "entity.name.function.dlc"],
  ["  input image : u8[28, 28] = source.image", "input", "storage.modifier.role.dlc"],
  ["  input image : u8[28, 28] = source.image", "image", "variable.other.field.dlc"],
  ["  group c1 { conv(3) }", "group", "keyword.control.dlc"],
  ["  prepare image { resize(64 px) }", "prepare", "keyword.other.section.dlc"],
  ["  prepare image { resize(64 px) }", "64", "constant.numeric.dlc"],
  ["  prepare image { resize(64 px) }", "px", "keyword.other.unit.dlc"],
  ["  flip(horizontal: 50%)", "%", "keyword.other.unit.dlc"],
  ["  rotate(0 deg .. 360 deg)", "deg", "keyword.other.unit.dlc"],
  ["  length = 12 epochs", "epochs", "keyword.other.unit.dlc"],
  ["  optimizer = adam(lr: 5e-4)", "5e-4", "constant.numeric.dlc"],
  ["  optimizer = adam(lr: 5e-4)", "lr", "variable.parameter.dlc"],
  ["  for c in widths {", "for", "keyword.control.dlc"],
  ["  for c in widths {", "in", "keyword.operator.word.dlc"],
  ["  vary model over { a: b }", "vary", "keyword.control.dlc"],
  ["  vary model over { a: b }", "over", "keyword.operator.word.dlc"],
  ["  repeat seed over 1 .. 8", "..", "keyword.operator.dlc"],
  ["  split = stratified(by: label)", "by", "variable.parameter.dlc"],
  ["  conv(64, bias: false)", "false", "constant.language.dlc"],
  ["  it * gate", "it", "constant.language.dlc"],
  ["  where(y > 0, y, 0)", "where", "entity.name.function.dlc"],
  ["  init = from(base)", "from", "entity.name.function.dlc"],
  ["  input x : f32 = source.x where (source.y > 0)", "where", "keyword.operator.word.dlc"],
])("%s: %s is %s", (line, text, scope) => {
  expect(scopes(line)).toContainEqual([text, scope]);
});

const programs = [...shipped, ...examples];

test.each(programs)(
  "$path: comments, strings, numbers and signs are what the lexer takes them for",
  (source) => {
    const coloured = scopes(source.text);
    const of = (prefix: string) =>
      coloured.filter(([, scope]) => scope.startsWith(prefix)).map(([text]) => text);
    const lexed = (...names: string[]) =>
      tokenize(source)
        .filter(({ tokenType }) => names.includes(tokenType.name))
        .map(({ image }) => image);
    expect(of("comment")).toEqual(lexed("FileDoc", "Doc", "Comment"));
    expect(of("string")).toEqual(lexed("Text"));
    expect(of("constant.numeric")).toEqual(lexed("Numeral"));
    expect(of("invalid")).toEqual([]);
    const declared = [...source.text.matchAll(/^(?:data|model|block|loss|metric|recipe|experiment) (\w+)/gm)];
    expect(of("entity.name.type")).toEqual(declared.map((match) => match[1]));
  },
);

/** What the grammar, which knows no meanings, may call a name of each kind; where it calls it nothing, nothing is wrong. */
const compatible: Readonly<Record<(typeof tokenTypes)[number], readonly string[]>> = {
  namespace: ["entity.name.type", "entity.name.function", "variable.other", "support"],
  type: ["support.type", "entity.name"],
  class: ["entity.name", "variable.other"],
  function: ["entity.name.function", "variable.other"],
  parameter: ["variable.parameter", "variable.other", "entity.name.function"],
  typeParameter: ["variable.other"],
  // `step` may be a name, and then only its meaning tells.
  variable: ["variable", "entity.name", "constant.language", "keyword.operator.word"],
  property: ["variable", "entity.name", "support"],
  enumMember: ["variable", "entity.name", "constant.language", "keyword.operator.word"],
  keyword: ["storage", "keyword", "variable", "constant.language"],
  number: ["keyword.other.unit"],
};

test.each(programs)("$path: names are not taken for what they do not mean", ({ path, text }) => {
  const wrong = tokens(analyse(path, diskHost)).flatMap(({ span, type }) => {
    const at = positionAt(span.file, span.start);
    const scope = scopeAt(text, at.line, at.column - 1);
    const fits = scope === undefined || compatible[type].some((each) => scope.startsWith(each));
    return fits ? [] : [`${at.line}: ${textOf(span)}, a ${type}, is ${scope}`];
  });
  expect(wrong).toEqual([]);
});
