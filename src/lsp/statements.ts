/** The statements that may begin where one is being written. */
import type { BodyKind } from "../study/names/binder.ts";
import type { Analysis } from "./analysis.ts";
import { isBody, nodesAround } from "./places.ts";

export interface Snippet {
  readonly text: string;
  /** `$1`, `$2`, ... are filled in one after the other, `$0` last. */
  readonly insert: string;
  readonly doc: string;
}

const snippets: Readonly<Record<BodyKind, readonly (readonly [string, string, string])[]>> = {
  file: [
    ["edition", "edition 2026\n$0", "the edition of the language, in the first line"],
    ["import", "import std.$1 { $0 }", "names of another file or of the standard library"],
    ["let", "let $1 = $0", "a value with a name"],
    ["data", "data $1 {\n  source = $0\n}", "a source, its fields, how rows are split and prepared"],
    ["model", "model $1 : f32[N, H, W, C] -> f32[N, K] {\n  $0\n}", "a network"],
    ["block", "block $1(c: int) : f32[N, H, W, A] -> f32[N, H, W, c] {\n  $0\n}", "a piece of a network"],
    ["loss", "loss $1(y: f32[N, K], t: f32[N, K]) {\n  $0\n}", "a loss of your own"],
    ["metric", "metric $1(y: f32[N, K], t: f32[N, K]) {\n  $0\n}", "a metric of your own"],
    ["recipe", "recipe $1 {\n  loss = $0\n}", "how to train"],
    ["experiment", "experiment $1 {\n  data = $2\n  model = $3\n  recipe = $0\n}", "a question"],
  ],
  pipeline: [
    ["branch", "branch $1 {\n  $0\n}", "forks here and names the end"],
    ["from", "from $0", "goes on from another tensor"],
    ["group", "group $1 {\n  $0\n}", "names a part"],
    ["for", "for $1 in $2 {\n  $0\n}", "once for each element"],
    ["repeat", "repeat $1 {\n  $0\n}", "several times"],
    ["if", "if $1 {\n  $0\n}", "only where it holds"],
    ["let", "let $1 = $0", "a value with a name"],
    ["out", "out $1 = $0", "one of several outputs"],
  ],
  formula: [
    ["let", "let $1 = $0", "a value with a name"],
    ["for", "for $1 in $2 {\n  $0\n}", "once for each element"],
    ["repeat", "repeat $1 {\n  $0\n}", "several times"],
    ["if", "if $1 {\n  $0\n}", "only where it holds"],
  ],
  data: [
    ["source", "source = $0", "where the rows come from"],
    ["input", "input $1 : $2 = source.$0", "a field that may be fed to a network"],
    ["target", "target $1 : $2 = source.$0", "a field that a network should answer"],
    ["group", "group $1 : int = source.$0", "rows of one group are never divided between splits"],
    ["weight", "weight $1 : f32 = source.$0", "multiplies the loss of its row; metrics are not weighted"],
    ["id", "id $1 : int = source.$0", "names a row; never fed"],
    ["keep", "keep $1 : $2 = source.$0", "metrics may be resolved by it; never fed"],
    ["split", "split = $0", "how rows are divided"],
    ["prepare", "prepare $1 { $0 }", "runs once on every split"],
    ["augment", "augment $1 { $0 }", "runs on the training rows only"],
    ["evaluate", "evaluate $1 { $0 }", "in place of `augment` when evaluating"],
  ],
  prepare: [["let", "let $1 = $0", "a value with a name"]],
  augment: [["let", "let $1 = $0", "a value with a name"]],
  evaluate: [["let", "let $1 = $0", "a value with a name"]],
  recipe: [
    ["loss", "loss = $0", "what training makes small"],
    ["optimizer", "optimizer = $0", "how the weights change in a step"],
    ["schedule", "schedule = $0", "how the learning rate goes on"],
    ["batch", "batch = $0", "rows a step"],
    ["length", "length = $0 epochs", "how long to train"],
    ["stop", "stop = early($0)", "ends training early"],
    ["keep", "keep = best($0)", "which checkpoint counts"],
    ["clip", "clip = norm($0)", "a limit of gradients"],
    ["average", "average = ema($0)", "averaged weights count"],
    ["freeze", "freeze = [$0]", "groups of layers that stay as they begin"],
    ["init", "init = $0", "where weights come from"],
    ["precision", "precision = $0", "in which numbers it is computed"],
    ["train", "train $1 {\n  minimize $0\n}", "one of several networks, with a loss of its own"],
  ],
  train: [
    ["minimize", "minimize $0", "the loss of this network"],
    ["optimizer", "optimizer = $0", "how its weights change in a step"],
    ["every", "every = $0 steps", "how often it is trained"],
  ],
  experiment: [
    ["data", "data = $0", "which data"],
    ["model", "model = $0", "which network"],
    ["recipe", "recipe = $0", "how it is trained"],
    ["vary", "vary $1 over $0", "a factor: what is compared"],
    ["repeat", "repeat seed over 1 .. $0", "a replicate: what is averaged"],
    ["choose", "choose $1 by max(valid.$0)", "one level of a factor, never on test"],
    ["report", "report test.$0 as mean_ci(95%)", "what is measured"],
    ["compare", "compare $1 - $2 on test.$0 paired by seed", "two levels of a factor"],
    ["search", "search $1 over { $2 } by max(valid.$0)", "looks for the best point"],
    ["ensemble", "ensemble $1 = mean(model) over seed", "averages predictions"],
    ["save", "save model", "keeps the weights"],
    ["budget", "budget { gpu_hours = $0 }", "what may be spent"],
    ["allow", 'allow DL$1 because "$0"', "accepts a warning, with its reason"],
    ["let", "let $1 = $0", "a value with a name"],
  ],
  budget: [["gpu_hours", "gpu_hours = $0", "hours of all devices together"]],
};

/** The words that join the parts of a statement. */
export const joints: Readonly<Record<string, string>> = {
  as: "names what stands before; in a report, how it is summarised",
  because: "the reason, which the report prints",
  by: "what decides; in a report, the field that it is resolved by",
  else: "where the condition does not hold",
  from: "where the branch starts, if not here",
  in: "one of these",
  margin: "a difference of a size that matters",
  on: "the metric that is compared",
  over: "the values",
  paired: "replicates whose results are compared one by one",
  per: "for each level of these",
  when: "only where another factor has this level",
  where: "only rows for which this holds",
  with: "a copy with lines replaced",
};

/** Those that a body has already and that may stand there once are left out. */
export function statementsOf(body: BodyKind, analysis?: Analysis, offset = 0): readonly Snippet[] {
  const around = analysis ? nodesAround(analysis, offset).findLast(isBody) : undefined;
  const given = new Set(
    around?.statements.flatMap((statement) =>
      statement.kind === "assign" &&
      statement.path.length === 1 &&
      !statement.path.some(({ span }) => span.end === offset)
        ? [statement.path[0]!.text]
        : [],
    ),
  );
  if (analysis?.module.file.edition) given.add("edition");
  return snippets[body]
    .filter(([text]) => !given.has(text))
    .map(([text, insert, doc]) => ({ text, insert, doc }));
}
