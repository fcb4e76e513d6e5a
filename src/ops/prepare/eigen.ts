/**
 * Eigenvalues and leading eigenvectors of a symmetric matrix, as Golub and Van Loan, Matrix Computations, chapters 8.2 to 8.4, describe it: Householder
 * reflections down to a tridiagonal matrix, its eigenvalues by implicit QR steps with Wilkinson's shift, its eigenvectors by inverse
 * iteration.
 */
export interface Eigen {
  /** All of them, the greatest first. */
  readonly values: Float64Array;
  /** Unit vectors of the first, orthogonal to one another; signs are as they come. */
  readonly vectors: readonly Float64Array[];
}

/** `rows` are those of a symmetric matrix of finite numbers; they are overwritten. About n^3 multiplications. */
export function symmetricEigen(rows: readonly Float64Array[], count: number): Eigen {
  const { matrix, reflections } = tridiagonal(rows);
  const values = eigenvalues(matrix);
  const vectors: Float64Array[] = [];
  for (const value of values.subarray(0, count)) vectors.push(eigenvector(matrix, value, vectors));
  for (const vector of vectors) for (const each of reflections.toReversed()) reflect(vector, each);
  return { values, vectors };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** What stands beside the diagonal; the last is 0. */
  readonly beside: Float64Array;
}

/** 1 - beta v v', where v is 0 before `from`. */
interface Reflection {
  readonly v: Float64Array;
  readonly beta: number;
  readonly from: number;
}

function reflect(vector: Float64Array, { v, beta, from }: Reflection): void {
  add(vector, v, -beta * dot(vector, v, from), from);
}

/** Algorithm 8.3.1: the matrix is that of `matrix`, with the reflections on both sides, the first outermost. */
function tridiagonal(a: readonly Float64Array[]): {
  readonly matrix: Tridiagonal;
  readonly reflections: readonly Reflection[];
} {
  const n = a.length;
  const reflections: Reflection[] = [];
  const beside = new Float64Array(n);
  for (let from = 1; from < n; from++) {
    // The row before `from` is to become (beside, 0, ..., 0) behind its diagonal.
    const v = new Float64Array(n);
    v.set(a[from - 1]!.subarray(from), from);
    const norm = Math.sqrt(dot(v, v, from));
    beside[from - 1] = v[from]! > 0 ? -norm : norm;
    v[from] = v[from]! - beside[from - 1]!;
    const length = dot(v, v, from);
    if (length === 0) continue;
    const beta = 2 / length;
    reflections.push({ v, beta, from });
    // The rest becomes A - v w' - w v', with w = p - (beta p'v / 2) v and p = beta A v.
    const w = new Float64Array(n);
    for (let i = from; i < n; i++) w[i] = beta * dot(a[i]!, v, from);
    add(w, v, (-beta * dot(w, v, from)) / 2, from);
    for (let i = from; i < n; i++) {
      const row = a[i]!;
      const vi = v[i]!;
      const wi = w[i]!;
      for (let j = from; j < n; j++) row[j] = row[j]! - (vi * w[j]! + wi * v[j]!);
    }
  }
  return { matrix: { diagonal: Float64Array.from(a, (row, i) => row[i]!), beside }, reflections };
}

const normOf = ({ diagonal, beside }: Tridiagonal): number =>
  diagonal.reduce((most, value, i) => Math.max(most, Math.abs(value), Math.abs(beside[i]!)), 0);

/** Algorithm 8.3.3 without vectors. */
function eigenvalues(matrix: Tridiagonal): Float64Array {
  const diagonal = matrix.diagonal.slice();
  const beside = matrix.beside.slice();
  const least = Number.EPSILON * normOf(matrix);
  const small = (i: number): boolean => Math.abs(beside[i]!) <= least;
  for (let last = diagonal.length - 1; last > 0; )
    if (small(last - 1)) last--;
    else {
      let first = last - 1;
      while (first > 0 && !small(first - 1)) first--;
      qrStep(diagonal, beside, first, last);
    }
  return diagonal.sort().reverse();
}

/** Algorithm 8.3.2: a rotation of each two neighbours, from `first` to `last`, chases the bulge of the one before. */
function qrStep(diagonal: Float64Array, beside: Float64Array, first: number, last: number): void {
  const half = (diagonal[last - 1]! - diagonal[last]!) / 2;
  const b = beside[last - 1]!;
  const shift = diagonal[last]! - b ** 2 / (half + (half < 0 ? -1 : 1) * Math.hypot(half, b));
  let x = diagonal[first]! - shift;
  let bulge = beside[first]!;
  for (let k = first; k < last; k++) {
    const r = Math.hypot(x, bulge);
    const cos = r === 0 ? 1 : x / r;
    const sin = r === 0 ? 0 : bulge / r;
    if (k > first) beside[k - 1] = r;
    const upper = diagonal[k]!;
    const lower = diagonal[k + 1]!;
    const between = beside[k]!;
    const both = 2 * cos * sin * between;
    diagonal[k] = cos ** 2 * upper + both + sin ** 2 * lower;
    diagonal[k + 1] = sin ** 2 * upper - both + cos ** 2 * lower;
    beside[k] = cos * sin * (lower - upper) + (cos ** 2 - sin ** 2) * between;
    x = beside[k]!;
    if (k + 1 < last) {
      bulge = sin * beside[k + 1]!;
      beside[k + 1] = cos * beside[k + 1]!;
    }
  }
}

/** Solving with T - value magnifies what belongs to the value; `others` have their own. */
function eigenvector(matrix: Tridiagonal, value: number, others: readonly Float64Array[]): Float64Array {
  // Any numbers do that no eigenvector is orthogonal to: those of Knuth's multiplicative hash.
  const x = matrix.diagonal.map(
    (_, i) => (Math.imul((i + 1) * (others.length + 1), 0x9e3779b1) >>> 0) / 2 ** 32 - 0.5,
  );
  for (let round = 0; round < 4; round++) {
    solve(matrix, value, x);
    // Twice, as the first may leave little of the vector.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of others) add(x, other, -dot(x, other, 0), 0);
      const length = Math.sqrt(dot(x, x, 0));
      for (let i = 0; i < x.length; i++) x[i] = x[i]! / length;
    }
  }
  return x;
}

/** (T - value) x = b, with b in the place of x: elimination with pivots, which takes up to two entries behind the diagonal. */
function solve(matrix: Tridiagonal, value: number, x: Float64Array): void {
  const n = x.length;
  const pivot = matrix.diagonal.map((entry) => entry - value);
  const second = matrix.beside.slice();
  const third = new Float64Array(n);
  const least = Number.EPSILON * normOf(matrix) || 1;
  for (let i = 0; i + 1 < n; i++) {
    let below = matrix.beside[i]!;
    if (Math.abs(below) > Math.abs(pivot[i]!)) {
      [pivot[i], below] = [below, pivot[i]!];
      [second[i], pivot[i + 1]] = [pivot[i + 1]!, second[i]!];
      [third[i], second[i + 1]] = [second[i + 1]!, 0];
      [x[i], x[i + 1]] = [x[i + 1]!, x[i]!];
    }
    if (Math.abs(pivot[i]!) < least) pivot[i] = least;
    const factor = below / pivot[i]!;
    pivot[i + 1] = pivot[i + 1]! - factor * second[i]!;
    second[i + 1] = second[i + 1]! - factor * third[i]!;
    x[i + 1] = x[i + 1]! - factor * x[i]!;
  }
  if (Math.abs(pivot[n - 1]!) < least) pivot[n - 1] = least;
  for (let i = n - 1; i >= 0; i--)
    x[i] = (x[i]! - second[i]! * (x[i + 1] ?? 0) - third[i]! * (x[i + 2] ?? 0)) / pivot[i]!;
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number, from: number): void {
  for (let i = from; i < to.length; i++) to[i] = to[i]! + times * what[i]!;
}
