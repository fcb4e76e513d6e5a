/** The one way to write each thing. */
import { expect, test } from "vitest";
import { expectLaws } from "./laws.ts";

const cases: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    "blanks stand around operators, after `:` and `,`, and in braces",
    "let a=[1,2 ,3]\nlet b = {x:1,y :f(2*c^2,k:-1)}\nlet c=0..8 step 2\nlet d =70 %+3px",
    "let a = [1, 2, 3]\nlet b = { x: 1, y: f(2 * c ^ 2, k: -1) }\nlet c = 0 .. 8 step 2\nlet d = 70% + 3 px",
  ],
  [
    "an empty line stays, several become one; none at the ends",
    "\n\nedition 2026\n\n\n\nlet a = 1\nlet b = 2\n\n\n",
    "edition 2026\n\nlet a = 1\nlet b = 2",
  ],
  [
    "statements stay in their rows",
    "model m : f32[N] -> f32[N] {\n conv(3);relu ;\n\n pool\n}\nrecipe r {batch=3;length = 2 epochs}",
    "model m : f32[N] -> f32[N] {\n  conv(3); relu\n\n  pool\n}\nrecipe r { batch = 3; length = 2 epochs }",
  ],
  [
    "rows in a body begin below its brace",
    "data d { source = idx(1)\n         split = random(1) }",
    "data d {\n  source = idx(1)\n  split = random(1)\n}",
  ],
  [
    "a comment behind the brace of an empty body has no empty line below it",
    "model m : f32[N] -> f32[N] {\n branch x { // later\n\n }\n group y { }\n}",
    "model m : f32[N] -> f32[N] {\n  branch x { // later\n  }\n  group y { }\n}",
  ],
  [
    "a `;` stays where a newline would not part two statements",
    "metric m(a: f32[N]) {\n  a;\n  -a; where(a, a, a)\n}",
    "metric m(a: f32[N]) {\n  a;\n  -a; where(a, a, a)\n}",
  ],
  [
    "brackets break where the author breaks after them, and keep their rows",
    "let a = f(\n  x: 1, y: 2,\n\n  z: 3)\nlet b = f(x: 1,\n          y: 2)\nlet c = [\n  1,\n  2,\n]",
    "let a = f(\n  x: 1, y: 2,\n\n  z: 3\n)\nlet b = f(x: 1, y: 2)\nlet c = [\n  1,\n  2\n]",
  ],
  [
    "a record that is the only argument hugs its brackets",
    "let a = f({\n x: 1\n})",
    "let a = f({\n  x: 1\n})",
  ],
  [
    "what is too long breaks after brackets and before operators, which hang left of their operands",
    `let total = ${"a_long_name_of_something * 2 + ".repeat(3)}another(${"argument_of_some_length, ".repeat(2)}last)`,
    [
      "let total = a_long_name_of_something * 2",
      "          + a_long_name_of_something * 2",
      "          + a_long_name_of_something * 2",
      "          + another(argument_of_some_length, argument_of_some_length, last)",
    ].join("\n"),
  ],
  [
    "a list that is too long fills its lines",
    `let a = [${"a_name_of_some_length, ".repeat(6)}last]`,
    [
      "let a = [",
      `  ${"a_name_of_some_length, ".repeat(4).trimEnd()}`,
      `  ${"a_name_of_some_length, ".repeat(2)}last`,
      "]",
    ].join("\n"),
  ],
  [
    "a header that is too long breaks in its brackets",
    `block b(width: int, kernel: int = 3, stride: int = 1) : f32[N, ${"C, ".repeat(16)}C] -> f32[N, ceil(C / stride)] {\n relu\n}`,
    `block b(\n  width: int, kernel: int = 3, stride: int = 1\n) : f32[N, ${"C, ".repeat(16)}C] -> f32[N, ceil(C / stride)] {\n  relu\n}`,
  ],
  [
    "comments at the ends of lines that follow each other stand in a column",
    "let a = 1 // one\nlet abc = 2     // two\nlet d = 3\nlet e = 4       // four",
    "let a = 1   // one\nlet abc = 2 // two\nlet d = 3\nlet e = 4 // four",
  ],
  [
    "comments stay where they are, in the indentation of what they stand with",
    "model m : f32[N] -> f32[N] { // open\n// first\nconv( // in\n3, // three\n// last\n)\n      // end\n}\n// after",
    "model m : f32[N] -> f32[N] { // open\n  // first\n  conv( // in\n    3 // three\n    // last\n  )\n  // end\n}\n// after",
  ],
  [
    "the bodies of a condition stand all on its line or none",
    "block b(c: int) : f32[N] -> f32[N] {\n  if c == 1 { relu } else {\n    tanh }\n  if c == 1 { relu } else if c == 2 { tanh } else { }\n}",
    "block b(c: int) : f32[N] -> f32[N] {\n  if c == 1 {\n    relu\n  } else {\n    tanh\n  }\n  if c == 1 { relu } else if c == 2 { tanh } else { }\n}",
  ],
  [
    "a clause that does not fit goes to a line of its own",
    `experiment e {\n  vary recipe.freeze over ${"a".repeat(50)} when recipe.init != ${"b".repeat(30)}\n}`,
    `experiment e {\n  vary recipe.freeze over ${"a".repeat(50)}\n    when recipe.init != ${"b".repeat(30)}\n}`,
  ],
  [
    "parentheses stay",
    "let a = ( (b + c) ) * (d) + not (e and f)",
    "let a = ((b + c)) * (d) + not (e and f)",
  ],
];

test.each(cases)("%s", (_, before, after) => {
  expect(expectLaws(before)).toBe(`${after}\n`);
});

test("an empty file stays empty", () => {
  expect(expectLaws("")).toBe("");
  expect(expectLaws("\n\n")).toBe("");
  expect(expectLaws("// only this")).toBe("// only this\n");
});
