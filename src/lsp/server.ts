/** The wire: requests of an editor to the functions that answer them. */
import { fileURLToPath } from "node:url";
import {
  createConnection,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
  SemanticTokensBuilder,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Problem } from "../diagnostics/problem.ts";
import { format } from "../format/edits.ts";
import { isStandardFile } from "../modules/program.ts";
import type { StudyHost } from "../study/source-columns.ts";
import { actions } from "./actions.ts";
import type { Analysis } from "./analysis.ts";
import { complete } from "./completion.ts";
import * as convert from "./convert.ts";
import { definition } from "./definition.ts";
import { folds } from "./folding.ts";
import { hover } from "./hover.ts";
import { inlays } from "./inlays.ts";
import { outline } from "./outline.ts";
import { addresses, studiesIn } from "./paths.ts";
import { practise } from "./practise.ts";
import { references } from "./references.ts";
import { rename, renameable } from "./rename.ts";
import { signatureHelp } from "./signature-help.ts";
import { tokenModifiers, tokens, tokenTypes } from "./tokens.ts";
import { createWorkspace, diagnosticsByFile } from "./workspace.ts";

export interface ServerOptions {
  /** The disk. */
  readonly host: StudyHost;
  /** Where the files of the standard library lie. */
  readonly standardFolder: string;
}

/** What has been typed while the last answer was made comes in at once, and is answered together. */
const pause = 2; // milliseconds

/** Speaks the Language Server Protocol 3.17 on stdin and stdout until the editor says `exit` or closes stdin. */
export function serve({ host, standardFolder }: ServerOptions): void {
  const connection = createConnection(process.stdin, process.stdout);
  const documents = new TextDocuments(TextDocument);
  const places = addresses(standardFolder);
  const edited: StudyHost = {
    resolve: host.resolve,
    ...(host.readColumns && { readColumns: host.readColumns }),
    standard: (module) => open(`std/${module}.dl`) ?? host.standard(module),
    get standardModules() {
      return host.standardModules;
    },
    read: (path) =>
      open(path) ??
      (isStandardFile(path) ? host.standard(path.slice("std/".length, -".dl".length)) : host.read(path)),
  };
  const open = (path: string): string | undefined => documents.get(places.uriOf(path))?.getText();
  const workspace = createWorkspace(edited);
  let folders: readonly string[] = [];
  let client: InitializeParams["capabilities"] = {};

  /** The file of a request, and the place in it. */
  function at({ textDocument: { uri }, position }: At): {
    readonly analysis: Analysis;
    readonly offset: number;
  } {
    const analysis = workspace.analysis(places.pathOf(uri));
    return { analysis, offset: documents.get(uri)?.offsetAt(position) ?? 0 };
  }
  const file = ({ textDocument: { uri } }: Omit<At, "position">): Analysis =>
    workspace.analysis(places.pathOf(uri));

  /** All studies that may name what is declared in another: those that are open, and those in the editor's folders. */
  function everywhere(): readonly Analysis[] {
    const paths = new Set(documents.keys().map(places.pathOf));
    for (const folder of folders) for (const path of studiesIn(folder)) paths.add(path);
    return [...paths].map((path) => workspace.analysis(path));
  }

  connection.onInitialize((parameters): InitializeResult => {
    client = parameters.capabilities;
    const roots =
      parameters.workspaceFolders?.map(({ uri }) => uri) ?? (parameters.rootUri ? [parameters.rootUri] : []);
    folders = roots.filter((uri) => uri.startsWith("file:")).map((uri) => fileURLToPath(uri));
    return { serverInfo: { name: "dlc" }, capabilities };
  });

  let waiting: NodeJS.Timeout | undefined;
  const told = new Set<string>();
  let practised = false;
  function publishSoon(): void {
    clearTimeout(waiting);
    waiting = setTimeout(publish, pause);
  }
  function publish(): void {
    const byFile = diagnosticsByFile(documents.keys().map((uri) => workspace.analysis(places.pathOf(uri))));
    for (const path of told)
      if (!byFile.has(path)) connection.sendDiagnostics({ uri: places.uriOf(path), diagnostics: [] });
    told.clear();
    for (const [path, diagnostics] of byFile) {
      told.add(path);
      const uri = places.uriOf(path);
      const version = documents.get(uri)?.version;
      connection.sendDiagnostics({
        uri,
        ...(version !== undefined && { version }),
        diagnostics: diagnostics.map((each) => convert.toDiagnostic(each, places)),
      });
    }
    if (!practised) practise(host);
    practised = true;
  }
  documents.onDidChangeContent(({ document }) => {
    workspace.changed(places.pathOf(document.uri));
    publishSoon();
  });
  documents.onDidClose(({ document }) => {
    workspace.changed(places.pathOf(document.uri));
    publishSoon();
  });
  connection.onDidChangeWatchedFiles(() => {
    workspace.allChanged();
    publishSoon();
    if (client.workspace?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh();
  });

  connection.onHover((request) => {
    const { analysis, offset } = at(request);
    const found = hover(analysis, offset);
    return found && { contents: { kind: "markdown", value: found.text }, range: convert.toRange(found.span) };
  });
  connection.onCompletion((request) => {
    const { analysis, offset } = at(request);
    const { span, items } = complete(analysis, offset, workspace.parseFile);
    const snippets = client.textDocument?.completion?.completionItem?.snippetSupport ?? false;
    return items.map((item) => convert.toCompletionItem(item, span, snippets));
  });
  connection.onSignatureHelp((request) => {
    const { analysis, offset } = at(request);
    const help = signatureHelp(analysis, offset);
    if (!help) return null;
    const parameters = help.parameters.map(({ start, end, doc }) => ({
      label: [start, end] as [number, number],
      documentation: { kind: "markdown" as const, value: doc },
    }));
    const documentation = { kind: "markdown" as const, value: help.doc };
    return {
      signatures: [{ label: help.text, documentation, parameters }],
      activeSignature: 0,
      activeParameter: help.active ?? null,
    };
  });
  const toLocation = (span: Parameters<typeof convert.toRange>[0]) => ({
    uri: places.uriOf(span.file.path),
    range: convert.toRange(span),
  });
  connection.onDefinition((request) => {
    const { analysis, offset } = at(request);
    return definition(analysis, offset).map(toLocation);
  });
  connection.onReferences((request) => {
    const { analysis, offset } = at(request);
    return references(analysis, offset, everywhere())
      .filter(({ defines }) => request.context.includeDeclaration || !defines)
      .map(({ name }) => toLocation(name.span));
  });
  connection.onDocumentHighlight((request) => {
    const { analysis, offset } = at(request);
    return references(analysis, offset)
      .filter(({ name }) => name.span.file === analysis.module.file.source)
      .map(({ name }) => ({ range: convert.toRange(name.span) }));
  });
  connection.onPrepareRename((request) => {
    const { analysis, offset } = at(request);
    return inWords(() => convert.toRange(renameable(analysis, offset)));
  });
  connection.onRenameRequest((request) => {
    const { analysis, offset } = at(request);
    return inWords(() =>
      convert.toWorkspaceEdit(rename(analysis, offset, request.newName, everywhere()), places),
    );
  });
  connection.onDocumentSymbol((request) => outline(file(request)).map(convert.toDocumentSymbol));
  connection.onFoldingRanges((request) => folds(file(request)).map(convert.toFoldingRange));
  connection.onCodeAction((request) => {
    const document = documents.get(request.textDocument.uri);
    if (!document) return [];
    const { start, end } = request.range;
    const found = actions(file(request), document.offsetAt(start), document.offsetAt(end));
    return found.map((action) => convert.toCodeAction(action, places));
  });
  connection.onDocumentFormatting((request) =>
    format(file(request).module.file.source).map(convert.toTextEdit),
  );
  connection.languages.inlayHint.on((request) => {
    const analysis = file(request);
    const { start, end } = request.range;
    return inlays(analysis)
      .filter(({ line }) => line - 1 >= start.line && line - 1 <= end.line)
      .map((inlay) => convert.toInlayHint(inlay, analysis.module.file.source));
  });
  connection.languages.semanticTokens.on((request) => {
    const builder = new SemanticTokensBuilder();
    for (const { span, type, modifiers } of tokens(file(request))) {
      const { line, character } = convert.toPosition(span.file, span.start);
      const bits = modifiers.reduce((sum, each) => sum | (1 << tokenModifiers.indexOf(each)), 0);
      builder.push(line, character, span.end - span.start, tokenTypes.indexOf(type), bits);
    }
    return builder.build();
  });

  documents.listen(connection);
  connection.listen();
}

interface At {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}

/** A `Problem` is the editor's answer to the user, not a failure of the server. */
function inWords<T>(answer: () => T): T | ResponseError {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const text = error.hint ? `${error.message}; ${error.hint}` : error.message;
    return new ResponseError(LSPErrorCodes.RequestFailed, text);
  }
}

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  completionProvider: { triggerCharacters: [".", "(", ",", ":"] },
  signatureHelpProvider: { triggerCharacters: ["(", ","] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  codeActionProvider: { codeActionKinds: ["quickfix"] },
  documentFormattingProvider: true,
  inlayHintProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
    full: true,
  },
};
