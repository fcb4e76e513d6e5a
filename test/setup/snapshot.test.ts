/** `./dlc` in a checkout of its own: with and without the snapshot that checking starts from. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const minute = 60_000;
const files = ["dlc", "package.json", "package-lock.json", "setup", "src", "std", "specs", "grammar"];

let folder: string;
let checkout: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlc-checkout-"));
  checkout = join(folder, "dlc");
  for (const file of files) cpSync(file, join(checkout, file), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(checkout, "node_modules"));
  writeFileSync(
    join(folder, "wrong.dl"),
    readFileSync("specs/first-study.dl", "utf8").replace("cross_entropy", "crossentropy"),
  );
  dlc(["--version"]);
}, 3 * minute);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** What it printed and how it ended, and whether it started from the snapshot: the shell tells what it runs. */
function dlc(args: readonly string[], { cwd = folder, env = {} }: Options = {}) {
  const { NODE_OPTIONS: _, ...plain } = process.env;
  const { stdout, stderr, status } = spawnSync("sh", ["-x", join(checkout, "dlc"), ...args], {
    cwd,
    env: { ...plain, ...env },
    encoding: "utf8",
  });
  const said = stderr.split("\n").filter((line) => !line.startsWith("+"));
  return {
    stdout,
    said: said.join("\n"),
    status,
    fromSnapshot: /^\+ node --snapshot-blob/m.test(stderr),
  };
}

const without = { NODE_OPTIONS: "--no-deprecation" };

/** A script that picks a node takes the place of it: then there is none, as one test says. */
const found = spawnSync("sh", ["-c", "command -v node"], { encoding: "utf8" }).stdout.trim();
const isNode = realpathSync(found) === realpathSync(process.execPath);
if (!isNode) console.warn("skipped: the snapshot, since `node` is a script here");

describe.skipIf(!isNode)("the snapshot", () => {
  it("is what checking starts from, and nothing else", { timeout: minute }, () => {
    expect(dlc(["check", "wrong.dl"]).fromSnapshot).toBe(true);
    expect(dlc(["--version"]).fromSnapshot).toBe(false);
    expect(dlc(["check", "wrong.dl"], { env: without }).fromSnapshot).toBe(false);
  });

  it.each([
    ["a mistake", ["check", "wrong.dl"], 1],
    ["a study", ["check", "dlc/specs/galaxy-zoo.dl"], 0],
    ["JSON", ["check", "--json", "wrong.dl"], 1],
    ["a missing file", ["check", "wrongly.dl"], 2],
    ["a plan", ["plan", "dlc/specs/first-study.dl"], 0],
    ["shapes", ["shapes", "dlc/specs/first-study.dl"], 0],
    ["a list of what is not formatted", ["fmt", "--check", "wrong.dl"], 0],
    ["a fix", ["fix", "--dry-run", "wrong.dl"], 0],
    ["a wrong option", ["check", "--wrong"], 2],
  ])("says of %s what is said without", { timeout: minute }, (_, args, status) => {
    const { fromSnapshot, ...told } = dlc(args);
    const { fromSnapshot: __, ...expected } = dlc(args, { env: without });
    expect(fromSnapshot).toBe(true);
    expect(told).toEqual(expected);
    expect(told.status).toBe(status);
  });

  it("knows nothing of the folder and the settings it was made with", { timeout: minute }, () => {
    const elsewhere = dlc(["check", "specs/first-study.dl"], { cwd: checkout });
    expect(elsewhere.stdout).toMatch(/^specs\/first-study\.dl: fine/);
    const fixed = dlc(["check", "wrong.dl"], { env: { LC_ALL: "C", NO_COLOR: "1" } });
    expect(fixed.said).toContain(`(${join(checkout, "dlc")} fix wrong.dl)`);
  });

  it("is not used by a node that may be another one", { timeout: minute }, () => {
    const shim = join(folder, "node");
    writeFileSync(shim, `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
    chmodSync(shim, 0o755);
    const { fromSnapshot, stdout } = dlc(["check", "dlc/specs/first-study.dl"], {
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    expect(fromSnapshot).toBe(false);
    expect(stdout).toContain("fine");
  });

  it("gives way to sources that have changed since", { timeout: minute }, () => {
    utimesSync(join(checkout, "src/cli/main.ts"), new Date(), new Date());
    const { said, stdout } = dlc(["check", "dlc/specs/first-study.dl"]);
    expect(said).toContain("Set up anew: build");
    expect(stdout).toContain("fine");
    expect(dlc(["check", "dlc/specs/first-study.dl"])).toMatchObject({ fromSnapshot: true, said: "" });
  });

  it("is given up when it is damaged", { timeout: minute }, () => {
    const file = join(checkout, "dist", "snapshot");
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const study = ["check", "dlc/specs/first-study.dl"];
    expect(dlc(study)).toMatchObject({
      fromSnapshot: true,
      status: 0,
      stdout: expect.stringContaining("fine"),
    });
    expect(dlc(study)).toMatchObject({ fromSnapshot: false, said: "", status: 0 });
  });

  it("is left where the checkout was moved", { timeout: minute }, () => {
    renameSync(checkout, join(folder, "moved"));
    checkout = join(folder, "moved");
    expect(dlc(["check", "moved/specs/first-study.dl"]).stdout).toContain("fine");
  });
});
