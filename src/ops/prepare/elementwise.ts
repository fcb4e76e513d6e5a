/** Steps that change each number on its own, or by numbers of its own row: nothing is fitted. */
import type { PrepareOp } from "../prepare.ts";
import type { Parameter, Parameters } from "../signature.ts";
import { asNumbers } from "./row.ts";

function elementwise(
  name: string,
  doc: string,
  parameters: readonly Parameter[],
  /** From a row to what its numbers become. */
  rule: (row: ArrayLike<number>, parameters: Parameters) => (x: number) => number,
  /** With its arguments, where it has some. */
  example?: string,
): PrepareOp {
  return {
    name,
    family: "prepare",
    version: 1,
    doc,
    example: `prepare image { ${example ?? name} }`,
    parameters,
    infer: (type) => asNumbers(name, type),
    apply(row, given) {
      const data = row.data as Float32Array;
      return { shape: row.shape, data: data.map(rule(data, given)) };
    },
  };
}

const range: Parameter = {
  name: "range",
  type: { kind: "range" },
  doc: "The least and the greatest value that are kept: `-0.1 .. 4`.",
};

const softening = (doc: string): Parameter => ({
  name: "softening",
  type: { kind: "real", min: 1e-12 },
  default: 1,
  doc,
});

function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function fold(values: ArrayLike<number>, step: (sum: number, x: number) => number, start: number): number {
  let sum = start;
  for (let i = 0; i < values.length; i++) sum = step(sum, values[i]!);
  return sum;
}

const total = (values: ArrayLike<number>): number => fold(values, (sum, x) => sum + x, 0);
const mean = (values: ArrayLike<number>): number => total(values) / values.length;

const centres: Readonly<Record<string, (values: ArrayLike<number>) => number>> = {
  median,
  mean,
  max: (values) => fold(values, (a, x) => Math.max(a, x), Number.NEGATIVE_INFINITY),
  sum: total,
};

/** Median and deviation without what is further off than three deviations, until nothing more is. */
function clippedNoise(values: ArrayLike<number>): { readonly centre: number; readonly deviation: number } {
  let kept = Float64Array.from(values);
  for (let round = 0; ; round++) {
    const centre = median(kept);
    const m = mean(kept);
    const deviation = Math.sqrt(mean(kept.map((x) => (x - m) ** 2)));
    const next = kept.filter((x) => Math.abs(x - centre) <= 3 * deviation);
    if (next.length === kept.length || next.length === 0 || round === 20) return { centre, deviation };
    kept = next;
  }
}

export const elementwiseSteps: readonly PrepareOp[] = [
  elementwise(
    "clip",
    "Values outside the range become its nearer end.",
    [range],
    (_, given) => {
      const { from, to } = given.range as unknown as { from: number; to: number };
      return (x) => Math.min(to, Math.max(from, x));
    },
    "clip(-0.1 .. 4)",
  ),
  elementwise(
    "log_stretch",
    "`sign(x) ln(1 + |x| / softening)`: linear for faint pixels, logarithmic for bright ones, defined for negative ones too.",
    [softening("Where linear turns to logarithmic, in the image's units.")],
    (_, given) => (x) => Math.sign(x) * Math.log1p(Math.abs(x) / (given.softening as number)),
    "log_stretch(softening: 2)",
  ),
  elementwise(
    "sqrt_stretch",
    "`sign(x) sqrt(|x|)`: evens out the noise of counted photons.",
    [],
    () => (x) => Math.sign(x) * Math.sqrt(Math.abs(x)),
  ),
  elementwise(
    "divide_by",
    "Divides each row by a number of its own: a light curve by its median, an image by its greatest value. A row whose number is 0 stays as it is.",
    [
      {
        name: "what",
        type: { kind: "word", words: Object.keys(centres) },
        default: "max",
        doc: "`median`, `mean`, `max` or `sum` of the row.",
      },
    ],
    (row, { what }) => {
      const by = centres[what as string]!(row) || 1;
      return (x) => x / by;
    },
    "divide_by(median)",
  ),
  elementwise(
    "standardize_row",
    "Takes away each row's own mean and divides by its own standard deviation (divisor n); a row that never varies becomes 0.",
    [],
    (row) => {
      const centre = mean(row);
      const deviation = Math.sqrt(mean(Array.from(row, (x) => (x - centre) ** 2))) || 1;
      return (x) => (x - centre) / deviation;
    },
  ),
  elementwise(
    "replace_nan",
    "Puts a number in the place of NaN and of infinite values, which no network can use.",
    [{ name: "value", type: { kind: "real" }, default: 0, doc: "What stands in their place." }],
    (_, { value }) =>
      (x) =>
        Number.isFinite(x) ? x : (value as number),
    "replace_nan(0); standardize",
  ),
  elementwise(
    "sigma_threshold",
    "Sets to 0 what is less than so many deviations above the median of its row. Both are measured without the pixels that are more than three deviations off, until no more are (Aniyan and Thorat 2017 use 3).",
    [{ name: "sigmas", type: { kind: "real", min: 0 }, default: 3, doc: "Deviations above the median." }],
    (row, { sigmas }) => {
      const { centre, deviation } = clippedNoise(row);
      const least = centre + (sigmas as number) * deviation;
      return (x) => (x < least ? 0 : x);
    },
    "sigma_threshold(3)",
  ),
];
