/** Parts that a statement cannot have are told, not passed over; comments document what begins the line below. */
import { expect, test } from "vitest";
import { createReporter } from "../../src/diagnostics/diagnostic.ts";
import type { LetStatement, NamedDecl } from "../../src/syntax/ast.ts";
import { parse } from "../../src/syntax/parse.ts";

function told(statement: string): string[] {
  const reporter = createReporter();
  parse({ path: "a.dl", text: `edition 2026\nexperiment e {\n  ${statement}\n}\n` }, reporter);
  return reporter.diagnostics.map(({ code, message, span }) => {
    return `${code} ${message} at ${span.file.text.slice(span.start, span.end)}`;
  });
}

test.each([
  ["report test.loss as mean_ci(95%) as mean", "as"],
  ["report test.loss by snr by band", "by"],
  ["image = source.image where source.snr > 3", "where"],
  ["relu as x = 2", "="],
  ["recipe.batch : int = 2", ":"],
])("%s", (statement, at) => {
  expect(told(statement)).toEqual([`DL1005 expected the end of the line, found \`${at}\` at ${at}`]);
});

test.each([
  "report test.loss by snr as mean_ci(95%)",
  "report test.loss as mean_ci(95%) by snr in [1, 2]",
  "input image : f32[3] = source.image where source.snr > 3",
  "conv(3) as x : f32[3]",
  "recipe.batch = 2",
])("%s is in order", (statement) => {
  expect(told(statement)).toEqual([]);
});

test("the comment above a line is of what begins it", () => {
  const text =
    "/// Of the block.\nblock b : f32[N] -> f32[N] { let a = 1\n  /// Of b.\n  /// More.\n  let b = 2; let c = 3\n}\n";
  const { declarations } = parse({ path: "a.dl", text }, createReporter());
  const [block] = declarations as readonly NamedDecl[];
  const lets = block!.body!.statements as readonly LetStatement[];
  expect([block!, ...lets].map(({ doc }) => doc)).toEqual([
    "Of the block.",
    undefined,
    "Of b.\nMore.",
    undefined,
  ]);
});
