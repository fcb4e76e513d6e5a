/** The record's part of the page: networks, recipe, plan, data, machine, how to repeat it. */
import { showField } from "../../ops/field.ts";
import type { RunData, RunDataset } from "../../store/run-data.ts";
import type { DataSpec, ExperimentPlan, NamedNetwork, TrialSpec } from "../../study/plan.ts";
import { elementCount, showType } from "../../types/tensor.ts";
import type { Answer } from "../answer.ts";
import { type Arm, describeTrial, namesOf } from "../arms.ts";
import { listed, plural, showCount, showSeconds } from "../numbers.ts";
import { macsOf, trainedParameters } from "../values.ts";
import { dataTable, facts } from "./figure.ts";
import { html, type Markup, type Part } from "./markup.ts";
import type { Source } from "./result.ts";
import { recipeLines, showCall, showExpr, showSections } from "./words.ts";

/** A layer table for each network that differs, named by its arms. */
export function networks({ run, experiment }: Source): Markup {
  const found = new Map<string, { of: NamedNetwork; arms: string[] }>();
  for (const arm of experiment.arms) {
    const { networks: all } = run.plan.trials[arm.trials[0]! - 1]!;
    for (const of of all) {
      const { layers } = of.network;
      const key = JSON.stringify(
        layers.map(({ op, parameters, inputs, path }) => [op, parameters, inputs, path]),
      );
      const label = all.length > 1 ? `${of.name} of ${arm.label}` : arm.label;
      const known = found.get(key);
      if (known) known.arms.push(label);
      else found.set(key, { of, arms: [label] });
    }
  }
  return html`<h3>Networks</h3>${[...found.values()].map(({ of, arms }, i) => {
    const { network } = of;
    const summary = `${listed(arms)}: ${network.layers.length} layers, ${showCount(trainedParameters([of]))} parameters, ${showCount(macsOf([of]))} multiply-accumulates a sample`;
    const inputs = network.inputs.map(({ name, type }) => `${name} ${showType(type)}`).join(", ");
    return html`<details${i === 0 ? html` open` : null}><summary>${summary}</summary>${dataTable(
      `Layers of ${listed(arms)}; input ${inputs}`,
      [
        { text: "layer" },
        { text: "operator" },
        { text: "output" },
        { text: "parameters", align: "right" },
        { text: "MACs", align: "right" },
      ],
      network.layers.map(({ path, op, parameters, output, weights, macs }) => ({
        cells: [
          path,
          showCall({ op, parameters }),
          showType(output),
          showCount(
            weights
              .filter(({ trainable }) => trainable)
              .reduce((sum, { shape }) => sum + elementCount(shape), 0),
          ),
          showCount(macs),
        ],
      })),
    )}</details>`;
  })}`;
}

/** Lines that all arms share, and one for each arm where they differ. */
export function recipes({ run, experiment }: Source): Markup {
  const of = (arm: Arm) => recipeLines(run.plan.trials[arm.trials[0]! - 1]!.recipe);
  const first = experiment.arms[0];
  if (!first) return html``;
  const lines = of(first).map(([name], i): readonly [string, Part] => {
    const values = experiment.arms.map((arm) => of(arm)[i]![1]);
    if (new Set(values).size === 1) return [name, values[0]!];
    return [name, experiment.arms.map(({ label }, a) => html`${label}: ${values[a]!}<br>`)];
  });
  return html`<h3>Recipe</h3>${facts(lines)}`;
}

export function allowed({ experiment }: Source): Markup | null {
  if (experiment.allowed.length === 0) return null;
  return html`<h3>Warnings that the study allows</h3>${dataTable(
    "Warnings on the design that were accepted, with the reason given",
    [{ text: "code" }, { text: "because", align: "wrap" }],
    experiment.allowed.map(({ code, because }) => ({ cells: [code, because] })),
  )}`;
}

export function planTable({ run, experiment }: Source): Markup {
  const plan = run.plan.experiments.find(({ name }) => name === experiment.name)!;
  const names = namesOf(plan);
  const kept = new Set(experiment.arms.flatMap(({ trials }) => trials));
  const size = [...plan.factors, ...plan.replicates].map(
    ({ path, labels }) => `${labels.length} ${plural(names.get(path) ?? path, labels.length)}`,
  );
  return html`<h3>Plan</h3><p>${size.length > 0 ? `${size.join(" x ")}: ` : ""}${plan.trials.length} ${plural("training", plan.trials.length)}, of which ${kept.size} ${kept.size === 1 ? "is" : "are"} reported.</p>
<details><summary>All ${plan.trials.length} trainings</summary>${dataTable(
    "Trainings in the order of the plan",
    [
      { text: "trial" },
      { text: "what" },
      { text: "seed", align: "right" },
      { text: "state" },
      { text: "steps", align: "right" },
      { text: "time" },
      { text: "weights sha256" },
    ],
    plan.trials.map((ordinal) => trialRow(run, plan, run.plan.trials[ordinal - 1]!, kept.has(ordinal))),
  )}</details>`;
}

function trialRow(run: RunData, plan: ExperimentPlan, trial: TrialSpec, kept: boolean) {
  const { state, divergedAt, steps, seconds, weights, reused } = run.trials[trial.ordinal - 1]!;
  const words = {
    planned: "not begun",
    running: "not finished",
    done: "done",
    diverged: "diverged",
    failed: "failed",
  };
  const where = state === "diverged" && divergedAt !== null ? ` at step ${divergedAt}` : "";
  const also = `${reused ? ", from an earlier run" : ""}${kept ? "" : ", not chosen"}`;
  return {
    cells: [
      trial.ordinal,
      describeTrial(trial, namesOf(plan)),
      trial.seed,
      `${words[state]}${where}${also}`,
      showCount(steps),
      seconds === null ? "not known" : showSeconds(seconds),
      weights ? html`<code>${weights.slice(0, 16)}</code>` : "",
    ] as const,
  };
}

export function dataCard(run: RunData, data: DataSpec): Markup {
  const dataset = run.datasets[data.name];
  const given = showSections(data.augment);
  const evaluated = showSections(data.evaluate);
  return html`<h3>${data.name}</h3>${facts([
    ["source", showCall(data.source)],
    ...(dataset
      ? ([
          ["examples", showCount(dataset.count)],
          ["sha256", html`<code>${dataset.digest}</code>`],
        ] as const)
      : []),
    ["split", showCall(data.split)],
    ["prepared, every split", showSections(data.prepare) || "nothing"],
    ["augmented, training only", given || "nothing"],
    ...(evaluated ? ([["in evaluation", evaluated]] as const) : []),
  ])}${fieldTable(data)}${dataset ? splitTable(dataset) : null}`;
}

function fieldTable({ name, fields }: DataSpec): Markup | null {
  if (fields.length === 0) return null;
  return dataTable(
    `Fields of ${name}`,
    [{ text: "field" }, { text: "role" }, { text: "type" }, { text: "from", align: "wrap" }],
    fields.map(({ name: field, role, type, value, where }) => ({
      cells: [field, role, showField(type), `${showExpr(value)}${where ? ` where ${showExpr(where)}` : ""}`],
    })),
  );
}

const splits = ["train", "valid", "test"] as const;

/** How many examples of each class each split has; of a target that is no class only the sums. */
function splitTable({ name, fields, rows }: RunDataset): Markup {
  const classes = Object.entries(fields).filter(([, { role, classes: names }]) => role === "target" && names);
  const counted = classes.flatMap(([, { data, classes: names }]) =>
    names!.map((label, k) => ({
      cells: [
        label,
        ...splits.map((split) =>
          showCount(rows[split].reduce((n, row) => n + (Number(data[row]) === k ? 1 : 0), 0)),
        ),
      ],
    })),
  );
  return dataTable(
    `Examples of ${name} by split`,
    [{ text: "" }, ...splits.map((text) => ({ text, align: "right" }) as const)],
    [...counted, { taken: true, cells: ["all", ...splits.map((split) => showCount(rows[split].length))] }],
  );
}

export function machine(run: RunData, answer: Answer): Markup {
  const { environment: env } = run;
  const seconds = run.trials.map((trial) => trial.seconds).filter((value) => value !== null);
  const seeds = [...new Set(run.plan.trials.map(({ seed }) => seed))];
  const { total, done, diverged, failed, open } = answer.trials;
  const states = [
    `${done} of ${total} done`,
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(open > 0 ? [`${open} not done`] : []),
  ];
  return facts([
    ["run", run.id],
    ["started", run.startedAt],
    ["trainings", states.join(", ")],
    [
      "cost",
      `${showSeconds(seconds.reduce((sum, value) => sum + value, 0))} of training in all, ${env.threads} ${plural("thread", env.threads)} each`,
    ],
    [
      "seeds",
      seeds.length > 24 ? `${seeds.slice(0, 24).join(", ")} and ${seeds.length - 24} more` : seeds.join(", "),
    ],
    [
      "engine",
      html`${env.engine.name} ${env.engine.version}${env.engine.digest ? html`, sha256 <code>${env.engine.digest}</code>` : null}`,
    ],
    ["machine", `${env.cpu}, ${env.cores} ${plural("core", env.cores)}, ${env.platform}`],
    ["software", `dlc ${env.dlc}, Node ${env.node}`],
    [
      "code",
      env.git
        ? html`git <code>${env.git.commit}</code>${env.git.dirty ? ", with changes that are not committed" : ""}`
        : "not in a git repository",
    ],
  ]);
}

export function spec(run: RunData): Markup {
  return html`<h2 id="spec">The study as it was run</h2>${run.spec.map(
    ({ path, text }) => html`<details><summary>${path}</summary><pre>${text}</pre></details>`,
  )}`;
}
