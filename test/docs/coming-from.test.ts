/** What the pages for people from other tools say of names, messages say too. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { suggest } from "../../src/diagnostics/suggest.ts";
import { operators } from "../../src/ops/registry.ts";

const folder = join(import.meta.dirname, "../../docs/coming-from");

/** What may stand where the name does: operators of its family, or parameters and the words of the language. */
function known(name: string): readonly string[] {
  const families = operators.filter((each) => each.name === name).map(({ family }) => family);
  if (families.length === 0)
    return [...operators.flatMap(({ parameters }) => parameters.map((each) => each.name)), name];
  return operators.filter(({ family }) => families.includes(family)).map((each) => each.name);
}

const tables = readdirSync(folder).flatMap((page) => {
  const [, names] = readFileSync(join(folder, page), "utf8").split("\n## Names\n");
  return names === undefined ? [] : [{ page, names }];
});

describe.each(tables)("$page", ({ names }) => {
  const rows = [...names.matchAll(/^\| `([^`]+)` +\| `([^`]+)` +\|$/gm)].map((match) => [
    match[1]!,
    match[2]!,
  ]);

  test("has a table of names", () => {
    expect(rows.length).toBeGreaterThan(3);
  });

  test.each(rows)("%s is called %s here", (there, here) => {
    const last = there.slice(there.lastIndexOf(".") + 1);
    // A name that is the same but for its letters needs no hint.
    if (last === here) return;
    expect(suggest(last, known(here))).toBe(here);
  });
});
