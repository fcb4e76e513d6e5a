import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Problem } from "../../src/diagnostics/problem.ts";
import { jsonBytes } from "../../src/store/canonical.ts";
import type { RunRecord } from "../../src/store/generated/run.ts";
import { findRun, listRuns } from "../../src/store/list.ts";
import { readLogs } from "../../src/store/logs.ts";
import { readRun } from "../../src/store/read.ts";
import { parseRecord } from "../../src/store/schemas.ts";

const record: RunRecord = {
  format: "dlc.run/1",
  id: "old",
  study: "stars",
  question: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  dlc: "0.1.0",
  plan: "0".repeat(64),
  policy: {
    engine: "tensorflow",
    version: "2.21.0",
    library: null,
    precision: "f32",
    threads: "auto",
    reuse: "logical",
    smoke: false,
  },
  threads: 1,
  spec: [],
  set: [],
  trials: ["ab".repeat(32)],
};

function folderWith(...names: string[]): string {
  const runs = mkdtempSync(join(tmpdir(), "dlc-old-"));
  for (const name of names) {
    mkdirSync(join(runs, name));
    writeFileSync(join(runs, name, "run.json"), jsonBytes({ ...record, id: name }));
    writeFileSync(join(runs, name, "plan.json"), '{"format":"dlc.plan/1","trials":[]}\n');
  }
  return runs;
}

function problemOf(body: () => unknown): Problem {
  try {
    body();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("it was read");
}

it("a run of another version is listed, its logs are read; its answer is refused with what there is", () => {
  const runs = folderWith("old");
  const directory = join(runs, "old");
  expect(listRuns(runs)).toMatchObject([{ run: "old", study: "stars", state: "interrupted" }]);
  expect(readLogs(directory)).toEqual([]);
  const problem = problemOf(() => readRun(findRun(runs, "stars")));
  expect(problem.message).toContain(`${directory} was made by another version of dlc`);
  expect(problem.message).toContain(
    "plan.json: was written in the form dlc.plan/1; this dlc reads dlc.plan/2",
  );
  expect(problem.hint).toContain(`run its spec again, which is in ${join(directory, "spec")}`);
  mkdirSync(join(directory, "analysis"));
  writeFileSync(join(directory, "analysis", "report.html"), "");
  expect(problemOf(() => readRun(directory)).hint).toContain(
    `The report that was written then is ${join(directory, "analysis", "report.html")}`,
  );
});

it("a run that cannot be read hides no other", () => {
  const runs = folderWith("fine", "damaged");
  writeFileSync(join(runs, "damaged", "run.json"), '{"format":"dlc.run/1",');
  expect(listRuns(runs)).toEqual([
    {
      run: "damaged",
      study: null,
      state: "unreadable",
      trials: null,
      problem: `${join(runs, "damaged", "run.json")}: is not JSON`,
    },
    { run: "fine", study: "stars", state: "interrupted", trials: { total: 1, done: 0, failed: 0 } },
  ]);
  expect(findRun(runs, "stars")).toBe(join(runs, "fine"));
});

it("results say their form as well", () => {
  expect(() => parseRecord("result", '{"format":"dlc.result/0"}', "slot")).toThrow(
    "written in the form dlc.result/0",
  );
});
