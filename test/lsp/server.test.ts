/** The language server as an editor meets it: the command, over stdin and stdout. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  type CodeAction,
  type CompletionItem,
  createMessageConnection,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InitializeResult,
  type InlayHint,
  type Location,
  type MessageConnection,
  type PublishDiagnosticsParams,
  type SemanticTokens,
  type SignatureHelp,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { bundle } from "../bundle.ts";
import { study } from "./edited.ts";

const folder = mkdtempSync(join(tmpdir(), "dlc-lsp-"));
const uri = pathToFileURL(join(folder, "study.dl")).href;
let command: string;
let server: ChildProcessWithoutNullStreams;
let connection: MessageConnection;
let ended: Promise<number | null>;
let published: PublishDiagnosticsParams[];
let arrived: () => void;

beforeAll(async () => {
  command = await bundle("src/cli/main.ts");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(): Promise<InitializeResult> {
  server = spawn(process.execPath, [
    "-e",
    `import(${JSON.stringify(command)}).then((m) => m.main(["lsp", "--stdio"]))`,
  ]);
  ended = new Promise((resolve) => server.on("exit", (code) => resolve(code)));
  connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  published = [];
  arrived = () => {};
  connection.onNotification("textDocument/publishDiagnostics", (told: PublishDiagnosticsParams) => {
    published.push(told);
    arrived();
  });
  connection.onRequest("client/registerCapability", () => null);
  connection.listen();
  const capabilities = { textDocument: { completion: { completionItem: { snippetSupport: true } } } };
  const result = await connection.sendRequest<InitializeResult>("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities,
  });
  await connection.sendNotification("initialized", {});
  return result;
}

afterEach(() => {
  connection.dispose();
  server.kill("SIGKILL");
});

/** The diagnostics of a version of a file. */
async function diagnosticsOf(version: number, of = uri): Promise<PublishDiagnosticsParams["diagnostics"]> {
  for (;;) {
    const found = published.findLast((told) => told.uri === of && told.version === version);
    if (found) return found.diagnostics;
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
}

let text: string;

async function open(content: string): Promise<void> {
  text = content;
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "dlc", version: 1, text },
  });
}

function positionOf(needle: string, within = 0) {
  const at = text.indexOf(needle);
  expect(at).toBeGreaterThan(-1);
  const before = text.slice(0, at + within);
  return { line: before.split("\n").length - 1, character: before.length - before.lastIndexOf("\n") - 1 };
}

async function replace(version: number, from: string, to: string): Promise<void> {
  const start = positionOf(from);
  const end = positionOf(from, from.length);
  text = text.replace(from, to);
  await connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version },
    contentChanges: [{ range: { start, end }, text: to }],
  });
}

const ask = <R>(method: string, position: object, more = {}): Promise<R> =>
  connection.sendRequest<R>(`textDocument/${method}`, { textDocument: { uri }, position, ...more });

test("a session: open, diagnostics, edit, hover, completion, rename, formatting, shutdown, exit", async () => {
  const { capabilities } = await start();
  expect(capabilities.hoverProvider).toBe(true);
  await open(study("  conv(8)\n  flattn\n  dense(K)"));
  const [mistake, ...others] = await diagnosticsOf(1);
  expect(others).toEqual([]);
  expect(mistake).toMatchObject({
    code: "DL2002",
    source: "dlc",
    severity: 1,
    range: { start: positionOf("flattn") },
  });

  const fixes = await ask<CodeAction[]>(
    "codeAction",
    {},
    { range: mistake!.range, context: { diagnostics: [mistake] } },
  );
  expect(fixes).toMatchObject([{ title: "write `flatten`", isPreferred: true }]);
  expect(fixes[0]!.edit!.changes![uri]).toMatchObject([{ newText: "flatten" }]);

  await replace(2, "flattn", "flatten");
  expect(await diagnosticsOf(2)).toEqual([]);

  const hover = await ask<Hover>("hover", positionOf("conv(8)", 2));
  expect(hover.contents).toMatchObject({
    kind: "markdown",
    value: expect.stringContaining("f32[N, 16, 16, 8]"),
  });
  const hints = await ask<InlayHint[]>(
    "inlayHint",
    {},
    { range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } },
  );
  expect(hints.map(({ label }) => label)).toContain("f32[N, 2]   4,098");
  expect(hints.map(({ label }) => label)).toContain("3 trainings");

  const items = await ask<CompletionItem[]>("completion", positionOf("flatten", 4));
  expect(items.map(({ label }) => label)).toContain("global_avg_pool");
  expect(items.map(({ label }) => label)).not.toContain("adam");

  const definition = await ask<Location[]>("definition", positionOf("conv_bn_relu", 3));
  expect(definition).toMatchObject([{ uri: expect.stringMatching(/std\/vision\.dl$/) }]);

  const edit = await ask<WorkspaceEdit>("rename", positionOf("model small", 8), { newName: "tiny" });
  expect(edit.changes![uri]).toHaveLength(2);
  await expect(ask("rename", positionOf("model small", 8), { newName: "galaxies" })).rejects.toThrow(
    "is taken",
  );
  await expect(ask("prepareRename", positionOf("conv(8)", 1))).rejects.toThrow("belongs to the language");

  const uses = await ask<Location[]>("references", positionOf("model small", 8), {
    context: { includeDeclaration: true },
  });
  expect(uses.map(({ range }) => range.start)).toEqual([
    positionOf("small(width"),
    positionOf("model = small", "model = ".length),
  ]);

  const { data } = await ask<SemanticTokens>("semanticTokens/full", {});
  expect(data.length % 5).toBe(0);
  // Lines and columns are differences: the first token is the module of the import.
  const legend = capabilities.semanticTokensProvider!.legend.tokenTypes;
  const place = positionOf("std.vision");
  expect([data[0], data[1], legend[data[3]!]]).toEqual([place.line, place.character, "namespace"]);

  const call = await ask<SignatureHelp>("signatureHelp", positionOf("adam(lr: 3e-3)", 5));
  expect(call.signatures[0]!.label).toContain("adam(");
  const { parameters, activeParameter } = call.signatures[call.activeSignature ?? 0]!;
  const active = parameters![activeParameter ?? call.activeParameter ?? 0]!;
  expect(JSON.stringify(active.label)).toMatch(/lr|\[\d+,\d+\]/);

  const symbols = await ask<DocumentSymbol[]>("documentSymbol", {});
  expect(symbols.map(({ name }) => name)).toEqual(["galaxies", "small", "short", "first"]);
  expect(symbols[0]!.children!.map(({ name }) => name)).toContain("label");

  const ranges = await ask<FoldingRange[]>("foldingRange", {});
  expect(ranges).toContainEqual(
    expect.objectContaining({ startLine: positionOf("recipe short").line, endLine: expect.any(Number) }),
  );

  await replace(3, "  dense(K)", "      dense( K )");
  await diagnosticsOf(3);
  const formatted = await ask<TextEdit[]>("formatting", {}, { options: { tabSize: 2, insertSpaces: true } });
  expect(formatted.map(({ newText }) => newText).join("")).toContain("  dense(K)\n");

  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  expect(await ended).toBe(0);
});

test("a file that is not saved counts for those that import it", async () => {
  writeFileSync(
    join(folder, "blocks.dl"),
    "edition 2026\n\nblock unit(c: int) : f32[N, H, W, A] -> f32[N, H, W, c] {\n  conv(c)\n}\n",
  );
  await start();
  await open(
    study("  unit(4)\n  flatten\n  dense(K)").replace(
      "import std",
      'import "./blocks.dl" { unit }\nimport std',
    ),
  );
  expect(await diagnosticsOf(1)).toEqual([]);
  const blocks = pathToFileURL(join(folder, "blocks.dl")).href;
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: {
      uri: blocks,
      languageId: "dlc",
      version: 1,
      text: "edition 2026\n\nblock other(c: int) : f32[N, A] -> f32[N, c] {\n  dense(c)\n}\n",
    },
  });
  await diagnosticsOf(1, blocks);
  const told = published.findLast((each) => each.uri === uri)!;
  expect(told.diagnostics).toMatchObject([{ code: "DL2022" }]);
});

test("the process ends when the editor closes stdin", async () => {
  await start();
  await open("edition 2026\n");
  await diagnosticsOf(1);
  server.stdin.end();
  expect(await ended).not.toBeNull();
});
