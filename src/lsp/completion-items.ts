/** One thing that may be written, as an editor lists it. */
import { describeType, familyWord } from "../check/describe.ts";
import { definedKinds } from "../diagnostics/diagnostic.ts";
import type { Choice } from "../study/names/binder.ts";
import { isDefinition } from "../study/names/meaning.ts";
import { headerOf, lineOf, showParameter } from "./show.ts";
import type { Snippet } from "./statements.ts";

export interface Completion {
  readonly label: string;
  /** What is inserted where that is not the label. A `$0` is where the cursor goes. */
  readonly insert: string;
  readonly what: "name" | "operator" | "parameter" | "word" | "field" | "keyword" | "module" | "type";
  readonly detail: string;
  /** Markdown. */
  readonly doc: string;
  /** Those that fit best come first: 0, then 1, ... */
  readonly rank: number;
}

export const itemOfSnippet = ({ text, insert, doc }: Snippet): Completion => ({
  label: text,
  insert,
  what: "keyword",
  detail: doc,
  doc: "",
  rank: 1,
});

export function itemOf({ text, meaning }: Choice, rank = 0): Completion {
  const item = { label: text, insert: text, rank, doc: "", detail: "" };
  if (isDefinition(meaning)) {
    const { kind, declaration, type, value } = meaning;
    const detail = declaration
      ? headerOf(declaration)
      : `${kind}${type ? ` : ${lineOf(type.span)}` : value ? ` = ${lineOf(value.span, 40)}` : ""}`;
    return {
      ...item,
      what: kind === "field" ? "field" : "name",
      detail,
      doc: (declaration ?? meaning).doc ?? "",
    };
  }
  switch (meaning.kind) {
    case "operator": {
      const { signature } = meaning;
      return {
        ...item,
        what: "operator",
        detail: familyWord(signature.family).replaceAll("`", ""),
        doc: signature.doc,
      };
    }
    case "argument":
      return {
        ...item,
        what: "parameter",
        detail: showParameter(meaning.parameter),
        doc: meaning.parameter.doc,
      };
    case "setting":
      return {
        ...item,
        what: "field",
        detail: meaning.type ? describeType(meaning.type).replaceAll("`", "") : "",
      };
    case "module":
      return { ...item, what: "module", doc: meaning.module?.file.doc ?? "" };
    case "type":
      return { ...item, what: "type" };
    case "diagnostic":
      return {
        ...item,
        what: "word",
        detail: definedKinds().find(({ code }) => code === text)?.slug ?? "",
      };
    case "column":
      return { ...item, what: "field", detail: "read from the source" };
    default:
      return { ...item, what: "word" };
  }
}
