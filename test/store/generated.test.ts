import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
// @ts-expect-error a script without types
import { generate } from "../../setup/generate.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "src", "store", "generated");

it("types of records are fresh: node setup/generate.mjs", async () => {
  const files: Map<string, string> = await generate();
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(readFileSync(join(folder, name), "utf8")).toBe(text);
});
