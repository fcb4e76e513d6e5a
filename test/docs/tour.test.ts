/** Each step of the tour is a file of `specs/tour/` and a page that shows it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planFile } from "../study/files.ts";

const root = join(import.meta.dirname, "../..");
const steps = readdirSync(join(root, "specs/tour"))
  .filter((name) => name.endsWith(".dl"))
  .sort();

test.each(steps)("%s is in order, and shown whole on its page", (name) => {
  const { plan, told } = planFile(join(root, "specs/tour", name));
  expect(told).toBe("");
  expect(plan?.trials.length).toBeGreaterThan(0);
  const page = readFileSync(join(root, "docs/tour", name.replace(/\.dl$/, ".md")), "utf8");
  expect(page).toContain(`\`\`\`dl\n${readFileSync(join(root, "specs/tour", name), "utf8")}\`\`\`\n`);
});
