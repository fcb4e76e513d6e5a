import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { definedKinds } from "../../diagnostics/diagnostic.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import { type ExitCode, exit, UsageError } from "../exit.ts";
import { packageRoot } from "../root.ts";
import { print } from "../terminal.ts";

const folder = join(packageRoot, "docs", "errors");

/** `DL3101` or its slug, `shape-mismatch`. */
export async function explain(asked: string): Promise<ExitCode> {
  const pages = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => /^DL\d{4}\.md$/.test(name));
  const codes = pages.map((name) => name.slice(0, -3));
  const code = codes.find((known) => known === asked.toUpperCase());
  const texts = code ? [] : pages.map((name) => readFileSync(join(folder, name), "utf8"));
  const text = code
    ? readFileSync(join(folder, `${code}.md`), "utf8")
    : texts.find((page) => slugOf(page) === asked);
  if (!text) {
    // All kinds are declared once the checker is loaded.
    await import("../../study/plan-study.ts");
    const kinds = definedKinds();
    const kind = kinds.find((each) => each.code === asked.toUpperCase() || each.slug === asked);
    if (kind) {
      print(
        `${kind.code} ${kind.slug} (${kind.severity}). It has no page yet: the message and its hint say all.`,
      );
      return exit.fine;
    }
    const near = suggest(
      asked,
      kinds.flatMap((each) => [each.code, each.slug]),
    );
    throw new UsageError(`there is no diagnostic ${asked}.${near ? ` Did you mean ${near}?` : ""}`);
  }
  print(text.replace(/^```dl (bad|good)$/gm, "```"));
  return exit.fine;
}

/** The first line of a page is `# DL3101 shape-mismatch`. */
function slugOf(page: string): string {
  return /^# DL\d{4} (\S+)/.exec(page)?.[1] ?? "";
}
