/** Fields without a written type: what the columns make of them, and what is said where they cannot. */
import { describe, expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { Problem } from "../../src/diagnostics/problem.ts";
import type { FieldType } from "../../src/ops/field.ts";
import type { SourceColumns, StudyHost } from "../../src/study/source-columns.ts";
import { hostOf, planFile } from "./files.ts";

const number: FieldType = { kind: "tensor", dtype: "f32", shape: [] };
const types: Readonly<Record<string, FieldType>> = {
  mag: number,
  ok: { kind: "tensor", dtype: "bool", shape: [] },
  image: { kind: "tensor", dtype: "u8", shape: [8, 8, 1] },
  name: { kind: "string" },
  one: { kind: "string" },
  kind: { kind: "class", count: 4 },
};
const columns: SourceColumns = { types, countNames: (column) => (column === "one" ? 1 : 5) };

/** The study with these fields, checked by a host that reads these columns from any file. */
function told(fields: readonly string[], answer: SourceColumns | Problem = columns) {
  const text = `edition 2026

data stars {
  source = csv("stars.csv")
${fields.map((field) => `  ${field}`).join("\n")}
  split = random(train: 50%, valid: 25%, test: 25%)
}
`;
  const host: StudyHost = {
    ...hostOf({ "study.dl": text }),
    standardModules: diskHost.standardModules,
    readColumns: () => answer,
  };
  return planFile("study.dl", { host }).diagnostics;
}

const first = (field: string): string => {
  const [diagnostic] = told([field]);
  return diagnostic!.code === "DL4021" ? diagnostic!.text : `${diagnostic!.code} ${diagnostic!.message}`;
};

describe("the type of a value", () => {
  test.each([
    ["input x = source.mag", "f32"],
    ["input x = source.mag / 2 - source.mag", "f32"],
    ["input x = source.image / 255", "f32[8, 8, 1]"],
    ["input x = source.ok", "f32"],
    ["input x = source.mag > 3 and source.ok", "f32"],
    ["input x = source.image > 3", "f32[8, 8, 1]"],
    ["target x = source.mag", "f32"],
    ["target x = source.ok", "bool"],
    ["target x = source.image > 3", "bool[8, 8]"],
    ['target x = source.name == "a"', "bool"],
    ["target x = not source.ok", "bool"],
    ["target x = source.name", "class[5]"],
    ["target x = source.kind", "class[4]"],
    ["keep x = source.name", "string"],
    ["group x = source.kind", "class[4]"],
    ["id x = source.mag", "i64"],
    ["id x = source.name", "string"],
    ["weight x = source.mag ^ 2", "f32"],
  ])("%s : %s", (field, type) => {
    expect(first(field)).toBe(type);
  });

  test.each([
    [
      "target x = source.kind - 1",
      "DL4005 the type of `x` is read from the data, but it is computed from classes, and how many there are then is not known",
    ],
    [
      "target x = source.one",
      "DL4005 the type of `x` is read from the data, but all rows have the same `one`",
    ],
    ["input x = source.name", "DL4007 `x` is a string, and an `input` is numbers"],
    ["input x = source.mga", "DL4004 `csv` offers no `mga`"],
  ])("%s cannot be told", (field, message) => {
    expect(first(field)).toBe(message);
  });
});

test("data that are missing are one mistake, told at the first field that waits for its type", () => {
  const missing = new Problem("The file of stars is not there: /stars.csv", "put the file there");
  const diagnostics = told(
    ["input x = source.mag", "target y = source.kind", "keep z : f32 = source.mag"],
    missing,
  );
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({
    code: "DL4005",
    message: "the type of `x` is read from the data, but the file of stars is not there: /stars.csv",
    labels: [{ text: "and the type of this" }],
    hint: "put the file there; or write it after the name, as `input x : u8[299, 299, 3] = ...`",
  });
});

test("a field that two data sets read differently is not written", () => {
  const text = (path: string) => `edition 2026

data stars {
  source = csv("stars.csv")
  input x = source.a
  target y = source.b
  split = random(train: 50%, valid: 25%, test: 25%)
}
data others = stars with { source = csv("${path}") }
`;
  const host = (path: string): StudyHost => ({
    ...hostOf({ "study.dl": text(path) }),
    standardModules: diskHost.standardModules,
    readColumns: ({ parameters }) => ({
      ...columns,
      types: { a: parameters.path === "others.csv" ? types.image! : number, b: number },
    }),
  });
  const fields = (path: string) =>
    planFile("study.dl", { host: host(path) }).diagnostics.map(({ message }) => message);
  expect(fields("more.csv")).toEqual(["the types of `x` and `y` are left out and read from the data"]);
  const [, ...differ] = fields("others.csv");
  expect(differ).toEqual(["the type of `y` is left out and read from the data"]);
});
