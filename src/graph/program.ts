/** What an engine compiles: entry points that share variables. */
import type { Node, Value, Variable } from "../ops/node.ts";

/** One way into a program. */
export interface Entry {
  /** Placeholders by name. */
  readonly feeds: Readonly<Record<string, Value>>;
  readonly fetches: Readonly<Record<string, Value>>;
  /** Nodes run for their effect: assignments, optimizer updates. All of them read the variables as they were before. */
  readonly targets: readonly Node[];
}

/** A set of entry points that share variables. */
export interface Program {
  readonly variables: readonly Variable[];
  readonly entries: Readonly<Record<string, Entry>>;
}
