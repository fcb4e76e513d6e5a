/** `init = from(e, groups: [c1])`: the trial of another experiment whose weights a training begins with. */
import { describeValue, listWords } from "../check/describe.ts";
import type { Network } from "../check/network.ts";
import type { OperatorValue, Value } from "../check/value.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { badOrigin, unknownExperiment, wrongKind } from "./diagnostics.ts";
import type { Point } from "./expand.ts";
import type { PlannedExperiment } from "./experiment.ts";
import type { NamedNetwork } from "./plan.ts";
import type { Recipe } from "./recipe.ts";
import { suggestion } from "./suggestion.ts";
import type { Trial } from "./trials.ts";

/** A trial while it is made. */
interface Child {
  readonly point: Point;
  readonly seed: string;
}

/**
 * The trial of the other experiment that agrees on every shared axis; where a `choose` of it is open until it has run, one of those
 * that may be chosen. Undefined after a report.
 */
export function originTrial(
  from: OperatorValue,
  child: Child & { readonly network: Network },
  planned: ReadonlyMap<string, PlannedExperiment>,
  context: StudyContext,
): Trial | undefined {
  const found = trialNamed(from, child, planned, context);
  return found && checkGroups(found, from, child.network, context) ? found : undefined;
}

/** The trial whose sole network `teacher: from(e)` takes as it is. Undefined after a report. */
export function frozenTrial(
  from: OperatorValue,
  child: Child,
  planned: ReadonlyMap<string, PlannedExperiment>,
  context: StudyContext,
): Trial | undefined {
  const groups = from.arguments.get("groups");
  const problem = (text: string, span: Span, hint?: string): undefined => {
    context.reporter.report(badOrigin, { problem: text }, span, { hint });
    return undefined;
  };
  if (groups)
    return problem(
      "a network that is not trained is taken whole",
      groups.span,
      "take `groups` away; to copy parts of it, write `init = from(...)` in the recipe",
    );
  const found = trialNamed(from, child, planned, context);
  if (!found) return undefined;
  const { experiment, learner, networks } = found.spec;
  if (learner) return problem(`\`${experiment}\` is a classic learner: it leaves no network`, from.span);
  if (networks.length === 1) return found;
  return problem(
    `\`${experiment}\` leaves ${networks.length} networks, and one is meant here`,
    from.span,
    "take it from an experiment with one network",
  );
}

/** A network that is not trained has the weights of the one that was. False after a report. */
export function fitsWeights(
  name: string,
  network: Network,
  { spec }: Trial,
  span: Span,
  context: StudyContext,
): boolean {
  const theirs = weightsIn(spec.networks[0]!.network, undefined);
  const difference = differenceOf(`\`${name}\``, weightsIn(network, undefined), theirs, spec.experiment);
  if (!difference) return true;
  context.reporter.report(badOrigin, { problem: difference }, span, {
    hint: "apply it to tensors of the sizes that it was trained on",
  });
  return false;
}

function trialNamed(
  from: OperatorValue,
  child: Child,
  planned: ReadonlyMap<string, PlannedExperiment>,
  context: StudyContext,
): Trial | undefined {
  const named = from.arguments.get("experiment")!;
  const problem = (text: string, span: Span, hint?: string): undefined => {
    context.reporter.report(badOrigin, { problem: text }, span, { hint });
    return undefined;
  };
  if (named.kind === "word") {
    const name = { text: named.value, span: named.span };
    context.reporter.report(
      unknownExperiment,
      { name: name.text },
      name.span,
      suggestion(name, [...planned.keys()]),
    );
    return undefined;
  }
  if (named.kind !== "section" || named.declaration.what !== "experiment") {
    context.reporter.report(wrongKind, { what: "an experiment", found: describeValue(named) }, named.span);
    return undefined;
  }
  const name = named.declaration.name.text;
  const parent = planned.get(name);
  if (!parent)
    return problem(
      `\`${name}\` is not planned before this experiment`,
      named.span,
      "write it above, and without mistakes",
    );
  return matching(name, parent, from, child, problem);
}

/** `freeze = copied` needs something that was copied, and names of groups are those of the network. False after a report. */
export function checkFreeze(
  { spec, freeze }: Recipe,
  networks: readonly NamedNetwork[],
  context: StudyContext,
): boolean {
  if (spec.freeze === undefined || !freeze) return true;
  const problem = (text: string, hint?: string): false => {
    context.reporter.report(badOrigin, { problem: text }, freeze.span, { hint });
    return false;
  };
  if (spec.freeze === "copied")
    return (
      spec.init !== undefined ||
      problem(
        "nothing is copied, so nothing can be frozen as `copied`",
        "begin with weights of another experiment (`init = from(base)`), or vary it only `when` they are copied",
      )
    );
  if (typeof spec.freeze === "string") return true;
  const missing = spec.freeze.find((group) =>
    networks.every(({ network }) => weightsIn(network, group).size === 0),
  );
  if (missing === undefined) return true;
  const models = listWords(networks.map(({ network }) => `\`${network.model}\``));
  const known = new Set(networks.flatMap(({ network }) => partsOf(network)));
  const { text, hint } = suggestion({ text: missing, span: freeze.span }, [...known]);
  return problem(`${models} has no part \`${missing}\` with weights`, hint ?? text);
}

/** What `freeze` and `from` may name: the outermost parts with weights. */
const partsOf = ({ layers }: Network): readonly string[] => [
  ...new Set(layers.filter(({ weights }) => weights.length > 0).map(({ path }) => path.split("/")[0]!)),
];

type Problem = (text: string, span: Span, hint?: string) => undefined;

function matching(
  name: string,
  { plan, trials }: PlannedExperiment,
  from: OperatorValue,
  { point, seed }: Child,
  problem: Problem,
): Trial | undefined {
  const shared = new Map(point.at.map(({ axis, level }) => [axis.key, level.label]));
  if (!shared.has("seed")) shared.set("seed", seed);
  const closed = new Set(plan.choose.map(({ path }) => path));
  let candidates = trials;
  for (const { path, labels } of [...plan.factors, ...plan.replicates]) {
    const given = from.arguments.get(path);
    const wanted = given ? labelOf(given) : shared.get(path);
    if (wanted === undefined) {
      if (closed.has(path)) continue;
      const way = ["data", "model", "recipe"].includes(path)
        ? `say which: \`from(${name}, ${path}: ${labels[0]})\``
        : `close it in \`${name}\`: \`choose ${path} by max(valid.accuracy)\``;
      return problem(`\`${name}\` has ${labels.length} levels of \`${path}\``, from.span, way);
    }
    const agreeing = candidates.filter(
      ({ spec }) => ({ ...spec.levels, ...spec.replicates })[path] === wanted,
    );
    if (agreeing.length === 0 && closed.has(path) && !given) continue;
    if (agreeing.length === 0)
      return problem(
        `\`${name}\` was not trained with ${path} ${wanted}`,
        given?.span ?? from.span,
        `it has ${path} ${listWords(labels.length > 6 ? [labels[0]!, "...", labels.at(-1)!] : labels, "and")}`,
      );
    candidates = agreeing;
  }
  return candidates[0];
}

const labelOf = (value: Value): string | undefined => {
  if (value.kind === "operator") return value.signature.name;
  if (value.kind === "declared") return value.declaration.name.text;
  return value.kind === "word" || value.kind === "string" ? value.value : undefined;
};

/** The parts that are copied are in both networks, with equal weights. */
function checkGroups(
  { spec: parent }: Trial,
  from: OperatorValue,
  network: Network,
  context: StudyContext,
): boolean {
  const name = parent.experiment;
  const list = from.arguments.get("groups");
  const groups = list?.kind === "list" ? list.items : undefined;
  const problem = (text: string, span: Span, hint?: string): false => {
    context.reporter.report(badOrigin, { problem: text }, span, { hint });
    return false;
  };
  if (parent.learner)
    return problem(`\`${name}\` is a classic learner: it has no weights to begin with`, from.span);
  const theirNetwork = parent.networks[0]!.network;
  for (const group of groups ?? [undefined]) {
    const label = group && labelOf(group);
    const span = group?.span ?? from.span;
    const theirs = weightsIn(theirNetwork, label);
    const ours = weightsIn(network, label);
    for (const [weights, of] of [
      [theirs, theirNetwork],
      [ours, network],
    ] as const) {
      if (weights.size > 0) continue;
      context.reporter.report(
        badOrigin,
        { problem: `\`${of.model}\` has no part \`${label}\` with weights` },
        span,
        suggestion({ text: label ?? "", span }, partsOf(of)),
      );
      return false;
    }
    const part = label ? `\`${label}\`` : "the network";
    const difference = differenceOf(part, ours, theirs, name);
    if (difference)
      return problem(
        difference,
        span,
        label ? "copy other parts" : "say which parts are copied: `groups: [c1, c2]`",
      );
  }
  return true;
}

/** The first weight of ours that theirs are without, or have in another shape. */
function differenceOf(
  part: string,
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
  name: string,
): string | undefined {
  for (const [path, shape] of ours) {
    const other = theirs.get(path);
    if (other === shape) continue;
    return other
      ? `${part} differs: ${path} is ${shape} here, and ${other} in \`${name}\``
      : `${part} differs: \`${name}\` has no ${path}`;
  }
  return undefined;
}

/** Names of weights to their shapes; of the whole network without a group. */
function weightsIn(network: Network, group: string | undefined): Map<string, string> {
  return new Map(
    network.layers
      .filter(({ path }) => group === undefined || path === group || path.startsWith(`${group}/`))
      .flatMap(({ path, weights }) =>
        weights.map(({ name, shape }) => [`${path}/${name}`, `[${shape.join(", ")}]`] as const),
      ),
  );
}
