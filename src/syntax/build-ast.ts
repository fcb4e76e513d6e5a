/** The syntax tree of a file from its lines. Forms that are tolerated are reported here, each with its fix. */
import type { CstNode, IToken } from "chevrotain";
import { suggest } from "../diagnostics/suggest.ts";
import type { Span } from "../text/source.ts";
import type {
  Declaration,
  DeclarationKind,
  File,
  ImportDecl,
  Name,
  NamedDecl,
  ParameterDecl,
  PortDecl,
} from "./ast.ts";
import { buildExpression, buildType, checkCommas } from "./build-expression.ts";
import { buildBody, buildLet } from "./build-statement.ts";
import { classifyDeclaration, classifyEntries } from "./classify.ts";
import { explainError } from "./explain-error.ts";
import { parseLine } from "./grammar.ts";
import type { BlockToken, Line } from "./layout.ts";
import * as messages from "./messages.ts";
import type { Reading } from "./readable.ts";
import * as t from "./tokens.ts";
import { at, type Building, leaf, leaves, nameOf, node, nodes, report, spanOf, spanOfNode } from "./tree.ts";

export function buildFile(
  reading: Reading,
  tokens: readonly IToken[],
  lines: readonly Line[],
  lazily = false,
): File {
  const { source, reporter, flagged } = reading;
  const { file: doc, above } = docs(tokens);
  const b: Building = { source, reporter, flagged, doc: above, quiet: false };
  const declarations: Declaration[] = [];
  let edition: Name | undefined;
  for (const [index, line] of lines.entries()) {
    b.quiet = line.damaged;
    const classified = classifyDeclaration(line.tokens);
    const [word, name] = classified;
    if (lazily && t.declarationWords.has(word!.image) && name?.tokenType === t.Word) {
      declarations.push(deferred(b, classified));
      continue;
    }
    const { tree, errors } = parseLine("declarationLine", classified);
    const what = declarationOf(b, classified[0]!);
    if (errors.length > 0) explainError(b, errors[0]!, classified);
    const span = spanOf(b, classified[0]!, classified[classified.length - 1]!);
    const number = leaf(node(tree, "edition"), "Numeral");
    if (classified[0]!.tokenType === t.keywords.edition) {
      if (index > 0 || edition) report(b, messages.misplacedEdition, {}, span);
      if (number) edition ??= nameOf(b, number, span);
      continue;
    }
    const built = buildDeclaration(b, tree, classified, what, span);
    if (built) declarations.push(built);
  }
  return { source, edition, doc, declarations };
}

/** A declaration of which only the name is read until more of it is asked for: most of the standard library is not used. */
function deferred(building: Building, tokens: IToken[]): NamedDecl {
  const b = { ...building };
  const what = tokens[0]!.image as DeclarationKind;
  const span = spanOf(b, tokens[0]!, tokens[tokens.length - 1]!);
  let built: NamedDecl | undefined;
  const whole = (): NamedDecl => {
    built ??= buildNamed(
      b,
      node(parseLine("declarationLine", tokens).tree, "declaration")!,
      tokens,
      what,
      span,
    );
    return built;
  };
  return {
    kind: "declaration",
    what,
    name: nameOf(b, tokens[1]!, span),
    span,
    get doc() {
      return whole().doc;
    },
    get parameters() {
      return whole().parameters;
    },
    get inputs() {
      return whole().inputs;
    },
    get outputs() {
      return whole().outputs;
    },
    get body() {
      return whole().body;
    },
    get value() {
      return whole().value;
    },
  };
}

function buildDeclaration(
  b: Building,
  tree: CstNode,
  tokens: IToken[],
  what: DeclarationKind | undefined,
  span: Span,
): Declaration | undefined {
  const letTree = node(tree, "letStatement");
  if (letTree) return buildLet(b, letTree, span);
  const importTree = node(tree, "importDeclaration");
  if (importTree) return buildImport(b, importTree, span);
  const declaration = node(tree, "declaration");
  return declaration && what && buildNamed(b, declaration, tokens, what, span);
}

function buildImport(b: Building, tree: CstNode, span: Span): ImportDecl {
  const text = leaf(tree, "Text");
  const path = leaves(node(tree, "path"), "Word");
  const block = leaf(tree, "Block") as BlockToken | undefined;
  const module: Name = text
    ? { text: text.image.replace(/^["']|["']$/g, ""), span: spanOf(b, text) }
    : {
        text: path.map((word) => word.image).join("."),
        span: path.length > 0 ? spanOf(b, path[0]!, path[path.length - 1]!) : at(b, span.end),
      };
  const names: Name[] = [];
  const outer = b.quiet;
  for (const line of block?.block.lines ?? []) {
    const tokens = withoutRenames(b, classifyEntries(line.tokens));
    const parsed = parseLine("nameLine", tokens);
    b.quiet = line.damaged;
    if (parsed.errors.length > 0) explainError(b, parsed.errors[0]!, tokens);
    const words = leaves(parsed.tree, "Word");
    const commas = leaves(parsed.tree, "Comma");
    for (const [i, word] of words.entries()) {
      names.push(nameOf(b, word, span));
      const before = words[i - 1];
      if (
        !before ||
        commas.some((c) => c.startOffset > before.startOffset && c.startOffset < word.startOffset)
      )
        continue;
      report(b, messages.missingComma, { next: `\`${word.image}\`` }, spanOf(b, word), {
        fixes: [
          { title: "insert `,`", edits: [{ span: at(b, before.endOffset! + 1), text: "," }], safety: "safe" },
        ],
      });
    }
  }
  b.quiet = outer;
  return { kind: "import", module, relative: text !== undefined, names, span };
}

/** `small as tiny`, as other languages have it, is reported and read as `small`. */
function withoutRenames(b: Building, tokens: IToken[]): IToken[] {
  const at = tokens.findIndex((token, i) => token.image === "as" && i > 0 && i + 1 < tokens.length);
  if (at < 0) return tokens;
  const [before, as, name] = [tokens[at - 1]!, tokens[at]!, tokens[at + 1]!];
  const parameters = { expected: `\`,\` or \`}\` after \`${before.image}\``, found: "`as`" };
  report(b, messages.unexpected, parameters, spanOf(b, as, name), {
    hint: `what is imported keeps its name; give it another below: \`let ${name.image} = ${before.image}\``,
  });
  return withoutRenames(b, [...tokens.slice(0, at), ...tokens.slice(at + 2)]);
}

/** What is declared; a word that declares nothing is reported. */
function declarationOf(b: Building, word: IToken): DeclarationKind | undefined {
  if (word.tokenType !== t.DeclarationWord || t.declarationWords.has(word.image))
    return word.image as DeclarationKind;
  const meant = suggest(word.image, t.declarationWords);
  const place = spanOf(b, word);
  report(b, messages.unknownDeclaration, { word: word.image }, place, {
    hint: meant
      ? `did you mean \`${meant}\`?`
      : `there are ${[...t.declarationWords, "let", "import"].map((w) => `\`${w}\``).join(", ")}`,
    fixes: meant
      ? [{ title: `write \`${meant}\``, edits: [{ span: place, text: meant }], safety: "review" }]
      : [],
  });
  return meant as DeclarationKind | undefined;
}

function buildNamed(
  b: Building,
  tree: CstNode,
  tokens: IToken[],
  what: DeclarationKind,
  span: Span,
): NamedDecl {
  const word = tokens[0]!;
  // After an error in the header the body is still there.
  const last = tokens[tokens.length - 1]!;
  const block = (leaf(tree, "Block") ??
    (last.tokenType === t.Block && !leaf(tree, "Assign") ? last : undefined)) as BlockToken | undefined;
  const expression = node(tree, "expression");
  const parameters = node(tree, "parameters");
  return {
    kind: "declaration",
    what,
    name: nameOf(b, leaf(tree, "Word"), at(b, word.endOffset! + 1)),
    doc: b.doc(tokens[0]!),
    parameters: buildParameters(b, parameters, span),
    inputs: buildPorts(b, node(tree, "inputs"), span),
    outputs: buildPorts(b, node(tree, "outputs"), span),
    body:
      block &&
      buildBody(b, block, ["model", "block", "loss", "metric"].includes(what) ? "pipeline" : "settings"),
    value: expression && buildExpression(b, expression, span, buildWith),
    span,
  };
}

function buildWith(b: Building, block: BlockToken) {
  return buildBody(b, block, "with");
}

function buildParameters(b: Building, tree: CstNode | undefined, fallback: Span): ParameterDecl[] {
  if (!tree) return [];
  const items = nodes(tree, "parameter");
  if (!reportTypesFirst(b, items)) checkCommas(b, tree, items);
  return items.map((item) => {
    const span = spanOfNode(b, item, fallback);
    const type = node(item, "type");
    const value = node(item, "expression");
    return {
      name: nameOf(b, leaf(item, "Word"), span),
      type: type && buildType(b, type, span, buildWith),
      default: value && buildExpression(b, value, span, buildWith),
      span,
    };
  });
}

/** `int width = 8`, as C and its kin write it. */
function reportTypesFirst(b: Building, items: readonly CstNode[]): boolean {
  for (const [i, item] of items.entries()) {
    const [type, name] = [leaf(item, "Word"), leaf(items[i + 1], "Word")];
    if (!type || !name || node(item, "type") || node(item, "expression") || node(items[i + 1], "type"))
      continue;
    if (!/^(?:int|f32|float|bool|string|str|word|layer)$/.test(type.image)) continue;
    if (b.source.text.slice(type.endOffset! + 1, name.startOffset).trim() !== "") continue;
    const span = spanOf(b, type, name);
    const known =
      ({ float: "f32", str: "string" } as Readonly<Record<string, string>>)[type.image] ?? type.image;
    const [found, written] = [`${type.image} ${name.image}`, `${name.image}: ${known}`];
    report(b, messages.foreignSyntax, { found, written }, span, {
      fixes: [{ title: `write \`${written}\``, edits: [{ span, text: written }], safety: "safe" }],
    });
    return true;
  }
  return false;
}

function buildPorts(b: Building, tree: CstNode | undefined, fallback: Span): PortDecl[] {
  const type = node(tree, "type");
  if (type) {
    const built = buildType(b, type, spanOfNode(b, tree, fallback), buildWith);
    return [{ name: undefined, type: built, span: built.span }];
  }
  const ports: PortDecl[] = [];
  for (const parameter of buildParameters(b, node(tree, "parameters"), fallback)) {
    if (parameter.type) ports.push({ name: parameter.name, type: parameter.type, span: parameter.span });
    else
      report(
        b,
        messages.unexpected,
        { expected: "a name and `: type`", found: `\`${parameter.name.text}\`` },
        parameter.span,
      );
  }
  return ports;
}

/** The comments that document: of the file, and of what begins the line below them. */
function docs(tokens: readonly IToken[]): {
  file: string | undefined;
  above: (token: IToken) => string | undefined;
} {
  const file: string[] = [];
  const byPlace = new Map<number, string>();
  let above: string[] = [];
  let aboveEnds = 0;
  let line = 0;
  for (const token of tokens) {
    if (token.tokenType === t.Newline) continue;
    const { startLine, endLine, startOffset, image } = token as Required<IToken>;
    const text = image.slice(3).trim();
    if (token.tokenType === t.FileDoc) file.push(text);
    else if (token.tokenType === t.Doc) {
      above = aboveEnds === startLine - 1 ? [...above, text] : [text];
      aboveEnds = startLine;
    } else if (startLine > line && aboveEnds === startLine - 1 && aboveEnds > 0)
      byPlace.set(startOffset, above.join("\n"));
    line = endLine;
  }
  return {
    file: file.length > 0 ? file.join("\n") : undefined,
    above: ({ startOffset }) => byPlace.get(startOffset),
  };
}
