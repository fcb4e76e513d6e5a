/** From what the features give to what goes over the wire. */
import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  DiagnosticSeverity,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  type InlayHint,
  InsertTextFormat,
  MarkupKind,
  type Range,
  SymbolKind,
  type TextEdit,
  type Diagnostic as WireDiagnostic,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import { type Edit, positionAt, type SourceFile, type Span } from "../text/source.ts";
import type { Action } from "./actions.ts";
import type { Completion } from "./completion-items.ts";
import type { Fold } from "./folding.ts";
import type { Inlay } from "./inlays.ts";
import type { OutlineItem } from "./outline.ts";
import type { Addresses } from "./paths.ts";

export function toPosition(file: SourceFile, offset: number) {
  const { line, column } = positionAt(file, offset);
  return { line: line - 1, character: column - 1 };
}

export const toRange = ({ file, start, end }: Span): Range => ({
  start: toPosition(file, start),
  end: toPosition(file, end),
});

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Information,
};

export function toDiagnostic(diagnostic: Diagnostic, { uriOf }: Addresses): WireDiagnostic {
  const { code, slug, severity, message, span, text, labels, notes, hint } = diagnostic;
  const first = text === "" ? message : `${message}: ${text}`;
  return {
    range: toRange(span),
    severity: severities[severity],
    code,
    source: "dlc",
    message: [first, ...notes, ...(hint ? [hint] : [])].join("\n"),
    relatedInformation: labels.map((label) => ({
      location: { uri: uriOf(label.span.file.path), range: toRange(label.span) },
      message: label.text || slug,
    })),
  };
}

export const toTextEdit = ({ span, text }: Edit): TextEdit => ({ range: toRange(span), newText: text });

export function toWorkspaceEdit(edits: readonly Edit[], { uriOf }: Addresses): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) {
    const uri = uriOf(edit.span.file.path);
    changes[uri] = [...(changes[uri] ?? []), toTextEdit(edit)];
  }
  return { changes };
}

export function toCodeAction({ title, diagnostic, edits, isSafe }: Action, places: Addresses): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(diagnostic, places)],
    isPreferred: isSafe,
    edit: toWorkspaceEdit(edits, places),
  };
}

const itemKinds: Readonly<Record<Completion["what"], CompletionItemKind>> = {
  name: CompletionItemKind.Variable,
  operator: CompletionItemKind.Function,
  parameter: CompletionItemKind.Property,
  word: CompletionItemKind.EnumMember,
  field: CompletionItemKind.Field,
  keyword: CompletionItemKind.Snippet,
  module: CompletionItemKind.Module,
  type: CompletionItemKind.TypeParameter,
};

export function toCompletionItem(item: Completion, span: Span, snippets: boolean): CompletionItem {
  const isSnippet = item.insert.includes("$");
  const plain = isSnippet && !snippets ? item.label : item.insert;
  return {
    label: item.label,
    kind: itemKinds[item.what],
    detail: item.detail,
    ...(item.doc !== "" && { documentation: { kind: MarkupKind.Markdown, value: item.doc } }),
    sortText: `${item.rank} ${item.label}`,
    insertTextFormat: isSnippet && snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range: toRange(span), newText: plain },
  };
}

export function toInlayHint({ offset, text, tooltip }: Inlay, file: SourceFile): InlayHint {
  return { position: toPosition(file, offset), label: text, paddingLeft: true, tooltip };
}

export const toFoldingRange = ({ first, last, kind }: Fold): FoldingRange => ({
  startLine: first - 1,
  endLine: last - 1,
  ...(kind === "comment" && { kind: FoldingRangeKind.Comment }),
});

const symbolKinds: Readonly<Record<OutlineItem["kind"], SymbolKind>> = {
  data: SymbolKind.Struct,
  model: SymbolKind.Class,
  block: SymbolKind.Class,
  loss: SymbolKind.Function,
  metric: SymbolKind.Function,
  recipe: SymbolKind.Object,
  experiment: SymbolKind.Event,
  let: SymbolKind.Constant,
  field: SymbolKind.Field,
  part: SymbolKind.Property,
};

export function toDocumentSymbol({ name, kind, detail, span, at, children }: OutlineItem): DocumentSymbol {
  return {
    name,
    kind: symbolKinds[kind],
    detail,
    range: toRange(span),
    selectionRange: toRange(at),
    children: children.map(toDocumentSymbol),
  };
}
