/** What the checks of the design found to be in order: what may be said of a study before it is paid for. */
import { listWords } from "../../check/describe.ts";
import type { DataSpec, TrialSpec } from "../plan.ts";
import { pairsIn, parametersOf } from "./arms.ts";
import type { Design } from "./context.ts";
import { alpha, smallestP } from "./pairs.ts";
import type { Met } from "./reach.ts";

/**
 * In clauses, such as `splits share no row`. Only what is so in every trial and every comparison is said; `found` are the codes of
 * what was found wrong, allowed or not, and what they speak against is not said.
 */
export function assured(design: Design, met: readonly Met[], found: ReadonlySet<string>): readonly string[] {
  return [splits(design, found), rows(design, found), arms(design, met, found), reach(met, found)].flatMap(
    (clause) => clause ?? [],
  );
}

function splits({ trials }: Design, found: ReadonlySet<string>): string | undefined {
  if (["DL6002", "DL6010", "DL6015"].some((code) => found.has(code))) return undefined;
  const groups = new Set(trials.map(({ spec }) => groupOf(spec.data)));
  const [group] = groups;
  return groups.size === 1 && group !== undefined
    ? `splits share no row and no ${group}`
    : "splits share no row";
}

/** The group that the split keeps together. */
function groupOf({ split, fields }: DataSpec): string | undefined {
  const { by } = split.parameters;
  return fields.find(({ role, name }) => role === "group" && name === by)?.name;
}

const watched: Readonly<Record<string, string>> = { keep: "the checkpoint", stop: "the end of training" };

/** On which rows something is chosen, and that those of the answer are not among them. */
function rows({ trials, questions }: Design, found: ReadonlySet<string>): string | undefined {
  if (found.has("DL6001") || found.has("DL6016")) return undefined;
  const chosen = new Map<string, Set<string>>();
  const note = (split: string, what: string) => chosen.set(split, (chosen.get(split) ?? new Set()).add(what));
  const last = (path: string) => path.slice(path.lastIndexOf(".") + 1);
  for (const { spec } of questions.choose) note(spec.by.split, last(spec.path));
  for (const { spec } of questions.searches)
    for (const { path } of spec.space) note(spec.by.split, last(path));
  for (const { recipe } of trials)
    for (const { what, metric } of recipe.watched) if (watched[what]) note(metric.split, watched[what]);
  const parts = [...chosen].map(
    ([split, names]) =>
      `${listWords([...names], "and")} ${names.size === 1 ? "is" : "are"} chosen on ${split}`,
  );
  if (questions.metrics.some(({ metric }) => metric.split === "test"))
    parts.push("test is read once a trial");
  return parts.length > 0 ? parts.join(", ") : undefined;
}

function arms({ whole, questions }: Design, met: readonly Met[], found: ReadonlySet<string>) {
  const pairs = met.flatMap(({ spec, meetings }) => meetings.flatMap((each) => pairsIn(spec.factor, each)));
  // A classic learner has no weights and no steps to count.
  if (
    !whole ||
    found.has("DL6017") ||
    pairs.length === 0 ||
    pairs.some((pair) => pair.some(({ learner }) => learner))
  )
    return undefined;
  const tuned = questions.choose.length > 0 || questions.searches.length > 0;
  const equal = [
    ...(found.has("DL6006") ? [] : ["equal budgets"]),
    ...(tuned && !found.has("DL6012") ? ["equal tuning"] : []),
  ];
  const sizes = found.has("DL6005") ? undefined : parametersWithin(pairs);
  const all = sizes === "equal parameters" ? [sizes, ...equal] : [...equal, ...(sizes ? [sizes] : [])];
  return all.length > 0 ? `arms have ${listWords(all, "and")}` : undefined;
}

function parametersWithin(pairs: readonly (readonly [TrialSpec, TrialSpec])[]): string {
  const more = pairs.map((pair) => {
    const [a, b] = pair.map(parametersOf) as [number, number];
    return Math.max(a, b) / Math.min(a, b) - 1;
  });
  const most = Math.max(...more);
  return most === 0 ? "equal parameters" : `parameters within ${Math.ceil(most * 1000) / 10} %`;
}

/** What the fewest pairs can reach, beside what all comparisons together need of the first (Holm). */
function reach(met: readonly Met[], found: ReadonlySet<string>): string | undefined {
  // Of pairs that are divisions of the same rows there is no smallest p.
  const counts = met.filter(({ divided }) => !divided).map(({ pairs }) => pairs);
  const fewest = Math.min(...counts);
  if (found.has("DL6003") || found.has("DL6017") || counts.length === 0 || fewest < 1) return undefined;
  const least = smallestP(fewest);
  const p = least < 1e-4 ? "p < 0.0001" : `p = ${Number(least.toPrecision(2))}`;
  const results = met.reduce((sum, { meetings }) => sum + meetings.length, 0);
  const needed =
    results > 1 ? `, and ${results} comparisons need ${Number((alpha / results).toPrecision(2))}` : "";
  return `${fewest} pairs can reach ${p}${needed}`;
}
