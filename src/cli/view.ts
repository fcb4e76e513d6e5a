/**
 * How a run is shown while it goes on: a block that redraws in place on a terminal, elsewhere one plain line at every event and
 * every ten seconds. Everything goes to stderr: stdout is for the answer.
 */
import { createLogUpdate } from "log-update";
import { listWords } from "../check/describe.ts";
import type { RunEvent } from "../run/events.ts";
import type { TrialProgress } from "../train/outcome.ts";
import { bar } from "./bar.ts";
import { type Look, lookOf, paint, say } from "./terminal.ts";
import { count, duration, plural } from "./words.ts";

export interface View {
  show(event: RunEvent): void;
  close(): void;
}

interface Running {
  readonly label: string;
  progress: TrialProgress | undefined;
}

interface State {
  total: number;
  done: number;
  /** Done when this start began: they say nothing about speed. */
  before: number;
  failed: number;
  began: number;
  readonly running: Map<number, Running>;
  stage: { readonly text: string; readonly part: number | undefined; readonly began: number } | undefined;
}

export function createView(): View {
  const look = lookOf(process.stderr);
  const live = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  const state: State = {
    total: 0,
    done: 0,
    before: 0,
    failed: 0,
    began: 0,
    running: new Map(),
    stage: undefined,
  };
  const redraw = () => live?.(block(state, look));
  const line = (text: string) => {
    live?.clear();
    say(text);
    redraw();
  };
  const timer = setInterval(
    () => (live ? redraw() : state.running.size > 0 && say(plainLine(state))),
    live ? 250 : 10_000,
  );
  return {
    show(event) {
      const said = apply(state, event, !live, look);
      if (said !== undefined) line(said);
      else redraw();
    },
    close() {
      clearInterval(timer);
      live?.clear();
    },
  };
}

/** Brings the state up to date; returns a line that stays. */
function apply(state: State, event: RunEvent, plain: boolean, look: Look): string | undefined {
  switch (event.type) {
    case "stage": {
      const began = state.stage?.text.startsWith(event.name) ? state.stage.began : Date.now();
      const part = event.of ? (event.done ?? 0) / event.of : undefined;
      const first = !state.stage?.text.startsWith(event.name);
      const text = event.of
        ? `${event.name}   ${count(event.done ?? 0)} of ${count(event.of)} ${event.unit ?? ""}`.trimEnd()
        : event.name;
      state.stage = { text, part, began };
      return plain && first ? `  ${event.name}` : undefined;
    }
    case "data":
      state.stage = undefined;
      return `  ${paint("data".padEnd(8), "dim", look)}${event.name}   ${event.text}`;
    case "run":
      state.stage = undefined;
      state.total = event.total;
      state.done = state.before = event.done;
      state.began = Date.now();
      return runLine(event, look);
    case "trial.start":
      state.running.set(event.ordinal, { label: event.label, progress: undefined });
      return plain
        ? `  ${event.label}: ${event.fromStep > 0 ? `goes on from step ${event.fromStep}` : "begins"}`
        : undefined;
    case "trial.progress": {
      const running = state.running.get(event.ordinal);
      if (running) running.progress = event.progress;
      return undefined;
    }
    case "trial.done": {
      state.running.delete(event.ordinal);
      state.done++;
      const valid = event.valid ? `, ${event.valid.metric} ${event.valid.value.toFixed(3)}` : "";
      const how = event.reused ? "done already" : `done in ${duration(event.seconds)}${valid}`;
      return plain ? `  ${event.label}: ${how}   (${progressText(state)})` : undefined;
    }
    case "trial.diverged":
      state.running.delete(event.ordinal);
      state.done++;
      return `  ${event.label}: diverged at step ${event.step} (the loss is no longer a finite number); the run goes on`;
    case "trial.failed":
      state.running.delete(event.ordinal);
      state.failed++;
      return `  ${paint(`${event.label}: failed: ${event.message}`, "red", look)}\n    its log: ${event.log}`;
    case "stopping": {
      const saved = event.saved.map(({ step }) => step);
      const kept =
        saved.length > 0 ? `, ${saved.length} saved at step ${listWords(saved.map(String), "and")}` : "";
      return `  Stopping at the next step. ${event.done} of ${event.total} done and kept${kept}.`;
    }
    case "note":
      return `  ${event.text}`;
  }
}

function runLine(event: Extract<RunEvent, { type: "run" }>, look: Look): string {
  const at = `  ${paint("run".padEnd(8), "dim", look)}${event.directory}`;
  if (event.done === event.total) {
    const all = event.total === 1 ? "The one trial is" : `All ${event.total} trials are`;
    return `${at}\n\n  ${all} done; nothing to run.`;
  }
  const { done, resumed, total } = event;
  const what = [
    done > 0 ? `${done} of ${total} done` : "",
    resumed > 0 ? `${resumed} resumed from their checkpoints` : "",
    `${total - done - resumed} to go`,
  ]
    .filter(Boolean)
    .join(", ");
  if (event.continues) return `${at}\n  Continues: ${what}.\n`;
  return done > 0
    ? `${at}\n  ${plural(done, "trial is", "trials are")} already done in other runs and reused (nothing in them changed); ${plural(total - done, "is", "are")} new.\n`
    : `${at}\n`;
}

function progressText(state: State): string {
  const left = secondsLeft(state);
  return `${state.done} of ${state.total} done${left === undefined ? "" : `, ${duration(left)} left`}`;
}

function secondsLeft(state: State): number | undefined {
  const running = [...state.running.values()].map(({ progress }) =>
    progress ? progress.step / Math.max(1, progress.steps) : 0,
  );
  const trained = state.done + state.failed - state.before + running.reduce((sum, part) => sum + part, 0);
  const elapsed = (Date.now() - state.began) / 1000;
  if (trained < 0.05 || elapsed < 2) return undefined;
  return (elapsed / trained) * (state.total - state.before - trained);
}

function plainLine(state: State): string {
  const now = [...state.running.values()].map(({ label, progress }) =>
    progress
      ? `${label} epoch ${progress.epoch} of ${progress.epochs} loss ${progress.loss.toFixed(3)}`
      : label,
  );
  return `  ${progressText(state)}   ${now.join("   ")}`;
}

function block(state: State, look: Look): string {
  if (state.total === 0 || state.stage) {
    if (!state.stage || Date.now() - state.stage.began < 1000) return "";
    const { text, part, began } = state.stage;
    const elapsed = (Date.now() - began) / 1000;
    const left = part && part > 0.02 ? `   ${duration((elapsed * (1 - part)) / part)} left` : "";
    return `  ${text}${part === undefined ? "" : `   ${bar(part, 20, look)}${left}`}`;
  }
  const left = secondsLeft(state);
  const head = [
    `${state.done} of ${state.total} done`,
    state.failed > 0 ? `${state.failed} failed` : "",
    `${state.running.size} running`,
    left === undefined ? "" : `${duration(left)} left`,
  ];
  const labels = Math.max(0, ...[...state.running.values()].map(({ label }) => label.length));
  const rows = [...state.running.values()].map(({ label, progress }) => {
    if (!progress) return `  ${label.padEnd(labels)}   starting`;
    const { step, steps, epoch, epochs, loss, valid, samplesPerSecond } = progress;
    const parts = [
      `${label.padEnd(labels)}   ${bar(step / Math.max(1, steps), 18, look)}`,
      `epoch ${epoch} of ${epochs}`,
      `loss ${loss.toFixed(3)}`,
      valid ? `valid ${valid.value.toFixed(3)}` : "",
      `${count(samplesPerSecond)} samples/s`,
    ];
    return `  ${asMuchAsFits(parts, look.width - 2)}`;
  });
  return [`  ${head.filter(Boolean).join("   ")}`, ...rows].join("\n");
}

/** As many parts as a line takes. */
function asMuchAsFits(parts: readonly string[], width: number): string {
  let line = "";
  for (const part of parts.filter(Boolean)) {
    const next = line ? `${line}   ${part}` : part;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no columns
    if (line && next.replace(/\x1b\[\d+m/g, "").length > width) break;
    line = next;
  }
  return line;
}
