/** Which rows train, watch and answer. */
import { permutation, streamKey } from "../ops/philox.ts";
import type { Parameters } from "../ops/signature.ts";
import { DataError } from "./error.ts";

export type Rows = Readonly<Record<"train" | "valid" | "test", Int32Array>>;

/** What `by` refers to: each row's integer. */
export interface Labels {
  readonly values: ArrayLike<number>;
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
      return drawStratified(order, shares(parameters), { values: new Uint8Array(count) });
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
      throw new DataError(`\`split = ${name}(...)\` is not in this version`, undefined, { at: "split" });
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
      { at: "split" },
    );
  return { train, valid, test };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(4))}%`;

const ascending = (rows: number[]): Int32Array => Int32Array.from(rows).sort();

/** Consecutive parts of an order in which every beginning has each class's share: so a smaller share is a part of a larger one. */
function drawStratified(order: Int32Array, { test, valid, train }: Shares, by: Labels): Rows {
  const mixed = evenlyMixed(order, by);
  const end = (upTo: number): number => Math.round(Math.min(1, upTo) * mixed.length);
  const [first, second, third] = [end(test), end(test + valid), end(test + valid + train)];
  return {
    test: ascending(mixed.slice(0, first)),
    valid: ascending(mixed.slice(first, second)),
    train: ascending(mixed.slice(second, third)),
  };
}

/**
 * The rows in an order of which every beginning of k rows has less than one row more or less of each class than its share of k.
 * The i-th of the n_c rows of a class may come once i n / n_c places are filled and must come before (i + 1) n / n_c are; of those
 * that may, the one that must come first is taken (proportionate fairness, Baruah et al. 1996).
 */
function evenlyMixed(order: Int32Array, by: Labels): number[] {
  const classes = rowsByLabel(order, by).map((rows) => ({ rows, taken: 0 }));
  return Array.from(order, (_, place) => {
    let next = classes[0]!;
    let soonest = Number.POSITIVE_INFINITY;
    for (const each of classes) {
      const { length } = each.rows;
      if (each.taken === length || Math.floor((each.taken * order.length) / length) > place) continue;
      const deadline = Math.ceil(((each.taken + 1) * order.length) / length);
      if (deadline < soonest) [next, soonest] = [each, deadline];
    }
    return next.rows[next.taken++]!;
  });
}

/** The rows of each label, in the order in which they are drawn; labels in the order of their first row. */
function rowsByLabel(order: Int32Array, by: Labels): number[][] {
  const rows = new Map<number, number[]>();
  for (const row of order) {
    const label = by.values[row]!;
    const known = rows.get(label);
    if (known) known.push(row);
    else rows.set(label, [row]);
  }
  return [...rows.values()];
}

/** Whole groups, in the order in which their first row is drawn, until a split is as near to its share as it gets. */
function drawGroups(order: Int32Array, { test, valid, train }: Shares, by: Labels): Rows {
  const waiting = rowsByLabel(order, by);
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
  const labels = by ?? { values: new Uint8Array(order.length) };
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
  const folds = new Int32Array(order.length);
  let next = 0;
  for (const row of rowsByLabel(order, by).flat()) folds[row] = next++ % k;
  return folds;
}

/** Whole groups, the largest first, each to the fold that has the fewest rows. */
function foldsOfGroups(order: Int32Array, k: number, by: Labels): Int32Array {
  const sizes = new Array<number>(k).fill(0);
  const folds = new Int32Array(order.length);
  for (const rows of rowsByLabel(order, by).sort((a, b) => b.length - a.length)) {
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
      { at: "split" },
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
