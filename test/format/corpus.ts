/** Every `.dl` text there is: the standard library, specs, target programs, tests, and what the documentation shows. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { blocksOf } from "../docs/blocks.ts";

export interface Sample {
  readonly path: string;
  readonly text: string;
}

const root = join(import.meta.dirname, "../..");
const shared = process.env.DLC_SHARED ?? join(root, "../shared");

function below(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function sample(path: string): Sample {
  return { path, text: readFileSync(path, "utf8") };
}

/** The programs that a page shows, those of `docs/errors` as they stand: some are mistaken, which a formatter does not mind. */
function shownIn(path: string): Sample[] {
  const { text } = sample(path);
  if (!path.includes("errors"))
    return blocksOf(relative(root, path), text).map(({ at, file }) => ({ path: at, text: file }));
  return [...text.matchAll(/^```dl [a-z]+\n(.*?)^```$/gms)].map((match, i) => ({
    path: `${relative(root, path)} ${i + 1}`,
    text: match[1]!,
  }));
}

/** What the repository ships: formatted. */
export const shipped: readonly Sample[] = ["std", "specs"].flatMap((folder) =>
  below(join(root, folder), ".dl").map(sample),
);

export const examples: readonly Sample[] = below(join(shared, "examples"), ".dl").map(sample);

export const samples: readonly Sample[] = [
  ...shipped,
  ...examples,
  ...["test", "docs", "bench"].flatMap((folder) => below(join(root, folder), ".dl").map(sample)),
  ...[join(root, "README.md"), ...below(join(root, "docs"), ".md")].flatMap(shownIn),
];
