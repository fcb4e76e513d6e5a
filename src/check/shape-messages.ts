/** Diagnostics of shapes (DL31xx), dtypes (DL32xx) and of bodies. */
import { define } from "../diagnostics/diagnostic.ts";
import { showCount } from "../text/count.ts";

export const misplacedStatement = define(
  "DL2013",
  "misplaced-statement",
  "error",
  (p: { what: string; in: string }) => `${p.what} does not belong in a ${p.in}`,
);

export const takenName = define(
  "DL2014",
  "taken-name",
  "error",
  (p: { name: string; is: string }) => `a tensor cannot be called \`${p.name}\`: that is ${p.is}`,
);

export const reachesItself = define(
  "DL2015",
  "reaches-itself",
  "error",
  (p: { loop: readonly string[] }) => `\`${p.loop[0]}\` is built from itself: ${p.loop.join(" -> ")}`,
);

export const ambiguousName = define(
  "DL2016",
  "ambiguous-name",
  "error",
  (p: { name: string; first: string; second: string }) => `\`${p.name}\` is both ${p.first} and ${p.second}`,
);

/** Of losses and metrics; see `study/` for what else can be wrong with them. */
export const lossDoesNotFit = define(
  "DL5009",
  "loss-does-not-fit",
  "error",
  (p: { problem: string }) => p.problem,
);

export const metricDoesNotFit = define(
  "DL5010",
  "metric-does-not-fit",
  "error",
  (p: { problem: string }) => p.problem,
);

export const shapeMismatch = define(
  "DL3101",
  "shape-mismatch",
  "error",
  (p: { left: string; right: string; axes: string }) => `${p.left} and ${p.right} disagree on ${p.axes}`,
);

export const layerDoesNotFit = define(
  "DL3102",
  "layer-does-not-fit",
  "error",
  (p: { problem: string }) => p.problem,
);

export const inputMismatch = define(
  "DL3103",
  "input-mismatch",
  "error",
  (p: { name: string; takes: string; got: string }) => `\`${p.name}\` takes ${p.takes}, not ${p.got}`,
);

export const outputMismatch = define(
  "DL3104",
  "output-mismatch",
  "error",
  (p: { name: string; promises: string; ends: string }) =>
    `\`${p.name}\` promises ${p.promises} and ends as ${p.ends}`,
);

export const statedShape = define(
  "DL3105",
  "stated-shape",
  "error",
  (p: { stated: string; is: string }) => `this is ${p.is}, not ${p.stated}`,
);

export const dimensionProblem = define(
  "DL3106",
  "dimension-problem",
  "error",
  (p: { problem: string }) => p.problem,
);

export const unknownDimension = define(
  "DL3107",
  "unknown-dimension",
  "error",
  (p: { name: string }) => `nothing says how large \`${p.name}\` is`,
);

export const noTensor = define(
  "DL3108",
  "no-tensor",
  "error",
  (p: { what: string }) => `there is no tensor yet for ${p.what}`,
);

export const wrongNumberOfInputs = define(
  "DL3109",
  "wrong-number-of-inputs",
  "error",
  (p: { name: string; takes: string; got: number }) =>
    `\`${p.name}\` takes ${p.takes}, and ${p.got === 1 ? "one is" : `${p.got} are`} given`,
);

export const tooLarge = define(
  "DL3110",
  "too-large",
  "error",
  (p: { name: string; limit: number }) => `\`${p.name}\` expands to more than ${showCount(p.limit)} layers`,
);

export const missingOutput = define(
  "DL3111",
  "missing-output",
  "error",
  (p: { model: string; name: string }) => `the body of \`${p.model}\` does not set the output \`${p.name}\``,
);

export const unboundInput = define(
  "DL3112",
  "unbound-input",
  "error",
  (p: { model: string; name: string | undefined }) =>
    p.name === undefined
      ? `\`${p.model}\` has one input, and the data have several`
      : `no input field is called \`${p.name}\`, as \`${p.model}\` has it`,
);

export const notALayer = define(
  "DL3113",
  "not-a-layer",
  "error",
  (p: { got: string }) => `a layer or a tensor is needed here, not ${p.got}`,
);

export const channelsFirst = define(
  "DL3114",
  "channels-first",
  "warning",
  (p: { written: string }) => `${p.written} names the channels first, and the last axis is taken for them`,
);

export const dtypeMismatch = define(
  "DL3201",
  "dtype-mismatch",
  "error",
  (p: { problem: string }) => p.problem,
);
