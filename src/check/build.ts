/** What grows and what is known while a network is built. */
import type { Details, DiagnosticKind, Label } from "../diagnostics/diagnostic.ts";
import { isStandardFile } from "../modules/program.ts";
import type { FieldType } from "../ops/field.ts";
import type { Body } from "../syntax/ast.ts";
import { positionAt, type Span } from "../text/source.ts";
import type { Dim, TensorType } from "../types/tensor.ts";
import type { Context } from "./context.ts";
import { showValue } from "./describe.ts";
import type { Layer, TensorRef } from "./network.ts";
import { tooLarge } from "./shape-messages.ts";
import type { DeclaredValue, Value } from "./value.ts";

export const layerLimit = 100_000;

export interface Tensor {
  readonly ref: TensorRef;
  readonly type: TensorType;
  /** The end of what made it. */
  readonly span: Span;
  /** A branch without layers: what it should project is its input. */
  readonly empty?: { readonly name: string; readonly body: Body };
  /** The type of the field that it is: a class is more than its whole numbers. */
  readonly field?: FieldType;
}

/** What a mistake leaves behind. Nothing more is said of it. */
export type Broken = "broken";

/** The current tensor: none before the first statement of a body with several inputs. */
export type Current = Tensor | Broken | undefined;

/** One use of a model or block. */
export interface Instance {
  readonly declared: DeclaredValue;
  /** With defaults filled in. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Dimensions of the signature that are known. */
  readonly dimensions: Map<string, Dim>;
  readonly outer: Instance | undefined;
}

/** Where in a network a statement stands. */
export interface Frame {
  readonly instance: Instance;
  /** Path of the blocks, branches and groups around it. */
  readonly prefix: string;
  readonly build: Build;
}

export interface Build {
  readonly context: Context;
  readonly layers: Layer[];
  /** A network may have weights; a loss or metric has none. */
  readonly what: "network" | "formula";
  /** Paths taken already, each with the number that its next namesake tries first. */
  readonly paths: Map<string, number>;
  /** Statements expanded so far; a loop over nothing must end too. */
  expanded: number;
  stopped: boolean;
}

/** Counts one more statement or layer. False once a network is too large, which is reported once. */
export function mayGrow(build: Build, instance: Instance, span: Span): boolean {
  if (build.stopped) return false;
  build.expanded++;
  if (build.layers.length < layerLimit && build.expanded < 20 * layerLimit) return true;
  build.stopped = true;
  let outermost = instance;
  while (outermost.outer) outermost = outermost.outer;
  const name = outermost.declared.declaration.name.text;
  reportIn(instance, build, tooLarge, { name, limit: layerLimit }, span, {
    hint: "repeat less, or nest fewer loops",
  });
  return false;
}

/** `prefix/name`, with `_2`, `_3` where it is taken. */
export function claimPath(prefix: string, name: string, build: Build): string {
  const base = prefix === "" ? name : `${prefix}/${name}`;
  let next = build.paths.get(base);
  if (next === undefined) {
    build.paths.set(base, 1);
    return base;
  }
  let path = base;
  while (build.paths.has(path)) path = `${base}_${++next}`;
  build.paths.set(base, next);
  build.paths.set(path, 1);
  return path;
}

/** The place in the user's own files: a layer within a block of `std` is shown at the line that uses the block. */
export function ownSpan(span: Span, instance: Instance): Span {
  let place = span;
  for (let at: Instance | undefined = instance; at && isStandardFile(place.file.path); at = at.outer)
    place = at.declared.span;
  return place;
}

/** Reports at the user's own line, with the uses of blocks that led here as notes. */
export function reportIn<P>(
  instance: Instance,
  build: Build,
  kind: DiagnosticKind<P>,
  parameters: P,
  span: Span,
  details: Details = {},
): void {
  const own = ownSpan(span, instance);
  const inner: readonly Label[] = own === span ? [] : [{ span, text: details.text || "here, within `std`" }];
  build.context.reporter.report(kind, parameters, own, {
    ...details,
    labels: [...(details.labels ?? []), ...inner],
    notes: [...notesOf(instance), ...(details.notes ?? [])],
  });
}

function notesOf(instance: Instance): readonly string[] {
  const notes: string[] = [];
  for (let at: Instance | undefined = instance; at; at = at.outer) {
    const { declaration, span } = at.declared;
    if (at.declared.arguments.size === 0 && !at.outer) continue;
    const here = (at.outer ?? at).declared.module.file.source.path === span.file.path;
    const { line } = positionAt(span.file, span.start);
    const from = here ? `line ${line}` : `${span.file.path}:${line}`;
    notes.push(`while building ${showInstance(declaration.name.text, at.declared.arguments)} from ${from}`);
  }
  return notes;
}

function showInstance(name: string, parameters: ReadonlyMap<string, Value>): string {
  if (parameters.size === 0) return name;
  return `${name}(${[...parameters].map(([key, value]) => `${key}: ${showValue(value)}`).join(", ")})`;
}
