/** Files that are being edited in a test. */
import { diskHost } from "../../src/cli/host.ts";
import { type Analysis, analyse } from "../../src/lsp/analysis.ts";
import { createWorkspace, type Workspace } from "../../src/lsp/workspace.ts";
import type { Edit } from "../../src/text/source.ts";
import { hostOf } from "../study/files.ts";

export interface Edited {
  readonly analysis: Analysis;
  readonly offset: number;
  readonly workspace: Workspace;
}

/** `main.dl`, with other files beside it. Cursors are written `┆`, which no study uses. */
export function edit(text: string, others: Readonly<Record<string, string>> = {}): Edited {
  const offset = text.indexOf("┆");
  const workspace = createWorkspace(hostOf({ "main.dl": text.replace("┆", ""), ...others }));
  return { analysis: workspace.analysis("main.dl"), offset: Math.max(offset, 0), workspace };
}

/** A study of the repository, with the cursor behind the first `before` (or within it, where that holds a `┆`). */
export function inStudy(path: string, before: string): { analysis: Analysis; offset: number } {
  const text = diskHost.read(path)!;
  const at = text.indexOf(before.replace("┆", ""));
  if (at < 0) throw new Error(`${path} has no ${before}`);
  const within = before.indexOf("┆");
  return { analysis: analyse(path, diskHost), offset: at + (within < 0 ? before.length : within) };
}

/** The text of a file after edits. */
export function apply(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => b.span.start - a.span.start);
  return sorted.reduce((all, { span, text }) => all.slice(0, span.start) + text + all.slice(span.end), text);
}

/** A whole study whose model has the body given. */
export function study(body: string, more = ""): string {
  return `edition 2026

import std.vision { conv_bn_relu, residual }

data galaxies {
  source = simulate.galaxies(count: 200, size: 16 px, bands: [Y, J, H], classes: [star, spiral],
    pixel: 0.3 arcsec, fwhm: 0.5 arcsec, magnitude: 18 .. 23, seed: 11)
  input image : f32[16, 16, 3] = source.image
  target label : class[2] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { standardize }
}

/// A small network.
model small(width: int = 4) : f32[N, H, W, C] -> f32[N, K] {
${body}
}

recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 3e-3)
  batch = 32
  length = 2 epochs
}

experiment first {
  data = galaxies
  model = small
  recipe = short
  repeat seed over 1 .. 3
  report test.accuracy
}
${more}`;
}
