/** Signatures, types and numbers as an editor shows them. */
import { describeType } from "../check/describe.ts";
import type { Json, Parameter, Signature } from "../ops/signature.ts";
import type { NamedDecl, ParameterDecl } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import { showType, type TensorType } from "../types/tensor.ts";
import type { Expanded } from "./analysis.ts";

export const count = (n: number): string => n.toLocaleString("en-US");

/** `133.4 M`, `12.0 k` */
export function short(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(1)} G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  if (n >= 1e3) return `${(n / 1e3).toFixed(1)} k`;
  return String(n);
}

export const textOf = (span: Span): string => span.file.text.slice(span.start, span.end);

/** On one line, and not too long. */
export function lineOf(span: Span, most = 80): string {
  const text = textOf(span)
    .replace(/\s+/g, " ")
    .replace(/([([]) /g, "$1")
    .replace(/,? ([)\]])/g, "$1")
    .trim();
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}

/** A default as it would be written. */
export function showDefault(value: Json): string {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => showDefault(each as Json)).join(", ")}]`;
  const record = value as Readonly<Record<string, Json>>;
  if ("op" in record) return String(record.op);
  if ("from" in record && "to" in record)
    return `${showDefault(record.from as Json)} .. ${showDefault(record.to as Json)}`;
  return Object.entries(record)
    .map(([unit, amount]) => `${showDefault(amount)} ${unit}`)
    .join(", ");
}

/** `kernel: a whole number = 3` */
export function showParameter({ name, type, default: value, optional }: Parameter): string {
  const given = value === undefined ? (optional ? " (may be left out)" : "") : ` = ${showDefault(value)}`;
  return `${name}: ${describeType(type).replaceAll("`", "")}${given}`;
}

export function showDeclaredParameter(parameter: ParameterDecl): string {
  return lineOf(parameter.span);
}

/** `conv(channels, kernel = 3, ...)`, each parameter with its place in the text. */
export function showCall(of: Signature | NamedDecl): {
  readonly text: string;
  readonly parameters: readonly { readonly start: number; readonly end: number; readonly doc: string }[];
} {
  const shown =
    "family" in of
      ? of.parameters.map((each) => ({ text: shortParameter(each), doc: each.doc }))
      : of.parameters.map((each) => ({ text: showDeclaredParameter(each), doc: "" }));
  let text = `${"family" in of ? of.name : of.name.text}(`;
  const parameters = shown.map(({ text: parameter, doc }, i) => {
    if (i > 0) text += ", ";
    const start = text.length;
    text += parameter;
    return { start, end: text.length, doc };
  });
  return { text: `${text})`, parameters };
}

function shortParameter({ name, default: value, optional }: Parameter): string {
  if (value !== undefined) return `${name}: ${showDefault(value)}`;
  return optional ? `${name}?` : name;
}

/** The header of a declaration, up to its body: `model vgg(width: int = 64) : f32[N, H, W, C] -> f32[N, K]`. */
export function headerOf(declaration: NamedDecl): string {
  const end = declaration.body?.span.start ?? declaration.span.end;
  return lineOf({ ...declaration.span, end }, 400);
}

/**
 * What a statement leaves: `f32[N, 32, 32, 64]`; where it is used several times and comes to several shapes, the first and the
 * last. Undefined where a mistake is in the way.
 */
export function showShapes(uses: readonly Expanded[]): string | undefined {
  const types = uses.flatMap((use) => use.types);
  if (types.length === 0 || types.some((type) => !type)) return undefined;
  const shown = [...new Set((types as TensorType[]).map(showType))];
  return shown.length === 1 ? shown[0] : `${shown[0]} .. ${shown[shown.length - 1]}`;
}

/** The numbers of several networks: `18,496`, or the least and the greatest. */
export function showNumbers(values: readonly number[], show: (n: number) => string): string {
  const least = Math.min(...values);
  const most = Math.max(...values);
  return least === most ? show(least) : `${show(least)} .. ${show(most)}`;
}
