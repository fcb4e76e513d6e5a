/** What `--help` and the pages of the documentation tell people to type. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { main } from "../../src/cli/main.ts";

const root = join(import.meta.dirname, "../..");
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

async function told(args: readonly string[]): Promise<{ out: string; code: number }> {
  let out = "";
  const write = (text: string | Uint8Array): boolean => {
    out += text;
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(write);
  vi.spyOn(process.stderr, "write").mockImplementation(write);
  vi.spyOn(process, "on").mockReturnThis();
  process.exitCode = 0;
  await main(args);
  vi.restoreAllMocks();
  return { out, code: Number(process.exitCode) };
}

/** The words of a line that holds no quotes but `'`. */
const words = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ""));

/** Those that neither train nor need a run. */
const quick = ["check", "fix", "fmt", "shapes", "plan", "compile", "explain", "engine"];

test.each(quick)("the example of dlc %s does what it says", { timeout: 30_000 }, async (name) => {
  const { out } = await told([name, "--help"]);
  const lines = [...out.slice(out.indexOf("Example:")).matchAll(/^ {2}dlc (.*)$/gm)].map(
    (match) => match[1]!,
  );
  expect(lines.length).toBeGreaterThan(0);
  // What is installed is not brought by a test.
  for (const line of lines.filter((each) => each !== "engine install"))
    expect(await told(words(line)), line).toMatchObject({ code: 0 });
});

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

test("commands that the pages show on studies of the repository are in order", {
  timeout: 60_000,
}, async () => {
  const commands = pages.flatMap((page) =>
    [
      ...readFileSync(join(root, page), "utf8").matchAll(
        /(?:\$ |`|^ {4})(?:\.\/)?dlc (?:run|plan|check|shapes) (specs\/[^`\n]*)/gm,
      ),
    ].map((match) => match[1]!.replace("FOLDER", ".")),
  );
  expect(commands.length).toBeGreaterThan(10);
  for (const line of new Set(commands)) {
    const args = words(line).filter((word) => word !== "--smoke");
    expect(await told(["check", ...args]), line).toMatchObject({ code: 0 });
  }
});

test("dlc engine alone lists what is here", async () => {
  const { out, code } = await told(["engine"]);
  expect(code).toBe(0);
  expect(out).toContain("reference");
});
