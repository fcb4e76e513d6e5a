/** What stands at a place of a file. */

import type { Module } from "../modules/program.ts";
import type { Occurrence } from "../study/names/meaning.ts";
import type { Body, Declaration, Statement } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import type { Span } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";

/** Whether the place lies in the span or at its end. */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** The name at a place; where two meet, the one that begins there. */
export function nameAt(analysis: Analysis, offset: number): Occurrence | undefined {
  const declaration = declarationAt(analysis.module, offset);
  return declaration && analysis.namesIn(declaration).findLast(({ name }) => touches(name.span, offset));
}

/** The declaration that a place belongs to: one that is not finished goes on to the next. */
export function declarationAt({ file }: Module, offset: number): Declaration | undefined {
  return file.declarations.findLast(({ span }) => span.start <= offset);
}

/** The nodes of the tree around a place, the outermost first. */
export function nodesAround(analysis: Analysis, offset: number): readonly object[] {
  const path: object[] = [];
  let level: readonly object[] = analysis.module.file.declarations;
  for (;;) {
    const next = level.findLast((node) => "span" in node && touches(node.span as Span, offset));
    if (!next) return path;
    path.push(next);
    level = childrenOf(next);
  }
}

export function statementAt(analysis: Analysis, offset: number): Statement | undefined {
  return nodesAround(analysis, offset).findLast(isStatement);
}

const expressionKinds = new Set([
  "number", "string", "name", "member", "index", "call", "list", "record", "range", "unary", "binary", "with", "error",
  "import", "declaration",
]); // biome-ignore format: a table

export function isStatement(node: object): node is Statement {
  return "kind" in node && !expressionKinds.has(node.kind as string);
}

export const isBody = (node: object): node is Body => "statements" in node;

/** Every statement below a node, the outer ones first. */
export function statementsIn(node: object, found: Statement[] = []): readonly Statement[] {
  if (isStatement(node)) found.push(node);
  for (const child of childrenOf(node)) statementsIn(child, found);
  return found;
}
