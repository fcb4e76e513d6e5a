import type { StudyHost } from "../study/source-columns.ts";
import { hover } from "./hover.ts";
import { inlays } from "./inlays.ts";
import { tokens } from "./tokens.ts";
import { createWorkspace } from "./workspace.ts";

const path = "practice.dl";

const stage = (i: number): string => `  branch main${i} {
    conv_bn_relu(width, kernel: 3)
    conv(width, kernel: 1)
    batch_norm
  }
  it + main${i}
  relu
  step(width)`;

/** A study with what many studies have; `kernel` is what is typed. */
export const practiceStudy = (kernel: number): string => `edition 2026

import std.vision { conv_bn_relu, residual }

data galaxies {
  source = simulate.galaxies(count: 900, size: 32 px, bands: [Y, J, H], classes: [star, spiral],
    pixel: 0.3 arcsec, fwhm: 0.5 arcsec, magnitude: 18 .. 23, seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[2] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { standardize }
}

/// One step.
block step(c: int, kernel: int = 3) : f32[N, H, W, A] -> f32[N, H, W, c] {
  conv(c, kernel: kernel)
  relu
}

model deep(width: int = 16) : f32[N, H, W, C] -> f32[N, K] {
  conv_bn_relu(width, kernel: ${kernel})
${Array.from({ length: 12 }, (_, i) => stage(i)).join("\n")}
  residual(width)
  global_avg_pool
  dense(K)
}

recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 3e-3)
  schedule = cosine(warmup: 1 epoch)
  batch = 32
  length = 8 epochs
}

experiment depth {
  data = galaxies
  recipe = short
  vary model over { deep: deep(16), wide: deep(24) }
  repeat seed over 1 .. 8
  report test.accuracy as mean_ci(95%)
  compare deep - wide on test.accuracy paired by seed
}
`;

/** Each is one key. */
const rounds = 60;
/** How long nothing is done between two, so that who types does not wait. */
const rest = 5; // milliseconds

/**
 * Answers keys that nobody has typed, while the editor asks for nothing. V8 compiles well what has run often: without practice the
 * first dozen keys of a session take several times as long as those that follow.
 */
export function practise(host: StudyHost): void {
  let text = "";
  const workspace = createWorkspace({
    ...host,
    standardModules: host.standardModules,
    read: (other) => (other === path ? text : host.read(other)),
  });
  const next = (round: number) => {
    text = practiceStudy([3, 5, 7][round % 3]!);
    workspace.changed(path);
    const analysis = workspace.analysis(path);
    hover(analysis, text.indexOf("kernel: ", text.indexOf("model deep")));
    void analysis.diagnostics;
    inlays(analysis);
    tokens(analysis);
    if (round < rounds) setTimeout(next, rest, round + 1).unref();
  };
  setTimeout(next, rest, 1).unref();
}
