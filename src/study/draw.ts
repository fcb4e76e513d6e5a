/** `random(...)` and `sobol(...)`: values drawn from ranges and lists, one number in [0, 1) for each. */
import { describeValue } from "../check/describe.ts";
import { rangeItems, toJson } from "../check/evaluate.ts";
import { inUnit, numberValue } from "../check/quantity.ts";
import type { OperatorValue, Value } from "../check/value.ts";
import { randomSource, streamKey } from "../ops/philox.ts";
import type { ParameterType } from "../ops/signature.ts";
import { mostSobolDimensions, sobolPoints } from "../ops/sobol.ts";
import type { StudyContext } from "./context.ts";
import { badAxis } from "./diagnostics.ts";

/** From a number in [0, 1) to a value. */
export type Inverse = (u: number) => Value;

/** The values drawn: of a record of ranges and lists, records. Undefined after a report. */
export function drawnValues(axis: OperatorValue, context: StudyContext): readonly Value[] | undefined {
  const { signature, span } = axis;
  const over = axis.arguments.get("over");
  const n = parameter(axis, "n", context);
  const seed = parameter(axis, "seed", context);
  const names = over?.kind === "record" ? over.entries.map((entry) => entry.label) : undefined;
  const each = over?.kind === "record" ? over.entries.map((entry) => entry.value) : over ? [over] : [];
  const inverses = each.map((value) => inverseOf(value, context));
  if (n === undefined || seed === undefined || inverses.some((inverse) => !inverse)) return undefined;
  if (signature.name === "sobol" && inverses.length > mostSobolDimensions) {
    const problem = `\`sobol\` has ${mostSobolDimensions} dimensions, and this is ${inverses.length}`;
    context.reporter.report(badAxis, { problem }, span, { hint: "use `random`" });
    return undefined;
  }
  const draw = signature.name === "sobol" ? sobolDraws : randomDraws;
  return draw(n as number, inverses.length, seed as string).map((point) => {
    const values = point.map((u, i) => inverses[i]!(u));
    if (!names) return values[0]!;
    return {
      kind: "record",
      span,
      entries: values.map((value, i) => ({ label: names[i]!, value, span: value.span })),
    };
  });
}

/** With its default. Undefined after a report. */
function parameter(axis: OperatorValue, name: "n" | "seed", context: StudyContext) {
  const { type, default: otherwise } = axis.signature.parameters.find((each) => each.name === name)!;
  const given = axis.arguments.get(name);
  if (given)
    return toJson(given, type as ParameterType, context, `\`${name}\` of \`${axis.signature.name}\``);
  if (otherwise !== undefined) return otherwise;
  const problem = `\`${axis.signature.name}\` needs the number of values`;
  context.reporter.report(badAxis, { problem }, axis.span, {
    hint: `write \`${axis.signature.name}(0 .. 1, 8)\``,
  });
  return undefined;
}

function randomDraws(n: number, dimensions: number, seed: string): number[][] {
  const source = randomSource(streamKey(seed, "search"));
  return Array.from({ length: n }, () => Array.from({ length: dimensions }, () => source.uniform()));
}

function sobolDraws(n: number, dimensions: number, seed: string): number[][] {
  const source = randomSource(streamKey(seed, "search"));
  const shift = Uint32Array.from({ length: dimensions }, () => source.below(2 ** 32));
  return sobolPoints(n, dimensions, shift);
}

/**
 * A list: one of its items. A range with a step: one of its numbers. Another range: uniform between its ends, with `log` at equal
 * ratios, to 6 digits. Undefined after a report.
 */
export function inverseOf(value: Value, context: StudyContext): Inverse | undefined {
  const problem = (text: string, hint: string): undefined => {
    context.reporter.report(badAxis, { problem: text }, value.span, { hint });
    return undefined;
  };
  const items = value.kind === "list" ? value.items : stepped(value);
  if (items?.length === 0) return problem("there is nothing to draw from", "give it at least one value");
  if (items) return (u) => items[Math.floor(u * items.length)]!;
  if (value.kind !== "range")
    return problem(
      `nothing can be drawn from ${describeValue(value)}`,
      "give a range, as `0 .. 0.5` or `1e-4 .. 1e-1 log`, or a list",
    );
  const { unit } = value.to;
  const from = inUnit(value.from, unit);
  const to = value.to.value;
  if (from === undefined || from > to) return problem("this range is empty", "write the smaller end first");
  if (value.log && from <= 0)
    return problem("equal ratios (`log`) need ends above 0", "leave out `log`, or start above 0");
  return (u) => {
    const number = value.log ? from * (to / from) ** u : from + (to - from) * u;
    const short = Number(number.toPrecision(6));
    return numberValue(short, Number.isInteger(short), unit, value.span);
  };
}

const stepped = (value: Value): readonly Value[] | undefined =>
  value.kind === "range" && value.step ? rangeItems(value) : undefined;
