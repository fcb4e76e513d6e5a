/** Numbers, lengths and ranges in the unit that a parameter has. */
import type { Fix, Label } from "../diagnostics/diagnostic.ts";
import type { Json, ParameterType, RealUnit } from "../ops/signature.ts";
import type { Unit } from "../syntax/unit.ts";
import { isWithin, textOf } from "../text/source.ts";
import type { Context } from "./context.ts";
import { describeValue, listWords, showValue } from "./describe.ts";
import { badRange, missingUnit, notWhole, outOfRange, wrongUnit } from "./messages.ts";
import { inUnit } from "./quantity.ts";
import { mismatch } from "./to-json.ts";
import type { NumberValue, Value } from "./value.ts";

type Of<K extends ParameterType["kind"]> = Extract<ParameterType, { kind: K }>;

export function intToJson(value: Value, type: Of<"int">, context: Context, what: string): Json | undefined {
  if (value.kind !== "number") return mismatch(value, type, context, what);
  const number = inParameterUnit(value, type.unit, context, what);
  if (number === undefined) return undefined;
  if (!value.whole) {
    const written = textOf(value.span);
    // `64.0` is read as 64, and is no whole number for the point in it.
    const whole = /^\d+[.]0+$/.test(written) ? showValue(value) : undefined;
    context.reporter.report(notWhole, { what, got: whole ? written : showQuotient(value) }, value.span, {
      labels: value.quotient?.filter((part) => !isWithin(part.span, value.span)).map(placeOf) ?? [],
      hint: value.quotient ? `round it: \`ceil(${written})\` or \`floor(${written})\`` : undefined,
      fixes: whole
        ? [{ title: `write \`${whole}\``, edits: [{ span: value.span, text: whole }], safety: "safe" }]
        : [],
    });
    return undefined;
  }
  return withinLimits(number, value, type, context, what);
}

/** `1024 / 3 = 341.33` */
function showQuotient(value: NumberValue): string {
  const { quotient } = value;
  if (!quotient) return showValue(value);
  return `${quotient.map(showValue).join(" / ")} = ${Number(value.value.toPrecision(6))}`;
}

const placeOf = (part: NumberValue): Label => ({
  span: part.span,
  text: `${showValue(part)} comes from here`,
});

export function realToJson(value: Value, type: Of<"real">, context: Context, what: string): Json | undefined {
  if (value.kind !== "number") return mismatch(value, type, context, what);
  const number = inParameterUnit(value, type.unit, context, what);
  return number === undefined ? undefined : withinLimits(number, value, type, context, what);
}

function withinLimits(
  number: number,
  value: NumberValue,
  type: Of<"int"> | Of<"real">,
  context: Context,
  what: string,
): number | undefined {
  const { min, max } = { max: undefined, ...type };
  const low = min !== undefined && number < min;
  const high = max !== undefined && number > max;
  if (!low && !high && Number.isFinite(number)) return number;
  const unit = type.unit && type.unit !== "fraction" ? ` ${type.unit}` : "";
  const limit = !Number.isFinite(number)
    ? "a finite number"
    : min !== undefined && max !== undefined
      ? `${min} to ${max}${unit}`
      : low
        ? `${min}${unit} or more`
        : `at most ${max}${unit}`;
  const share = type.kind === "real" && high && max !== undefined && max <= 1 && number / 100 <= max;
  const fixes: Fix[] = share
    ? [{ title: `write ${number}%`, edits: [{ span: value.span, text: `${number}%` }], safety: "review" }]
    : [];
  context.reporter.report(outOfRange, { what, limit, got: showValue(value) }, value.span, {
    text: share ? `a share of ${number} would be ${number * 100}%` : "",
    fixes,
  });
  return undefined;
}

/** Pixels and shares may come without a unit; degrees may not, since they could be radians. */
function inParameterUnit(
  value: NumberValue,
  unit: RealUnit | undefined,
  context: Context,
  what: string,
): number | undefined {
  const own: Unit | undefined = unit === "fraction" ? undefined : unit;
  if (own && !value.unit) {
    if (own === "px" || value.value === 0) return value.value;
    reportMissingUnit(value, [own], context, what);
    return undefined;
  }
  const number = inUnit(value, own);
  if (number !== undefined) return number;
  const needed = own ? `in ${own}` : unit === "fraction" ? "a share, such as 50%" : "a number without a unit";
  context.reporter.report(wrongUnit, { what, needed, got: describeValue(value) }, value.span, {
    hint: own ? `write a number of ${own}, as \`${value.value} ${own}\`` : "leave the unit out",
  });
  return undefined;
}

function reportMissingUnit(
  value: NumberValue,
  units: readonly string[],
  context: Context,
  what: string,
): void {
  const { span } = value;
  const first = units[0]!;
  context.reporter.report(missingUnit, { what, units }, span, {
    text: "in which unit?",
    hint: `write \`${showValue(value)} ${first}\``,
    fixes: [
      {
        title: `write \`${first}\` behind it`,
        edits: [{ span: { ...span, start: span.end }, text: ` ${first}` }],
        safety: "review",
      },
    ],
  });
}

/** Seeds are 64 bits: whole numbers up to 18446744073709551615, exact beyond 2^53. */
export function seedToJson(value: Value, context: Context, what: string): Json | undefined {
  if (value.kind !== "number") return mismatch(value, { kind: "seed" }, context, what);
  if (value.unit) {
    const parameters = { what, needed: "a number without a unit", got: describeValue(value) };
    context.reporter.report(wrongUnit, parameters, value.span);
    return undefined;
  }
  if (!value.whole || value.digits === undefined) {
    context.reporter.report(notWhole, { what, got: showValue(value) }, value.span);
    return undefined;
  }
  const seed = BigInt(value.digits);
  if (seed >= 0n && seed < 2n ** 64n) return seed.toString();
  const limit = seed < 0n ? "0 or more" : "below 2^64";
  context.reporter.report(outOfRange, { what, limit, got: value.digits }, value.span);
  return undefined;
}

type DurationUnit = "epochs" | "steps" | "seconds";

export function durationToJson(
  value: Value,
  type: Of<"duration">,
  context: Context,
  what: string,
): Json | undefined {
  if (value.kind !== "number") return mismatch(value, type, context, what);
  const allowed: readonly DurationUnit[] = type.in ?? ["epochs", "steps", "seconds"];
  const words = allowed.map((unit) => (unit === "seconds" ? "a time (s, min, h)" : unit));
  if (!value.unit) {
    reportMissingUnit(
      value,
      allowed.flatMap((unit) => (unit === "seconds" ? ["s", "min", "h"] : [unit])),
      context,
      what,
    );
    return undefined;
  }
  const seconds = inUnit(value, "s");
  const unit: string = seconds === undefined ? value.unit : "seconds";
  const allowedUnit = allowed.find((each) => each === unit);
  if (!allowedUnit) {
    const parameters = { what, needed: `in ${listWords(words)}`, got: describeValue(value) };
    const first = allowed[0] === "seconds" ? "s" : allowed[0];
    context.reporter.report(wrongUnit, parameters, value.span, {
      hint: `write it in one of these, as \`${value.value} ${first}\``,
    });
    return undefined;
  }
  const number = seconds ?? value.value;
  if (number < 0) {
    context.reporter.report(outOfRange, { what, limit: "0 or more", got: showValue(value) }, value.span);
    return undefined;
  }
  if (allowedUnit === "steps" && !value.whole) {
    context.reporter.report(notWhole, { what, got: showValue(value) }, value.span);
    return undefined;
  }
  return { [allowedUnit]: number };
}

export function rangeToJson(
  value: Value,
  type: Of<"range">,
  context: Context,
  what: string,
): Json | undefined {
  if (value.kind !== "range") return mismatch(value, type, context, what);
  if (value.log) {
    const problem = `${what} is no axis to draw from, so \`log\` has no meaning`;
    context.reporter.report(badRange, { problem }, value.span, { hint: "leave out `log`" });
    return undefined;
  }
  const from = inParameterUnit(value.from, type.unit, context, `the start of ${what}`);
  const to = inParameterUnit(value.to, type.unit, context, `the end of ${what}`);
  if (from === undefined || to === undefined) return undefined;
  if (from > to) {
    const problem = `${what} runs from ${showValue(value.from)} down to ${showValue(value.to)}`;
    context.reporter.report(badRange, { problem }, value.span, { hint: "write the smaller end first" });
    return undefined;
  }
  return { from, to };
}
