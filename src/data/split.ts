/** Which rows train, watch and answer. */
import { permutation, streamKey } from "../ops/philox.ts";
import type { Parameters } from "../ops/signature.ts";
import { DataError } from "./error.ts";

export type Rows = Readonly<Record<"train" | "valid" | "test", Int32Array>>;

/** What `by` refers to: each row's integer, from 0 to `count - 1`. */
export interface Labels {
  readonly values: ArrayLike<number>;
  readonly count: number;
  /** A group: rows with the same integer stay together. */
  readonly whole?: boolean;
}

/**
 * Divides rows 0 .. count-1. Rows are drawn test first, then valid, then train, in one order that the seed fixes; so the test
 * rows depend on the test share alone, and a smaller train share is a part of a larger one. Row lists ascend.
 */
export function splitRows(
  name: string,
  parameters: Parameters,
  count: number,
  by: Labels | undefined,
  given: Uint8Array | null,
): Rows {
  const order = permutation(count, streamKey(parameters.seed as string, "split"));
  switch (name) {
    case "random":
      return drawStratified(order, shares(parameters), { values: new Uint8Array(count), count: 1 });
    case "stratified":
      return drawStratified(order, shares(parameters), by!);
    case "grouped":
    case "by_region":
      return drawGroups(order, shares(parameters), by!);
    case "k_fold":
      return drawFold(order, parameters, by);
    case "given":
      return drawGiven(order, parameters.valid as number, given);
    default:
      throw new DataError(`\`split = ${name}(...)\` is not in this version`);
  }
}

interface Shares {
  readonly test: number;
  readonly valid: number;
  readonly train: number;
}

function shares(parameters: Parameters): Shares {
  const [train, valid, test] = [parameters.train, parameters.valid, parameters.test] as [
    number,
    number,
    number,
  ];
  if (train + valid + test > 1 + 1e-9)
    throw new DataError(
      `The shares of the split are more than the whole: ${percent(train)} + ${percent(valid)} + ${percent(test)} = ${percent(train + valid + test)}`,
      "make train, valid and test add up to 100% or less",
    );
  return { train, valid, test };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(4))}%`;

const ascending = (rows: number[]): Int32Array => Int32Array.from(rows).sort();

/** Each class's share in every split is the share it has in the whole, as nearly as whole rows allow (largest remainders). */
function drawStratified(order: Int32Array, { test, valid, train }: Shares, by: Labels): Rows {
  const rowsOf: number[][] = Array.from({ length: by.count }, () => []);
  for (const row of order) rowsOf[by.values[row]!]!.push(row);
  const taken = new Array<number>(by.count).fill(0);
  let total = 0;
  const take = (upTo: number): Int32Array => {
    const wanted = Math.round(Math.min(1, upTo) * order.length) - total;
    const quotas = rowsOf.map((rows, c) =>
      Math.max(0, Math.min(upTo * rows.length, rows.length) - taken[c]!),
    );
    const counts = apportion(
      quotas,
      rowsOf.map((rows, c) => rows.length - taken[c]!),
      wanted,
    );
    const drawn: number[] = [];
    rowsOf.forEach((rows, c) => {
      const end = taken[c]! + counts[c]!;
      for (let i = taken[c]!; i < end; i++) drawn.push(rows[i]!);
      taken[c] = end;
    });
    total += drawn.length;
    return ascending(drawn);
  };
  return { test: take(test), valid: take(test + valid), train: take(test + valid + train) };
}

/** Whole numbers near `quotas` that sum to `total`, none above `limits`: floors, then the largest remainders one more each. */
function apportion(quotas: readonly number[], limits: readonly number[], total: number): number[] {
  // A quota that is whole but for rounding must not lose a row to its floor.
  const counts = quotas.map((quota, i) => Math.min(limits[i]!, Math.floor(quota + 1e-9)));
  let left = total - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = quotas
    .map((quota, i) => ({ i, remainder: quota - counts[i]! }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  while (left > 0) {
    const before = left;
    for (const { i } of byRemainder)
      if (left > 0 && counts[i]! < limits[i]!) {
        counts[i] = counts[i]! + 1;
        left--;
      }
    if (left === before) break;
  }
  return counts;
}

/** Whole groups, in the order in which their first row is drawn, until a split is as near to its share as it gets. */
function drawGroups(order: Int32Array, { test, valid, train }: Shares, by: Labels): Rows {
  const groups = new Map<number, number[]>();
  for (const row of order) {
    const rows = groups.get(by.values[row]!) ?? [];
    rows.push(row);
    groups.set(by.values[row]!, rows);
  }
  const waiting = [...groups.values()];
  let next = 0;
  let total = 0;
  const take = (upTo: number): Int32Array => {
    const bound = Math.min(1, upTo) * order.length;
    const drawn: number[] = [];
    while (next < waiting.length && total + waiting[next]!.length / 2 <= bound + 1e-9) {
      for (const row of waiting[next]!) drawn.push(row);
      total += waiting[next]!.length;
      next++;
    }
    return ascending(drawn);
  };
  return { test: take(test), valid: take(test + valid), train: take(test + valid + train) };
}

/** The fold is the test split; `valid` is a share of all rows, drawn from the others, and these train. */
function drawFold(order: Int32Array, parameters: Parameters, by: Labels | undefined): Rows {
  const { k, fold, valid } = parameters as { k: number; fold: number; valid: number };
  const labels = by ?? { values: new Uint8Array(order.length), count: 1 };
  const folds = labels.whole ? foldsOfGroups(order, k, labels) : foldsOfClasses(order, k, labels);
  const test = Int32Array.from(order.filter((row) => folds[row] === fold - 1));
  const rest = order.filter((row) => folds[row] !== fold - 1);
  const share = rest.length === 0 ? 0 : Math.min(1, (valid * order.length) / rest.length);
  const draw = labels.whole ? drawGroups : drawStratified;
  // What of the other rows is not watched trains: their `test` share is nothing.
  const drawn = draw(rest, { test: 0, valid: share, train: 1 - share }, labels);
  return { test: test.sort(), valid: drawn.valid, train: drawn.train };
}

/** Every class is dealt out in turn, going on where the one before ended: folds and classes in them differ by one row at most. */
function foldsOfClasses(order: Int32Array, k: number, by: Labels): Int32Array {
  const rowsOf: number[][] = Array.from({ length: by.count }, () => []);
  for (const row of order) rowsOf[by.values[row]!]!.push(row);
  const folds = new Int32Array(order.length);
  let next = 0;
  for (const row of rowsOf.flat()) folds[row] = next++ % k;
  return folds;
}

/** Whole groups, the largest first, each to the fold that has the fewest rows. */
function foldsOfGroups(order: Int32Array, k: number, by: Labels): Int32Array {
  const groups = new Map<number, number[]>();
  for (const row of order) groups.set(by.values[row]!, [...(groups.get(by.values[row]!) ?? []), row]);
  const sizes = new Array<number>(k).fill(0);
  const folds = new Int32Array(order.length);
  for (const rows of [...groups.values()].sort((a, b) => b.length - a.length)) {
    const least = sizes.indexOf(Math.min(...sizes));
    for (const row of rows) folds[row] = least;
    sizes[least] = sizes[least]! + rows.length;
  }
  return folds;
}

function drawGiven(order: Int32Array, valid: number, given: Uint8Array | null): Rows {
  if (!given)
    throw new DataError(
      "`split = given(...)` needs a source that brings a train and a test part, and this one does not",
      "use stratified(by: ..., train: 70%, valid: 15%, test: 15%, seed: 1)",
    );
  const test: number[] = [];
  const rest: number[] = [];
  for (const row of order) (given[row] ? test : rest).push(row);
  const count = Math.round(valid * rest.length);
  return {
    test: ascending(test),
    valid: ascending(rest.slice(0, count)),
    train: ascending(rest.slice(count)),
  };
}
