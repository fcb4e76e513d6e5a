/** `--json`: one object for a program on standard output, words for people on standard error. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { check } from "../../src/cli/commands/check.ts";
import { plan } from "../../src/cli/commands/plan.ts";
import { run } from "../../src/cli/commands/run.ts";
import { study } from "../study/files.ts";

const folder = mkdtempSync(join(tmpdir(), "dlc-json-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fine = join(folder, "fine.dl");
writeFileSync(fine, study());
const wrong = join(folder, "wrong.dl");
writeFileSync(wrong, study().replace("adam(lr: 0.01)", "adam(learning_rate: 0.01)"));

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../grammar/diagnostics.schema.json"), "utf8"),
);
const isDiagnostics = new Ajv({ strict: false }).compile(schema);

let out = "";
let err = "";
beforeEach(() => {
  out = err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const spec = { runs: folder };

test.each([
  ["check", () => check(wrong, { format: "text", json: true })],
  ["plan", () => plan(wrong, { ...spec, json: true })],
  ["run", () => run(wrong, { ...spec, json: true, reuse: "logical", engine: "reference" })],
])("what is wrong, of %s", async (command, start) => {
  expect(await start()).toBe(1);
  const { type, ...told } = JSON.parse(out);
  expect(type).toBe(command === "run" ? "diagnostics" : undefined);
  expect(isDiagnostics(told)).toBe(true);
  expect(told.diagnostics).toMatchObject([{ code: "DL2004", line: 25, file: wrong }]);
  expect(err).toContain("error[DL2004]: there is no parameter `learning_rate` in `adam`");
  expect(err).toContain("1 error. Nothing was run.");
});

test("a plan says what was checked, and what is to be known", async () => {
  expect(await plan(fine, { ...spec, json: true })).toBe(0);
  const told = JSON.parse(out);
  expect(told.checked.question[0]).toBe("splits share no row");
  expect(isDiagnostics({ diagnostics: told.diagnostics })).toBe(true);
  out = "";
  expect(await plan(fine, spec)).toBe(0);
  expect(out).toMatch(/Checked: splits share no row; test is read once a trial; /);
});
