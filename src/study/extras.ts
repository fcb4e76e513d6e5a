/** `ensemble`, `save` and `budget`: what an experiment makes besides its answer, and what it may cost. */
import { evaluate, toJson } from "../check/evaluate.ts";
import type { BudgetStatement, EnsembleStatement, Name, Statement } from "../syntax/ast.ts";
import { badBudget, badEnsemble, definedTwice, nothingToSave } from "./diagnostics.ts";
import { notYet } from "./later.ts";
import type { Line } from "./lines.ts";
import type { EnsembleSpec } from "./plan.ts";
import { findAxis, type QuestionContext } from "./questions.ts";
import { suggestion } from "./suggestion.ts";

export interface Extras {
  readonly ensembles: readonly EnsembleSpec[];
  readonly save: readonly string[];
  readonly budget: Readonly<Record<string, number>>;
}

/** The names by which the experiment's networks are known; undefined where none could be built, which has been reported. */
type Networks = readonly string[] | undefined;

/** Undefined after a report. */
export function readExtras(
  lines: readonly Line[],
  networks: Networks,
  contextOf: (line: Line) => QuestionContext,
): Extras | undefined {
  const ensembles: EnsembleSpec[] = [];
  const save: string[] = [];
  const budget: Record<string, number> = {};
  let sound = true;
  for (const line of lines) {
    const { statement } = line;
    const context = contextOf(line);
    if (statement.kind === "ensemble") {
      const read = readEnsemble(statement, networks, ensembles, context);
      if (read) ensembles.push(read);
      else sound = false;
    } else if (statement.kind === "save") {
      if (isNetwork(statement.what, "to save", networks, context)) save.push(statement.what.text);
      else sound = false;
    } else if (statement.kind === "budget" && !readBudget(statement, budget, context)) sound = false;
  }
  return sound ? { ensembles, save, budget } : undefined;
}

function readEnsemble(
  statement: EnsembleStatement,
  networks: Networks,
  before: readonly EnsembleSpec[],
  context: QuestionContext,
): EnsembleSpec | undefined {
  const { name, value, over, span } = statement;
  const { reporter } = context.study;
  const problem = (text: string, at: typeof span, hint: string): undefined => {
    reporter.report(badEnsemble, { problem: text }, at, { hint });
    return undefined;
  };
  const [argument] = value.kind === "call" ? value.arguments : [];
  const of = argument?.value.kind === "name" && !argument.name ? argument.value.name : undefined;
  const isMean = value.kind === "call" && value.callee.kind === "name" && value.callee.name.text === "mean";
  if (!isMean || !of || (value as { arguments: readonly unknown[] }).arguments.length !== 1)
    return problem(
      "an ensemble is the mean of the predictions of a network",
      value.span,
      `write \`ensemble ${name.text} = mean(${networks?.[0] ?? "model"}) over seed\``,
    );
  if (!isNetwork(of, "for an ensemble", networks, context)) return undefined;
  if (before.some((each) => each.name === name.text)) {
    reporter.report(definedTwice, { name: name.text }, name.span, { hint: "give each a name of its own" });
    return undefined;
  }
  const axes = over.map((each) => findAxis([each], ["replicate"], context));
  if (axes.some((axis) => !axis)) return undefined;
  if (axes.some((axis) => axis!.key === "fold"))
    return problem(
      "trainings of different folds are tested on different rows: their predictions have no mean",
      over.find((each) => each.text === "fold")!.span,
      "write `over seed`",
    );
  const members = axes.reduce((product, axis) => product * axis!.levels.length, 1);
  if (members < 2)
    return problem(
      "an ensemble of one training is that training",
      span,
      "repeat the training: `repeat seed over 1 .. 5`",
    );
  notYet("an ensemble", span, context.study);
  return { name: name.text, over: axes.map((axis) => axis!.key) };
}

function isNetwork(name: Name, what: string, networks: Networks, { study }: QuestionContext): boolean {
  if (!networks || networks.includes(name.text)) return true;
  study.reporter.report(nothingToSave, { name: name.text, what }, name.span, suggestion(name, networks));
  return false;
}

const budgetWords = ["gpu_hours", "cpu_hours", "hours", "trainings"];

function readBudget(
  { body, span }: BudgetStatement,
  budget: Record<string, number>,
  { scope, study }: QuestionContext,
): boolean {
  notYet("`budget`", span, study);
  let sound = body.statements.length > 0;
  if (!sound)
    study.reporter.report(badBudget, { problem: "this budget limits nothing" }, span, {
      hint: "write `budget { gpu_hours = 12 }`",
    });
  for (const statement of body.statements) {
    const name = nameOf(statement);
    if (!name || !budgetWords.includes(name.text)) {
      sound = false;
      const details = name ? suggestion(name, budgetWords) : { hint: "write `gpu_hours = 12`" };
      const problem = name
        ? `there is no budget of \`${name.text}\``
        : "a budget has lines such as `gpu_hours = 12`";
      study.reporter.report(badBudget, { problem }, name?.span ?? statement.span, details);
      continue;
    }
    if (name.text in budget) {
      sound = false;
      study.reporter.report(definedTwice, { name: name.text }, name.span, { hint: "keep one of the lines" });
      continue;
    }
    const expr = (statement as Extract<Statement, { kind: "assign" }>).value;
    const value = evaluate(expr, scope, study);
    const json = value && toJson(value, { kind: "real", min: 0 }, study, `\`${name.text}\``);
    if (json === undefined) sound = false;
    else if (json === 0) {
      sound = false;
      const problem = `with \`${name.text} = 0\` nothing could be trained`;
      study.reporter.report(badBudget, { problem }, expr.span);
    } else budget[name.text] = json as number;
  }
  return sound;
}

const nameOf = (statement: Statement): Name | undefined =>
  statement.kind === "assign" && statement.path.length === 1 ? statement.path[0] : undefined;
