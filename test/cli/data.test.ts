/** Data that do not agree with the study, that are not there, and types that are left out: as a user runs into them. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { bundle } from "../bundle.ts";

let main = "";
let folder = "";

beforeAll(async () => {
  main = await bundle("src/cli/main.ts");
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlc-data-"));
  writeFileSync(join(folder, "stars.csv"), "g,r,kind\n17,16,dwarf\n15,14,giant\n19,20,dwarf\n18,17,giant\n");
});

function dlc(...args: string[]): SpawnSyncReturns<string> {
  const start = `import(${JSON.stringify(main)}).then((m) => m.main(process.argv.slice(1)))`;
  const env = { ...process.env, DLC_CACHE: join(folder, "cache"), DLC_RUNS: join(folder, "runs") };
  return spawnSync(process.execPath, ["-e", start, ...args], { cwd: folder, env, encoding: "utf8" });
}

function study(kind: string, source = "stars.csv"): void {
  const text = `edition 2026

data stars {
  source = csv("${source}")
  input magnitudes : f32[2] = [source.g, source.r]
  target kind${kind} = source.kind
  split = random(train: 50%, valid: 25%, test: 25%)
}

experiment question {
  data = stars
  model = std.tabular.mlp(widths: [4])
  recipe = std.recipes.quick
  report test.accuracy
}
`;
  writeFileSync(join(folder, "study.dl"), text);
}

test("a type that is left out is read, told, and written by `dlc fix`", () => {
  study("");
  const before = dlc("check", "study.dl");
  expect(before.stdout).toContain("study.dl: fine.");
  expect(before.stderr).toContain("hint[DL4021]: the type of `kind` is left out and read from the data");
  expect(dlc("fix", "study.dl").status).toBe(0);
  expect(readFileSync(join(folder, "study.dl"), "utf8")).toContain(
    "  target kind : class[2] = source.kind\n",
  );
  expect(dlc("check", "study.dl").stderr).toBe("");
});

test("without the data it is missing; with all types written they are not asked for", () => {
  study("", "none.csv");
  const { status, stdout } = dlc("check", "study.dl", "--json");
  expect(status).toBe(1);
  expect(JSON.parse(stdout).diagnostics).toMatchObject([
    { code: "DL4005", line: 6, column: 10, file: "study.dl" },
  ]);
  study(" : class[2]", "none.csv");
  expect(dlc("check", "study.dl")).toMatchObject({ status: 0, stderr: "" });
  const planned = dlc("plan", "study.dl");
  expect(planned.status).toBe(0);
  expect(planned.stdout).toContain("the file of stars is not there");
  expect(planned.stdout).toContain("study.dl:4:16");
  const measured = dlc("plan", "study.dl", "--measure");
  expect(measured.status).toBe(69);
  expect(measured.stderr).toContain("error[DL4020]: the file of stars is not there");
  expect(measured.stderr).toContain("study.dl:4:16");
});

test("a type that the data do not have is told at the field when they are read", () => {
  study(" : class[3]");
  expect(dlc("check", "study.dl")).toMatchObject({ status: 0, stderr: "" });
  const people = dlc("plan", "study.dl", "--measure");
  expect(people.status).toBe(1);
  expect(people.stderr).toContain(
    "error[DL4019]: stars.kind is declared class[3], but the source has 2 classes",
  );
  expect(people.stderr).toContain("study.dl:6:17");
  const { status, stdout } = dlc("plan", "study.dl", "--measure", "--json");
  expect(status).toBe(1);
  expect(JSON.parse(stdout).diagnostics).toMatchObject([
    { code: "DL4019", line: 6, column: 17, endColumn: 25 },
  ]);
});
