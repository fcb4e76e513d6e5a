/** Files that exist only in a test, on top of the standard library; and what the user is told about them. */
import { diskHost } from "../../src/cli/host.ts";
import { createReporter, type Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../src/diagnostics/render-terminal.ts";
import type { Host } from "../../src/modules/host.ts";
import type { SetOption } from "../../src/study/overrides.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/plan-study.ts";

export interface Planned {
  /** Undefined where there are errors. */
  readonly plan: Plan | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** As the terminal shows them. */
  readonly told: string;
  /** What cannot be run in this version. */
  readonly later: readonly string[];
  /** What the checks of the design found in order, by experiment. */
  readonly assured: Readonly<Record<string, readonly string[]>>;
}

export function hostOf(files: Readonly<Record<string, string>>): Host {
  return {
    read: (path) => files[path],
    resolve: diskHost.resolve,
    standard: diskHost.standard,
    standardModules: diskHost.standardModules,
  };
}

/** `--set` options are written as on the command line. */
export function planText(
  text: string,
  options: { readonly set?: readonly string[]; readonly experiment?: string; readonly path?: string } = {},
): Planned {
  const path = options.path ?? "study.dl";
  return planFile(path, { ...options, host: hostOf({ [path]: text }) });
}

export function planFile(
  path: string,
  options: { readonly set?: readonly string[]; readonly experiment?: string; readonly host?: Host } = {},
): Planned {
  const reporter = createReporter();
  const set = (options.set ?? []).map((option): SetOption => {
    const at = option.indexOf("=");
    return { path: option.slice(0, at), text: option.slice(at + 1) };
  });
  const { experiment } = options;
  const planned = planStudy(path, {
    host: options.host ?? diskHost,
    reporter,
    set,
    ...(experiment !== undefined && { experiment }),
  });
  const told = renderDiagnostics(reporter.diagnostics, { colour: false, unicode: true, width: 100 });
  const later = planned?.later.map(({ message }) => message) ?? [];
  const assured = planned?.assured ?? {};
  return { plan: planned?.plan, diagnostics: reporter.diagnostics, told, later, assured };
}

const galaxies = `data galaxies {
  source = simulate.galaxies(count: 600, size: 32 px, bands: [Y, J, H], seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  keep snr : f32 = source.snr
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { standardize }
}`;

const networks = `model small(width: int = 8) : f32[N, H, W, C] -> f32[N, K] {
  conv(width, kernel: 3); relu
  global_avg_pool
  dense(K)
}
model wide : f32[N, H, W, C] -> f32[N, K] {
  conv(16, kernel: 3); relu
  global_avg_pool
  dense(K)
}`;

const recipe = `recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 0.01)
  batch = 32
  length = 2 epochs
}`;

const experiment = `experiment question {
  data = galaxies
  recipe = short
  vary model over { a: small, b: small(width: 9) }
  repeat seed over 1 .. 6
  report test.accuracy as mean_ci(95%)
  compare b - a on test.accuracy paired by seed
  allow DL6005 because "a test"
}`;

/** A small study that is in order, with parts of it replaced. */
export function study(
  replaced: Partial<Record<"galaxies" | "networks" | "recipe" | "experiment", string>> = {},
): string {
  const parts = { galaxies, networks, recipe, experiment, ...replaced };
  return `edition 2026\n\n${parts.galaxies}\n\n${parts.networks}\n\n${parts.recipe}\n\n${parts.experiment}\n`;
}

/** The experiment with these lines after data and recipe. */
export function asking(lines: string): string {
  return study({ experiment: `experiment question {\n  data = galaxies\n  recipe = short\n${lines}\n}` });
}

/** The same, with networks that may differ in a layer and have equally many parameters: `small(unit: tanh)`. */
export function askingOfUnits(lines: string): string {
  return asking(lines)
    .replace("small(width: int = 8)", "small(width: int = 8, unit: layer = relu)")
    .replace("kernel: 3); relu", "kernel: 3); unit");
}
