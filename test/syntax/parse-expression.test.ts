import { expect, test } from "vitest";
import { createReporter } from "../../src/diagnostics/diagnostic.ts";
import { parseExpression } from "../../src/syntax/parse-expression.ts";

function parse(text: string) {
  const source = { path: "--set", text: `a.b=${text}` };
  const reporter = createReporter();
  const expr = parseExpression(source, 4, reporter);
  return { expr, told: reporter.diagnostics.map((each) => `${each.message} at ${each.span.start}`) };
}

test.each([
  ["64", "number"],
  ["3 epochs", "number"],
  ["1 .. 8 step 2", "range"],
  ["{ a: 1, b: small(4) }", "record"],
  ["short with { batch = 3 }", "with"],
  ["[1, 2]", "list"],
  ['"a b"', "string"],
  ["not x", "unary"],
])("%s is a %s, in its place", (text, kind) => {
  const { expr, told } = parse(text);
  expect(told).toEqual([]);
  expect(expr?.kind).toBe(kind);
  expect([expr?.span.start, expr?.span.end]).toEqual([4, 4 + text.length]);
});

test.each([
  ["", "expected a value, found nothing at 4"],
  ["6 4", "expected the end of the line after `6`, found `4` at 6"],
  ["f(", "`(` is not closed at 5"],
  ["1; 2", "expected one value, found a second line at 5"],
])("%s is refused", (text, message) => {
  const { expr, told } = parse(text);
  expect(expr).toBeUndefined();
  expect(told).toEqual([message]);
});
