/** The TextMate grammar, run as editors run it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { tokenize } from "../../src/syntax/tokens.ts";

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
])("%s: %s is %s", (line, text, scope) => {
  expect(scopes(line)).toContainEqual([text, scope]);
});

test.each(["std/vision.dl", "specs/galaxy-zoo.dl", "specs/first-study.dl", "specs/euclid.dl"])(
  "%s: comments, strings, numbers and signs are what the lexer takes them for",
  (path) => {
    const source = { path, text: readFileSync(join(root, path), "utf8") };
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
    const declared = [...source.text.matchAll(/^(?:data|model|block|recipe|experiment) (\w+)/gm)];
    expect(of("entity.name.type")).toEqual(declared.map((match) => match[1]));
  },
);
