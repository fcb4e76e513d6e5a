import { showField } from "../ops/field.ts";
import type { Statement } from "../syntax/ast.ts";
import { lineStart, lineText, positionAt } from "../text/source.ts";
import type { Analysis, Expanded } from "./analysis.ts";
import { statementsIn } from "./places.ts";
import { count, showNumbers, showShapes } from "./show.ts";

/** Shown at the end of a line, behind what is written. */
export interface Inlay {
  /** From 1. */
  readonly line: number;
  /** Where the line ends. */
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
}

/**
 * The shape and the number of parameters behind every line of a network, the type behind every step on the data, and the number of
 * trainings behind every experiment.
 */
export function inlays(analysis: Analysis): readonly Inlay[] {
  const { source, declarations } = analysis.module.file;
  const found: Inlay[] = [];
  const add = (line: number, text: string | undefined, tooltip: string) => {
    if (text) found.push({ line, offset: endOfLine(line), text, tooltip });
  };
  const endOfLine = (line: number): number =>
    lineStart(source, line) + lineText(source, line).trimEnd().length;
  const isKnown = (statement: Statement) => analysis.expanded.has(statement) || analysis.steps.has(statement);

  for (const declaration of declarations) {
    if (declaration.kind !== "declaration") continue;
    const trainings = analysis.trainings.get(declaration);
    if (trainings !== undefined)
      add(
        positionAt(source, declaration.name.span.start).line,
        `${count(trainings)} training${trainings === 1 ? "" : "s"}`,
        "how often this experiment trains a network",
      );
    for (const [line, statements] of byLastLine(statementsIn(declaration).filter(isKnown))) {
      add(line, shapesOf(statements, analysis), "shape behind this line, and how many numbers it trains");
      add(line, typesOf(statements, analysis), "type of a row behind this step");
    }
  }
  return found;
}

/** Statements by the line that they end on; one that lies within another on the same line is left to it. */
function byLastLine(statements: readonly Statement[]): ReadonlyMap<number, readonly Statement[]> {
  const lines = new Map<number, Statement[]>();
  for (const statement of statements) {
    const { span } = statement;
    const line = positionAt(span.file, span.end).line;
    const others = lines.get(line) ?? [];
    const isWithin = others.some(
      (other) =>
        other.span.start <= span.start &&
        span.end <= other.span.end &&
        positionAt(span.file, other.span.start).line === line,
    );
    if (!isWithin) lines.set(line, [...others, statement]);
  }
  return lines;
}

/** A body that ends on a line of its own says nothing new there, but for a branch, which ends in what its name stands for. */
function speaks(statement: Statement): boolean {
  const { start, end, file } = statement.span;
  const sole = positionAt(file, start).line === positionAt(file, end).line;
  return sole || !["for", "repeat", "if", "group"].includes(statement.kind);
}

function shapesOf(statements: readonly Statement[], { expanded }: Analysis): string | undefined {
  const told = statements.filter((statement) => expanded.has(statement) && speaks(statement));
  const last = told[told.length - 1];
  const shapes = last && showShapes(expanded.get(last)!);
  if (!shapes) return undefined;
  const parameters = perNetwork(told.map((statement) => expanded.get(statement)!));
  return parameters.some((n) => n > 0) ? `${shapes}   ${showNumbers(parameters, count)}` : shapes;
}

/** The parameters of a line in each network; its statements are in the same networks unless a mistake stops one. */
function perNetwork(uses: readonly (readonly Expanded[])[]): readonly number[] {
  const networks = Math.min(...uses.map((each) => each.length));
  return Array.from({ length: networks }, (_, i) =>
    uses.reduce((sum, each) => sum + each[i]!.cost.parameters, 0),
  );
}

function typesOf(statements: readonly Statement[], { steps }: Analysis): string | undefined {
  const fields = statements.findLast((statement) => steps.has(statement));
  const types = fields && [...steps.get(fields)!].map(([name, type]) => ({ name, type: showField(type) }));
  if (!types) return undefined;
  const shown = [...new Set(types.map(({ type }) => type))];
  return shown.length === 1 ? shown[0] : types.map(({ name, type }) => `${name} ${type}`).join("   ");
}
