import { listWords } from "../check/describe.ts";
import type { Details } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { Name } from "../syntax/ast.ts";

/** For a name that is none of `candidates`: the one that was meant, with a fix, or else all that there are. */
export function suggestion(name: Name, candidates: readonly string[]): Details {
  const meant = suggest(name.text, candidates);
  if (meant)
    return {
      text: `did you mean \`${meant}\`?`,
      fixes: [{ title: `write \`${meant}\``, edits: [{ span: name.span, text: meant }], safety: "safe" }],
    };
  return {
    text: "not known",
    hint:
      candidates.length > 0
        ? `there ${candidates.length === 1 ? "is" : "are"} ${listWords(
            candidates.map((each) => `\`${each}\``),
            "and",
          )}`
        : undefined,
  };
}
