/** `dlc fmt` as a user runs it. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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
  folder = mkdtempSync(join(tmpdir(), "dlc-fmt-"));
});

const untidy = "edition 2026\nlet  a=1 // one\n";
const tidy = "edition 2026\nlet a = 1 // one\n";
const broken = "edition 2026\nlet  a = (1\n";

function fmt(args: readonly string[], input = ""): SpawnSyncReturns<string> {
  const start = `import(${JSON.stringify(main)}).then((m) => m.main(process.argv.slice(1)))`;
  return spawnSync(process.execPath, ["-e", start, "fmt", ...args], { cwd: folder, input, encoding: "utf8" });
}

function write(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("files and folders are formatted, each that changes is named", () => {
  mkdirSync(join(folder, "sub"));
  mkdirSync(join(folder, "runs"));
  write("a.dl", untidy);
  write("b.dl", tidy);
  write("sub/c.dl", untidy);
  write("runs/run.json", "{}");
  write("runs/kept.dl", untidy);
  const { status, stdout, stderr } = fmt([]);
  expect([status, stdout, stderr]).toEqual([0, "a.dl\nsub/c.dl\n", "3 files: 2 formatted.\n"]);
  expect(["a.dl", "b.dl", "sub/c.dl"].map((name) => readFileSync(join(folder, name), "utf8"))).toEqual([
    tidy,
    tidy,
    tidy,
  ]);
  // What a run was made of is a record.
  expect(readFileSync(join(folder, "runs/kept.dl"), "utf8")).toBe(untidy);
  expect(readdirSync(folder).sort()).toEqual(["a.dl", "b.dl", "runs", "sub"]);
});

test("a file that is in order is not written", () => {
  const path = write("a.dl", tidy);
  chmodSync(path, 0o444);
  const before = statSync(path, { bigint: true });
  const { status, stdout, stderr } = fmt(["a.dl"]);
  expect([status, stdout, stderr]).toEqual([0, "", "1 file: nothing to change.\n"]);
  const after = statSync(path, { bigint: true });
  expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
});

test("--check names what would change and changes nothing", () => {
  const path = write("a.dl", untidy);
  write("b.dl", tidy);
  const { status, stdout, stderr } = fmt(["--check", "a.dl", "b.dl"]);
  expect([status, stdout, stderr]).toEqual([1, "a.dl\n", "2 files: 1 would change.\n"]);
  expect(readFileSync(path, "utf8")).toBe(untidy);
  expect(fmt(["--check", "b.dl"]).status).toBe(0);
});

test("a file with syntax errors is shown and left as it is; the others are formatted", () => {
  const path = write("a.dl", broken);
  const other = write("b.dl", untidy);
  const { status, stdout, stderr } = fmt(["a.dl", "b.dl"]);
  expect([status, stdout]).toEqual([1, "b.dl\n"]);
  expect(stderr).toContain("error[DL1003]: `(` is not closed");
  expect(stderr).toContain("a.dl:2:10");
  expect(stderr).toMatch(
    /1 error\. a\.dl is left as it is\.\n2 files: 1 formatted, 1 with syntax errors\.\n$/,
  );
  expect(readFileSync(path, "utf8")).toBe(broken);
  expect(readFileSync(other, "utf8")).toBe(tidy);
});

test("- formats stdin to stdout", () => {
  const { status, stdout, stderr } = fmt(["-"], untidy);
  expect([status, stdout, stderr]).toEqual([0, tidy, ""]);
  const wrong = fmt(["-"], broken);
  expect([wrong.status, wrong.stdout]).toEqual([1, ""]);
  expect(wrong.stderr).toContain("Nothing was formatted.");
  const checked = fmt(["--check", "-"], untidy);
  expect([checked.status, checked.stdout, checked.stderr]).toEqual([1, "", "stdin: would change.\n"]);
  expect(fmt(["-", "a.dl"]).status).toBe(2);
});

test("a read-only file stays, and so does every other", () => {
  const other = write("a.dl", untidy);
  const path = write("b.dl", untidy);
  chmodSync(path, 0o444);
  const { status, stdout, stderr } = fmt(["."]);
  expect([status, stdout]).toEqual([69, ""]);
  expect(stderr).toContain("b.dl or its folder is read-only; no file was changed");
  expect([path, other].map((each) => readFileSync(each, "utf8"))).toEqual([untidy, untidy]);
});

test("a link stays a link, and modes stay", () => {
  const path = write("a.dl", untidy);
  chmodSync(path, 0o640);
  symlinkSync("a.dl", join(folder, "link.dl"));
  expect(fmt(["link.dl"]).status).toBe(0);
  expect(lstatSync(join(folder, "link.dl")).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, "utf8")).toBe(tidy);
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

test("what is not there, or is no text, is told", () => {
  write("stars.dl", tidy);
  const missing = fmt(["star.dl"]);
  expect([missing.status, missing.stderr]).toEqual([
    2,
    "dlc: there is no file star.dl. Did you mean stars.dl?\n",
  ]);
  const bytes = Uint8Array.of(...Buffer.from("let a = 1 // "), 0xff, 0x0a);
  const path = write("latin.dl", bytes);
  const latin = fmt(["latin.dl"]);
  expect(latin.status).toBe(69);
  expect(latin.stderr).toContain("latin.dl is not UTF-8 text");
  expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
  mkdirSync(join(folder, "empty"));
  expect(fmt(["empty"]).stderr).toBe("dlc: there are no .dl files in empty\n");
});

test("byte order marks and carriage returns go", () => {
  const path = write("a.dl", `\ufeff${tidy.replaceAll("\n", "\r\n")}`);
  expect(fmt(["a.dl"]).status).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(tidy);
});
