import { expect, test } from "vitest";
import { define, definedKinds } from "../../src/diagnostics/diagnostic.ts";
import { findKind, listKinds, renderPage } from "../../src/diagnostics/explain.ts";

const mismatch = define("DL0001", "shape-mismatch", "error", () => "these differ");
define("DL0002", "unequal-budgets", "warning", () => "one trains longer");

test.each([
  "DL0001",
  "dl0001",
  "0001",
  "error[DL0001]",
  "error[DL0001]:",
  "shape-mismatch",
  "Shape mismatch",
])("%s is found", (name) => {
  expect(findKind(name)).toEqual({ kind: mismatch });
});

test("what is misspelt is suggested, and what is far from everything is not", () => {
  expect(findKind("shape-mismach")).toEqual({ near: "shape-mismatch" });
  expect(findKind("unequal budget")).toEqual({ near: "unequal-budgets" });
  expect(findKind("banana")).toEqual({ near: undefined });
});

test("all are listed, one a line", () => {
  expect(listKinds()).toBe("DL0001  shape-mismatch   error\nDL0002  unequal-budgets  warning\n");
});

const page = `# DL0001 shape-mismatch

Two tensors are added whose shapes do not agree. Shapes agree when they are equal, or where one
of them has a 1.

| pairs | 5      | 6     |
| ----- | ------ | ----- |
| p     | 0.0625 | 0.031 |

\`\`\`dl bad
conv(8) as main

conv(16) + main
\`\`\`

\`\`\`dl good
conv(8) as main
conv(8) + main
\`\`\`
`;

test("a page is read without marks", () => {
  expect(renderPage(page, definedKinds()[0]!, { width: 50, study: "docs/study.dl" })).toMatchInlineSnapshot(`
    "DL0001 shape-mismatch (error)

    Two tensors are added whose shapes do not agree.
    Shapes agree when they are equal, or where one of
    them has a 1.

      pairs   5        6
      p       0.0625   0.031

    This gives DL0001:

        conv(8) as main

        conv(16) + main

    This is in order:

        conv(8) as main
        conv(8) + main

    What an example does not declare, it has from
    docs/study.dl.
    "
  `);
});
