import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { definedTwice } from "./diagnostics.ts";

/** Reports a name that is written a second time among the lines of one block, and says whether it is the first. */
export function onceEach(context: StudyContext): (name: string, span: Span, among?: string) => boolean {
  const written = new Map<string, Span>();
  return (name, span, among = "") => {
    const key = `${among} ${name}`;
    const before = written.get(key);
    if (before)
      context.reporter.report(definedTwice, { name }, span, {
        labels: [{ span: before, text: "here" }],
        hint: "keep one of the two lines",
      });
    written.set(key, span);
    return !before;
  };
}
