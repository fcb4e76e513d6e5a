/** Names that a body gives to something, but not for the place where they are used. */
import type { Details } from "../diagnostics/diagnostic.ts";
import type { Module } from "../modules/program.ts";
import type { Body, Name, Statement } from "../syntax/ast.ts";
import { isWithin, type Span } from "../text/source.ts";

/** What to say of a name that ended with its braces, or is given further down. Undefined where the body has no such name. */
export function namedElsewhere(name: string, span: Span, module: Module): Details | undefined {
  const declaration = declarationAt(span, module);
  const body = declaration?.kind === "declaration" ? declaration.body : undefined;
  const named = body && findName(name, body);
  if (!named) return undefined;
  const later = named.span.start > span.start;
  // The word of a factor holds from its line to the end of the experiment.
  if (!later && declaration?.kind === "declaration" && declaration.what === "experiment") return undefined;
  return {
    text: "not known here",
    labels: [
      { span: named.span, text: later ? "named further down" : "this name ends with the `{ }` around it" },
    ],
    hint: later ? "put that line above this one" : `name it behind the closing brace: \`} as ${name}\``,
  };
}

/** The declaration of a file that a place is in. */
export const declarationAt = (span: Span, { file }: Module) =>
  file.declarations.find((each) => isWithin(span, each.span));

function findName(name: string, body: Body): Name | undefined {
  for (const statement of body.statements) {
    const found =
      namesOf(statement).find(({ text }) => text === name) ??
      bodiesOf(statement)
        .map((each) => each && findName(name, each))
        .find((each) => each);
    if (found) return found;
  }
  return undefined;
}

/** The names that lines below a statement may use. */
function namesOf(statement: Statement): readonly Name[] {
  if (statement.kind === "vary" || statement.kind === "replicate")
    return statement.path.length === 1 ? statement.path : [];
  const as = "as" in statement && statement.kind !== "report" ? statement.as : undefined;
  const target = statement.kind === "branch" ? statement.target : undefined;
  return [as, target].flatMap((each) => each?.name ?? []);
}

function bodiesOf(statement: Statement): readonly (Body | undefined)[] {
  switch (statement.kind) {
    case "branch":
    case "group":
    case "repeat":
    case "for":
      return [statement.body];
    case "if":
      return [statement.then, statement.else];
    default:
      return [];
  }
}
