/** Programs made at random from the grammar: every declaration, statement and expression, whether or not they mean anything. */
import fc from "fast-check";

const word = fc.constantFrom(
  "x", "it", "widths", "label", "conv", "batch_norm", "relu", "std", "seed", "model", "data", "recipe", "test", "over", "by", "step",
  "from", "where", "where", "a_long_name_that_fills_the_line", "another_name_of_some_length",
); // biome-ignore format: a table
const name = fc.constantFrom("x", "y2", "net", "galaxies", "learning_rate", "a_name_as_long_as_names_may_be");
const list = (of: fc.Arbitrary<string>, maxLength: number, between = ", ") =>
  fc.array(of, { maxLength, minLength: 1 }).map((all) => all.join(between));
const maybe = (of: fc.Arbitrary<string>) => fc.oneof(fc.constant(""), of);
/** The parts one after the other, without anything between them. */
const joined = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((all) => all.join(""));

const number = fc.constantFrom(
  "0",
  "1",
  "0.5",
  "5e-4",
  "64",
  "12 epochs",
  "70%",
  "0.3 arcsec",
  "18446744073709551615",
);
const text = fc.constantFrom('""', '"a b"', '"// no comment"', '"\\"{"');
const operator = fc.constantFrom("+", "-", "*", "/", "^", "==", "!=", "<", "<=", "and", "or", "in", "..");

const grammar = fc.letrec<Record<string, string>>((tie) => {
  const expression = tie("expression") as fc.Arbitrary<string>;
  const operand = tie("operand") as fc.Arbitrary<string>;
  const rows = tie("rows") as fc.Arbitrary<string>;
  const settings = tie("settings") as fc.Arbitrary<string>;
  const body = fc.oneof(joined("{ ", rows, " }"), joined("{\n", rows, "\n}"), fc.constant("{}"));
  const path = list(name, 3, ".");
  const type = joined(
    fc.constantFrom("f32", "int", "class", "layer"),
    maybe(joined("[", list(expression, 3), "]")),
  );
  const ports = fc.oneof(type, joined("(", list(joined(name, ": ", type), 3), ")"));
  const parameter = joined(name, ": ", type, maybe(joined(" = ", expression)));
  const target = joined(name, maybe(joined("[", expression, "]")));
  const trailer = joined(maybe(joined(" as ", target)), maybe(joined(" : ", type)));
  const per = maybe(joined(" per ", list(path, 2)));
  return {
    operand: fc.oneof(
      { maxDepth: 2, depthIdentifier: "expression" },
      word, number, text,
      joined(operand, ".", name),
      joined(operand, "[", expression, "]"),
      joined(operand, "(", list(fc.oneof(expression, joined(name, ": ", expression)), 5), ")"),
      joined("[", list(expression, 5), "]"),
      joined("{ ", list(fc.oneof(expression, joined(path, ": ", expression)), 4), " }"),
      joined("{\n", list(joined(path, ": ", expression), 4, "\n"), "\n}"),
      joined("(", expression, ")"),
      joined(fc.constantFrom("-", "not "), operand),
    ), // biome-ignore format: a table
    expression: fc.oneof(
      { maxDepth: 2, depthIdentifier: "expression" },
      operand,
      joined(operand, " ", operator, " ", operand),
      joined(operand, " + ", operand, " * ", operand, " + ", operand),
      joined(operand, " .. ", operand, " step ", operand),
      joined(operand, " with { ", list(joined(path, " = ", expression), 3, ", "), " }"),
      joined(operand, " with {\n", settings, "\n}"),
    ),
    settings: list(joined(path, " = ", expression), 3, "\n"),
    statement: fc.oneof(
      { maxDepth: 2, depthIdentifier: "statement" },
      joined(expression, trailer),
      joined(path, " = ", expression),
      joined(fc.constantFrom("input ", "target ", "keep "), name, maybe(joined(" : ", type)), " = ", expression,
        maybe(joined(" where ", expression))),
      joined(fc.constantFrom("let ", "out "), name, " = ", expression),
      joined("minimize ", expression),
      joined("from ", expression, trailer),
      joined(fc.constantFrom("prepare ", "augment x, "), name, " ", body),
      joined("branch ", target, maybe(joined(" from ", expression)), " ", body, trailer),
      joined("repeat ", expression, " ", body, trailer),
      joined("for ", name, " in ", expression, " ", body, trailer),
      joined("if ", expression, " ", body, maybe(joined(" else if ", expression, " ", body)), maybe(joined(" else ", body)), trailer),
      joined("group ", target, " ", body, trailer),
      joined("train ", name, " ", body),
      joined("vary ", path, " over ", expression, maybe(joined(" when ", expression))),
      joined("repeat ", path, " over ", expression),
      joined("search ", expression, " over ", expression, maybe(joined(" by ", expression)), per),
      joined("choose ", path, " by ", expression, per),
      joined("report ", list(expression, 6), maybe(joined(" as ", expression)), maybe(joined(" by ", name, maybe(joined(" in ", expression))))),
      joined("report ", expression, " by ", name, " as ", expression),
      joined("compare ", name, " - ", name, " on ", expression, maybe(joined(" paired by ", list(name, 2))), maybe(joined(" margin ", expression))),
      joined("ensemble ", name, " = ", expression, " over ", list(name, 2)),
      joined("save ", name),
      joined("budget { ", settings, " }"),
      joined("allow DL6003", maybe(joined(" because ", text))),
    ), // biome-ignore format: a table
    rows: list(
      joined(tie("statement") as fc.Arbitrary<string>, fc.constantFrom("\n", "\n", "; ", "\n\n")),
      4,
      "",
    ),
    declaration: fc.oneof(
      joined("import ", fc.constantFrom("std.vision", '"./blocks.dl"'), " { ", list(name, 8), " }"),
      joined("let ", name, " = ", expression),
      joined(fc.constantFrom("data ", "recipe ", "experiment "), name, " ", body),
      joined(fc.constantFrom("data ", "recipe "), name, " = ", expression),
      joined(fc.constantFrom("model ", "block "), name, maybe(joined("(", list(parameter, 5), ")")), " : ", ports, " -> ", ports, " ", body),
      joined(fc.constantFrom("loss ", "metric "), name, "(", list(joined(name, ": ", type), 3), ") ", body),
    ), // biome-ignore format: a table
  };
});

/** Some are no programs after all: contextual words can stand in their own way. */
export const programs: fc.Arbitrary<string> = fc
  .array(grammar.declaration as fc.Arbitrary<string>, { minLength: 1, maxLength: 3 })
  .map((all) => `${["edition 2026", ...all].join("\n")}\n`);
