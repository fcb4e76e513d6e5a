import { expect, test } from "vitest";
import { complete } from "../../src/check/evaluate.ts";
import { lastValue } from "./program.ts";

/** Everything that is said of the last `let`, its operator completed. */
function said(text: string): string {
  const { value, context, errors } = lastValue(text);
  if (value?.kind === "operator") complete(value, context);
  return errors();
}

test("a parameter that other tools call otherwise", () => {
  expect(said("let o = adam(learning_rate: 1e-3)")).toMatchInlineSnapshot(`
    "error[DL2004]: there is no parameter \`learning_rate\` in \`adam\`
      --> main.dl:1:14
    1 | let o = adam(learning_rate: 1e-3)
      |              ^^^^^^^^^^^^^ it is called \`lr\` here
      = fix: write \`lr\`
      = dlc explain DL2004"
  `);
});

test("an unknown layer, a misspelt name, an unknown unit", () => {
  expect(said("let l = Conv2d(64)")).toMatchInlineSnapshot(`
    "error[DL2001]: there is no \`Conv2d\` here
      --> main.dl:1:9
    1 | let l = Conv2d(64)
      |         ^^^^^^ did you mean \`conv\`?
      = fix: write \`conv\`
      = dlc explain DL2001"
  `);
  expect(said("let widths = [1]\nlet x = widhts")).toMatchInlineSnapshot(`
    "error[DL2001]: there is no \`widhts\` here
      --> main.dl:2:9
    2 | let x = widhts
      |         ^^^^^^ did you mean \`widths\`?
      = fix: write \`widths\`
      = dlc explain DL2001"
  `);
  expect(said("let x = 3 parsecs")).toMatchInlineSnapshot(`
    "error[DL3008]: there is no unit \`parsecs\`
      --> main.dl:1:11
    1 | let x = 3 parsecs
      |           ^^^^^^^
      = hint: the units are %, px, deg, arcsec, epochs, steps, s, min, h, GiB and MiB
      = dlc explain DL3008"
  `);
  for (const [written, meant] of [
    ["5 pixel", "5 px"],
    ["0.5 arcseconds", "0.5 arcsec"],
    ["70 percent", "70 %"],
    ["10 epoches", "10 epochs"],
    ["90 seconds", "90 s"],
  ]) {
    const unit = meant!.split(" ")[1];
    expect(said(`let x = ${written}`)).toContain(`= fix: write \`${unit}\``);
    expect(said(`let x = ${meant}`)).toBe("");
  }
  expect(said("let x = std.recipe.quick")).toMatchInlineSnapshot(`
    "error[DL2011]: there is no \`recipe\` in \`std\`
      --> main.dl:1:13
    1 | let x = std.recipe.quick
      |             ^^^^^^ did you mean \`recipes\`?
      = fix: write \`recipes\`
      = dlc explain DL2011"
  `);
  expect(said("let x = test.accurracy")).toMatchInlineSnapshot(`
    "error[DL2002]: there is no metric \`accurracy\`
      --> main.dl:1:14
    1 | let x = test.accurracy
      |              ^^^^^^^^^ did you mean \`accuracy\`?
      = fix: write \`accuracy\`
      = dlc explain DL2002"
  `);
});

test("arguments: doubled, missing, nameless", () => {
  expect(said("let l = conv(64, channels: 32)")).toMatchInlineSnapshot(`
    "error[DL2005]: \`channels\` of \`conv\` is given twice
      --> main.dl:1:18
    1 | let l = conv(64, channels: 32)
      |              -- first here
      |                  ^^^^^^^^
      = hint: keep one of them
      = dlc explain DL2005"
  `);
  expect(said("let l = conv(kernel: 3)")).toMatchInlineSnapshot(`
    "error[DL2006]: \`conv\` needs \`channels\`
      --> main.dl:1:9
    1 | let l = conv(kernel: 3)
      |         ^^^^^^^^^^^^^^^
      = hint: write \`conv(..., kernel: 3)\`
      = dlc explain DL2006"
  `);
  expect(said("let l = conv(64, 3)")).toMatchInlineSnapshot(`
    "error[DL2007]: \`conv\` takes only its first value without a name
      --> main.dl:1:18
    1 | let l = conv(64, 3)
      |                  ^ this needs a name
      = hint: write its name before it: \`kernel:\`, \`stride:\`, \`dilation:\`, \`padding:\`, \`groups:\`,
              \`bias:\` or \`init:\`
      = fix: write \`kernel:\` before it
      = dlc explain DL2007"
  `);
  expect(said("let l = conv(64, padding: vaild)")).toMatchInlineSnapshot(`
    "error[DL2009]: \`padding\` of \`conv\` is \`same\`, \`valid\` or \`causal\`, not \`vaild\`
      --> main.dl:1:27
    1 | let l = conv(64, padding: vaild)
      |                           ^^^^^ did you mean \`valid\`?
      = fix: write \`valid\`
      = dlc explain DL2009"
  `);
  expect(said("let l = conv(64, kernel: [3, 0])")).toMatchInlineSnapshot(`
    "error[DL3004]: an element of \`kernel\` of \`conv\` must be 1 or more, not 0
      --> main.dl:1:30
    1 | let l = conv(64, kernel: [3, 0])
      |                              ^
      = dlc explain DL3004"
  `);
  expect(said("let l = dropout(50)")).toMatchInlineSnapshot(`
    "error[DL3004]: \`rate\` of \`dropout\` must be 0 to 1, not 50
      --> main.dl:1:17
    1 | let l = dropout(50)
      |                 ^^ a share of 50 would be 5000%
      = fix: write 50%
      = dlc explain DL3004"
  `);
});

test("values that are defined by themselves, and operands that do not fit", () => {
  expect(said("let a = b + 1\nlet b = 2 * c\nlet c = a")).toMatchInlineSnapshot(`
    "error[DL2008]: \`c\` is defined by itself: c -> a -> b -> c
      --> main.dl:3:5
    1 | let a = b + 1
      |     - \`c\` uses this
    2 | let b = 2 * c
      |     - \`a\` uses this
    3 | let c = a
      |     ^
      = hint: give one of them a value of its own
      = dlc explain DL2008"
  `);
  expect(said('let x = 1 + "a"')).toMatchInlineSnapshot(`
    "error[DL3007]: \`+\` cannot be used between 1 and a string
      --> main.dl:1:11
    1 | let x = 1 + "a"
      |         - 1
      |           ^
      |             --- a string
      = dlc explain DL3007"
  `);
  expect(said("let x = 3 px + 2 deg")).toMatchInlineSnapshot(`
    "error[DL3007]: \`+\` cannot be used between 3 px and 2 deg
      --> main.dl:1:14
    1 | let x = 3 px + 2 deg
      |         ---- 3 px
      |              ^
      |                ----- 2 deg
      = hint: give both the same unit
      = dlc explain DL3007"
  `);
  expect(said("let x = 1 / (2 - 2)")).toMatchInlineSnapshot(`
    "error[DL3011]: this divides by zero
      --> main.dl:1:13
    1 | let x = 1 / (2 - 2)
      |             ^^^^^^^
      = dlc explain DL3011"
  `);
  expect(said("let w = [1, 2]\nlet x = w[2]")).toMatchInlineSnapshot(`
    "error[DL3006]: there is no element 2 in a list of 2, which has 0 to 1
      --> main.dl:2:11
    1 | let w = [1, 2]
      |         ------ the list
    2 | let x = w[2]
      |           ^
      = dlc explain DL3006"
  `);
});

test("one mistake, one message", () => {
  // `a` is mistaken; what is made of it is not mentioned again.
  expect(said("let a = nonsense\nlet b = a + 1\nlet c = conv(b)").split("error[").length - 1).toBe(1);
});

test.each([
  [
    "mlp(64, 32, 16)",
    "model mlp(hidden: int[L]) : f32[N, F] -> f32[N, K] { dense(K) }\n",
    "write `[64, 32, 16]`",
  ],
  ["rotate(0, 360)", "", "write `0 .. 360`"],
  ["relu(conv(8))", "", "write layers one after the other: `conv(8); relu`"],
  ["conv(8, 3)", "", "write `kernel:` before it"],
])("the way out of %s, values without a name that have no place", (call, before, wayOut) => {
  const { errors } = lastValue(`${before}let x = ${call}`);
  expect(errors().split("error[")).toHaveLength(2);
  expect(errors()).toContain(wayOut);
});

test("what other languages have a word for, and dimensions that the signature lacks", () => {
  expect(said("let x = range(3)")).toContain("write a range: `0 .. 2` is 0, 1 and 2");
  expect(said("let x = K")).toContain("dimensions are named in the signature, as `-> f32[N, K]`");
});
