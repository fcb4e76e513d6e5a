import { callableOf } from "../check/bind.ts";
import { createReporter } from "../diagnostics/diagnostic.ts";
import { bindNames } from "../study/names/bind.ts";
import type { Callee } from "../study/names/binder.ts";
import type { CallExpr } from "../syntax/ast.ts";
import type { Analysis } from "./analysis.ts";
import { declarationAt } from "./places.ts";
import { showCall } from "./show.ts";

export interface SignatureHelp {
  readonly text: string;
  readonly doc: string;
  /** Parts of `text`. */
  readonly parameters: readonly { readonly start: number; readonly end: number; readonly doc: string }[];
  /** The parameter that is being written; undefined where none fits. */
  readonly active: number | undefined;
}

/** The call around a place, its parameters, and which of them is being written. */
export function signatureHelp(analysis: Analysis, offset: number): SignatureHelp | undefined {
  const { module, program, host } = analysis;
  const declaration = declarationAt(module, offset);
  if (!declaration) return undefined;
  let found:
    | { readonly call: CallExpr; readonly callees: readonly Callee[]; readonly applied: boolean }
    | undefined;
  bindNames(
    declaration,
    module,
    program,
    { host, reporter: createReporter() },
    {
      call(call, callees, applied) {
        const open = call.callee.span.end;
        const isInside = open < offset && (offset < call.span.end || !isClosed(call));
        const isInner = !found || found.call.span.start <= call.span.start;
        if (isInside && isInner && offset <= call.span.end + 1) found = { call, callees, applied };
      },
    },
  );
  const callee = found?.callees[0];
  if (!found || !callee) return undefined;
  const { text, parameters } = showCall(callee);
  return { text, parameters, doc: callee.doc ?? "", active: activeParameter(found, callee, offset) };
}

const isClosed = ({ span }: CallExpr): boolean => span.file.text[span.end - 1] === ")";

function activeParameter(
  { call, applied }: { readonly call: CallExpr; readonly applied: boolean },
  callee: Callee,
  offset: number,
): number | undefined {
  const { slots, positional } = callableOf(callee);
  const { text } = call.span.file;
  const before = call.arguments.filter(
    ({ span }) => /,/.test(text.slice(span.end, offset)) && span.end <= offset,
  );
  const argument = call.arguments[before.length];
  if (argument?.name) {
    const index = slots.findIndex(({ name }) => name === argument.name!.text);
    return index < 0 ? undefined : index;
  }
  // Tensors that a layer is applied to are none of its parameters; those of an own loss are written like them.
  const isApplied = applied && ("family" in callee || callee.what === "model" || callee.what === "block");
  if (isApplied && argument) return undefined;
  if (positional === Number.POSITIVE_INFINITY && !isApplied)
    return slots.findIndex(({ type }) => type.kind === "list");
  const nameless = isApplied ? 0 : before.filter(({ name }) => !name).length;
  if (nameless < positional && nameless < slots.length && before.every(({ name }) => !name)) return nameless;
  const given = before.flatMap(({ name }) => name?.text ?? []);
  const open = slots.findIndex(({ name }, i) => i >= nameless && !given.includes(name));
  return open < 0 ? undefined : open;
}
