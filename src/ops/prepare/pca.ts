import { shapeOfField, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import { isProblem } from "../layers/window.ts";
import type { Fitted, PrepareOp, Row } from "../prepare.ts";
import { type Eigen, symmetricEigen } from "./eigen.ts";
import { asNumbers } from "./row.ts";

/** Of rows or of numbers a row, whichever are fewer: the work grows with its cube, and takes minutes there. */
const most = 4096;

export const pca: PrepareOp = {
  name: "pca",
  family: "prepare",
  version: 1,
  doc: `Keeps the first principal components of the training rows (Pearson 1901): takes away their mean, and projects each row onto the orthogonal directions in which the training rows vary most, the greatest first.

A direction has unit length, and its entry of the greatest size is positive. Components have mean 0 and the variance of their direction; \`pca(8); standardize\` gives them variance 1 (whitening). Where the training rows vary in fewer directions, the components that are left are 0. Of a target the step is not undone: metrics are of the components.`,
  example: `data few = galaxies with { prepare image { flatten; pca(16); standardize } }
experiment ask = question with {
  data = few
  model = std.tabular.mlp([32])
}`,
  parameters: [
    {
      name: "components",
      type: { kind: "int", min: 1 },
      doc: "How many are kept: the length of a row after the step.",
    },
  ],
  infer(type, { components }) {
    const numbers = asNumbers("pca", type);
    if ("problem" in numbers) return numbers;
    if (numbers.shape.length !== 1)
      return {
        problem: `\`pca\` works on rows of numbers, with a type like f32[100], but this field is ${showField(numbers)}`,
        ...(numbers.shape.length > 1 && { hint: "put `flatten` before `pca`" }),
      };
    const [length] = numbers.shape;
    if (typeof length === "number" && length < (components as number))
      return {
        problem: `\`pca\` cannot make ${components} components of the ${length} numbers of ${showField(numbers)}`,
        hint: `give ${length} or fewer`,
      };
    return { ...numbers, shape: [components as number] };
  },
  statistics: (type) => shapeOfField(type)[0]!,
  fit(rows, { components }) {
    const mean = meanOf(rows);
    return isProblem(mean) ? mean : fitComponents(mean, components as number);
  },
  apply({ data }, { components }, fitted) {
    const { mean, directions } = fitted as { mean: readonly number[]; directions: readonly number[] };
    const out = new Float32Array(components as number);
    for (let k = 0, at = 0; k < out.length; k++) {
      let sum = 0;
      for (let i = 0; i < mean.length; i++) sum += ((data[i] as number) - mean[i]!) * directions[at++]!;
      out[k] = sum;
    }
    return { shape: [out.length], data: out };
  },
  tell({ components }, fitted) {
    const kept = fitted.share!.reduce((sum, share) => sum + share, 0);
    return `\`pca(${components})\` keeps ${(100 * kept).toFixed(1)} % of the variance of the training rows`;
  },
};

interface Centred {
  readonly mean: Float64Array;
  readonly count: number;
  /** The rows less their mean, in one array that is filled anew for each. */
  each(): Iterable<Float64Array>;
}

function meanOf(rows: Iterable<Row>): Centred | ShapeProblem {
  let mean = new Float64Array(0);
  let count = 0;
  for (const { data } of rows) {
    if (count === 0) mean = new Float64Array(data.length);
    count++;
    for (let i = 0; i < mean.length; i++) mean[i] = mean[i]! + ((data[i] as number) - mean[i]!) / count;
  }
  if (!mean.every(Number.isFinite))
    return {
      problem: "`pca` needs numbers, and the training rows hold NaN or infinite ones",
      hint: "add `replace_nan(0)` before `pca`, or leave such rows out with `where`",
    };
  return {
    mean,
    count,
    *each() {
      const centred = new Float64Array(mean.length);
      for (const { data } of rows) {
        for (let i = 0; i < mean.length; i++) centred[i] = (data[i] as number) - mean[i]!;
        yield centred;
      }
    },
  };
}

/**
 * The eigenvectors of the covariance X'X; or, where rows are fewer than the numbers in each, of the smaller X X', whose eigenvectors u
 * give X'u.
 */
function fitComponents(centred: Centred, components: number): Fitted | ShapeProblem {
  const { mean, count } = centred;
  if (Math.min(count, mean.length) > most)
    return {
      problem: `\`pca\` of ${count} training rows of ${mean.length} numbers is more than it can do: one of the two may be ${most} at most`,
      hint: "make the rows shorter before `pca`, as images with `resize`",
    };
  const spread = count < mean.length ? ofRows : ofNumbers;
  const { values, vectors } = spread(centred, components);
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  const share = new Float64Array(components);
  const directions = new Float64Array(components * mean.length);
  // What is less is rounding, and so would be its direction.
  const least = values[0]! * mean.length * Number.EPSILON;
  for (let k = 0; k < components && values[k]! > least; k++) {
    share[k] = values[k]! / total;
    directions.set(upright(vectors[k]!), k * mean.length);
  }
  return { mean: [...mean], directions: [...directions], share: [...share] };
}

function ofNumbers({ mean, each }: Centred, components: number): Eigen {
  const covariance = Array.from(mean, () => new Float64Array(mean.length));
  for (const row of each())
    for (let i = 0; i < row.length; i++) {
      const x = row[i]!;
      const sums = covariance[i]!;
      for (let j = 0; j <= i; j++) sums[j] = sums[j]! + x * row[j]!;
    }
  return symmetricEigen(whole(covariance), components);
}

function ofRows({ mean, each }: Centred, components: number): Eigen {
  const rows = Array.from(each(), (row) => row.slice());
  const products = rows.map((row, i) => {
    const out = new Float64Array(rows.length);
    for (let j = 0; j <= i; j++) {
      const other = rows[j]!;
      let sum = 0;
      for (let d = 0; d < row.length; d++) sum += row[d]! * other[d]!;
      out[j] = sum;
    }
    return out;
  });
  const { values, vectors } = symmetricEigen(whole(products), components);
  const directions = vectors.map((vector) => {
    const out = new Float64Array(mean.length);
    for (const [i, row] of rows.entries())
      for (let d = 0; d < out.length; d++) out[d] = out[d]! + vector[i]! * row[d]!;
    const length = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0));
    return out.map((x) => x / length);
  });
  return { values, vectors: directions };
}

/** A symmetric matrix that is filled on and left of the diagonal. */
function whole(matrix: readonly Float64Array[]): readonly Float64Array[] {
  for (const [i, row] of matrix.entries()) for (let j = 0; j < i; j++) matrix[j]![i] = row[j]!;
  return matrix;
}

/** With its entry of the greatest size positive, the first of equals. */
function upright(vector: Float64Array): Float64Array {
  let greatest = 0;
  for (const x of vector) if (Math.abs(x) > Math.abs(greatest)) greatest = x;
  return greatest < 0 ? vector.map((x) => -x) : vector;
}
