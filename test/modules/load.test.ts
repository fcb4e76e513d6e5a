import { expect, test } from "vitest";
import { load } from "../check/program.ts";

const errors = (files: Readonly<Record<string, string>> | string) => load(files).errors();

test("imports and paths of std bring their modules, imported ones first", () => {
  const { program } = load({
    "main.dl": 'import "./parts/a.dl" { a }\nimport std.vision { residual }\nlet r = std.recipes.quick',
    "parts/a.dl": 'import "../b.dl" { b }\nlet a = b + 1',
    "b.dl": "let b = 1",
  });
  expect(program?.modules.map((module) => module.file.source.path)).toEqual([
    ...["b.dl", "parts/a.dl", "std/vision.dl", "std/recipes.dl", "main.dl"],
  ]);
  expect([...program!.main.imports.keys()]).toEqual(["a", "residual"]);
  expect([...program!.main.standard.keys()]).toEqual(["recipes"]);
});

test("a file that is not there", () => {
  expect(errors({})).toMatchInlineSnapshot(`
    "error[DL2020]: there is no file main.dl, or it cannot be read
      --> main.dl:1:1
    1 |
      | ^
      = dlc explain DL2020"
  `);
  expect(errors('import "./blocks.dl" { a }')).toMatchInlineSnapshot(`
    "error[DL2020]: there is no file blocks.dl, or it cannot be read
      --> main.dl:1:8
    1 | import "./blocks.dl" { a }
      |        ^^^^^^^^^^^^^ imported by main.dl
      = dlc explain DL2020"
  `);
});

test("a misspelt module, a misspelt name", () => {
  expect(errors("import std.visoin { residual }")).toMatchInlineSnapshot(`
    "error[DL2021]: there is no module \`std.visoin\`
      --> main.dl:1:8
    1 | import std.visoin { residual }
      |        ^^^^^^^^^^ did you mean \`std.vision\`?
      = fix: write \`std.vision\`
      = dlc explain DL2021"
  `);
  expect(errors("import vision { residual }")).toMatchInlineSnapshot(`
    "error[DL2021]: there is no module \`vision\`
      --> main.dl:1:8
    1 | import vision { residual }
      |        ^^^^^^ did you mean \`std.vision\`?
      = fix: write \`std.vision\`
      = dlc explain DL2021"
  `);
  expect(errors("import std.vision { residuals }")).toMatchInlineSnapshot(`
    "error[DL2022]: there is no \`residuals\` in \`std.vision\`
      --> main.dl:1:21
    1 | import std.vision { residuals }
      |                     ^^^^^^^^^ did you mean \`residual\`?
      = fix: write \`residual\`
      = dlc explain DL2022"
  `);
  // What a module imports itself is not handed on.
  expect(
    errors({
      "main.dl": 'import "a.dl" { b }',
      "a.dl": 'import "b.dl" { b }\nlet a = 1',
      "b.dl": "let b = 1",
    }),
  ).toMatchInlineSnapshot(`
    "error[DL2022]: there is no \`b\` in a.dl
      --> main.dl:1:17
    1 | import "a.dl" { b }
      |                 ^ not declared there
      = hint: it has \`a\`
      = dlc explain DL2022"
  `);
});

test("a loop of imports is drawn", () => {
  expect(
    errors({
      "main.dl": 'import "a.dl" { a }\nlet main = 1',
      "a.dl": 'import "b.dl" { b }\nlet a = 1',
      "b.dl": 'import "main.dl" { main }\nlet b = 1',
    }),
  ).toMatchInlineSnapshot(`
    "error[DL2023]: these files import one another in a loop: main.dl -> a.dl -> b.dl -> main.dl
      --> b.dl:1:8
    1 | import "main.dl" { main }
      |        ^^^^^^^^^ closes the loop to main.dl
      --> main.dl:1:8
    1 | import "a.dl" { a }
      |        ------ a.dl is imported here
      --> a.dl:1:8
    1 | import "b.dl" { b }
      |        ------ b.dl is imported here
      = hint: move what both need into a file of its own
      = dlc explain DL2023"
  `);
});

test("a name that is declared twice, an edition to come", () => {
  expect(errors("import std.vision { residual }\nlet residual = 1")).toMatchInlineSnapshot(`
    "error[DL2010]: \`residual\` is declared twice
      --> main.dl:2:5
    1 | import std.vision { residual }
      |                     -------- first here
    2 | let residual = 1
      |     ^^^^^^^^ again here
      = hint: give one of them another name
      = dlc explain DL2010"
  `);
  expect(errors("edition 2031\nlet a = 1")).toMatchInlineSnapshot(`
    "error[DL2024]: there is no edition 2031 of the language in this version of dlc
      --> main.dl:1:9
    1 | edition 2031
      |         ^^^^
      = hint: write \`edition 2026\`, or bring dlc up to date
      = dlc explain DL2024"
  `);
});

test("an import without braces is one mistake", () => {
  expect(errors("import std.vision.residual\nlet a = 1")).toMatchInlineSnapshot(`
    "error[DL1005]: expected \`{\` after \`residual\`, found the end of the line
      --> main.dl:1:27
    1 | import std.vision.residual
      |                           ^
      = hint: say which names: \`import std.vision { conv_bn_relu, residual }\`
      = dlc explain DL1005"
  `);
});

test("an import under another name is one mistake, with the way there", () => {
  expect(
    errors({ "main.dl": 'import "./b.dl" { small as tiny, wide }', "b.dl": "let small = 1\nlet wide = 2" }),
  ).toMatchInlineSnapshot(`
    "error[DL1005]: expected \`,\` or \`}\` after \`small\`, found \`as\`
      --> main.dl:1:25
    1 | import "./b.dl" { small as tiny, wide }
      |                         ^^^^^^^
      = hint: what is imported keeps its name; give it another below: \`let tiny = small\`
      = dlc explain DL1005"
  `);
});
