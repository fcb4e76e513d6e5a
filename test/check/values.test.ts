import { describe, expect, test } from "vitest";
import { complete, rangeItems, showValue, toJson } from "../../src/check/evaluate.ts";
import type { ParameterType } from "../../src/ops/signature.ts";
import { lastValue } from "./program.ts";

const shown = (text: string): string => {
  const { value, errors } = lastValue(text);
  return value ? showValue(value) : errors();
};

describe("values", () => {
  test.each([
    ["1 + 2 * 3", "7"],
    ["2 ^ 3 ^ 2", "512"],
    ["-2 ^ 2", "-4"],
    ["0.1 + 0.2", "0.3"],
    ["70%", "0.7"],
    ["7 / 2", "3.5"],
    ["64 px / 2", "32 px"],
    ["64 px / 16 px", "4"],
    ["1 h + 30 min", "1.5 h"],
    ["1 epoch", "1 epoch"],
    ["3 epochs", "3 epochs"],
    ["0.1 .. 3 arcsec", "0.1 .. 3 arcsec"],
    ["[1, 2, 3][2]", "3"],
    ["where(1 < 2, relu, tanh)", "relu"],
    ["not (1 == 1.0) or 60 min == 1 h", "true"],
    ["3 in 1 .. 8 step 2 and not (2 in 1 .. 8 step 2)", "true"],
    ["2.5 in 1 .. 8", "true"],
    ["false and 1 / 0 == 1", "false"],
    ["ceil(7 / 2) + floor(-0.5) + max(1, 2, 3)", "6"],
    ["leaky_relu(0.2)", "leaky_relu(0.2)"],
    ["test.accuracy", "test.accuracy"],
    ["cost.time", "cost.time"],
    ["test.f1(of: spiral)", "test.f1(spiral)"],
    ["std.recipes.quick", "quick"],
    ["{ relu, leaky_relu(0.01) }", "{ relu: relu, leaky_relu(0.01): leaky_relu(0.01) }"],
  ])("%s is %s", (written, expected) => {
    expect(shown(`let x = ${written}`)).toBe(expected);
  });

  test("a quotient is whole where it comes out so, and only there", () => {
    const whole = (text: string) => {
      const { value } = lastValue(`let x = ${text}`);
      return value?.kind === "number" && value.whole;
    };
    expect(["6 / 2", "7 / 2", "2 ^ 3", "2 ^ -1", "3", "3.0", "1e3", "100%"].map(whole)).toEqual([
      ...[true, false, true, false, true, false, true, false],
    ]);
  });

  test("ranges: a unit on the end counts for all, a negative step counts down, 0 .. -1 is empty", () => {
    const items = (text: string) => {
      const { value } = lastValue(`let x = ${text}`);
      return value?.kind === "range" ? rangeItems(value)?.map(showValue) : undefined;
    };
    expect(items("1 .. 8 step 2")).toEqual(["1", "3", "5", "7"]);
    expect(items("0.1 .. 0.3 step 0.1")).toEqual(["0.1", "0.2", "0.3"]);
    expect(items("3 .. 1 step -1")).toEqual(["3", "2", "1"]);
    expect(items("0 .. -1")).toEqual([]);
    expect(items("1 .. 3 px")).toEqual(["1 px", "2 px", "3 px"]);
    expect(items("0.5 .. 1.5")).toBeUndefined();
  });

  test("a let is evaluated when it is asked for, whatever the order", () => {
    expect(shown("let a = 2 * b\nlet b = 3\nlet c = a + b")).toBe("9");
    expect(shown("let r = { a: 1, b: [2] }\nlet c = r.b[0]")).toBe("2");
  });
});

describe("JSON of parameters", () => {
  const json = (written: string, type: ParameterType) => {
    const { value, context, errors } = lastValue(`let x = ${written}`, type);
    const result = value && toJson(value, type, context, "`p`");
    return result === undefined ? errors().split("\n")[0] : result;
  };
  const padding: ParameterType = {
    kind: "union",
    of: [
      { kind: "word", words: ["same", "valid"] },
      { kind: "int", min: 0 },
    ],
  };

  test.each<[string, ParameterType, unknown]>([
    ["6 / 2", { kind: "int" }, 3],
    ["64 px", { kind: "int", unit: "px" }, 64],
    ["64", { kind: "int", unit: "px" }, 64],
    ["70%", { kind: "real", max: 1, unit: "fraction" }, 0.7],
    ["0.5 deg", { kind: "real", unit: "arcsec" }, 1800],
    ["18446744073709551615", { kind: "seed" }, "18446744073709551615"],
    ["3 epochs", { kind: "duration" }, { epochs: 3 }],
    ["100 steps", { kind: "duration" }, { steps: 100 }],
    ["2 min", { kind: "duration" }, { seconds: 120 }],
    ["0 .. 360 deg", { kind: "range", unit: "deg" }, { from: 0, to: 360 }],
    ["0 deg .. 360 deg", { kind: "range", unit: "deg" }, { from: 0, to: 360 }],
    ["valid", padding, "valid"],
    ["2", padding, 2],
    ["[Y, J]", { kind: "list", of: { kind: "label" } }, ["Y", "J"]],
    ["1 .. 3", { kind: "list", of: { kind: "int" } }, [1, 2, 3]],
    ["valid.loss", { kind: "metric" }, { split: "valid", metric: "loss", parameters: {} }],
    [
      "leaky_relu(0.2)",
      { kind: "operator", family: "layer" },
      { op: "leaky_relu", parameters: { slope: 0.2 } },
    ],
  ])("%s", (written, type, expected) => {
    expect(json(written, type)).toEqual(expected);
  });

  test.each<[string, ParameterType, string]>([
    ["2.5", { kind: "int" }, "error[DL3005]: `p` must be a whole number, not 2.5"],
    ["3 epochs", { kind: "real" }, "error[DL3002]: `p` is a number without a unit, not 3 epochs"],
    ["70", { kind: "real", min: 0, max: 1, unit: "fraction" }, "error[DL3004]: `p` must be 0 to 1, not 70"],
    ["90", { kind: "real", unit: "deg" }, "error[DL3003]: `p` needs a unit: deg"],
    ["3", { kind: "duration" }, "error[DL3003]: `p` needs a unit: epochs, steps, s, min or h"],
    ["-1", { kind: "seed" }, "error[DL3004]: `p` must be 0 or more, not -1"],
    [
      "18446744073709551616",
      { kind: "seed" },
      "error[DL3004]: `p` must be below 2^64, not 18446744073709551616",
    ],
    ["5 .. 1", { kind: "range" }, "error[DL3009]: `p` runs from 5 down to 1"],
    ["relu", { kind: "real" }, "error[DL3001]: `p` must be a number, not the layer `relu`"],
    ["1e-4 px", { kind: "int", unit: "px" }, "error[DL3005]: `p` must be a whole number, not 0.0001 px"],
    [
      "relu",
      { kind: "operator", family: "optimizer" },
      "error[DL2003]: `relu` is a layer; an optimizer is needed here",
    ],
    [
      '"same"',
      { kind: "word", words: ["same", "valid"] },
      'error[DL2009]: `p` is `same` or `valid`, not "same"',
    ],
  ])("%s is refused", (written, type, expected) => {
    expect(json(written, type)).toBe(expected);
  });

  test("defaults are filled in, and what is optional stays out", () => {
    const { value, context } = lastValue("let x = max_pool(3)");
    if (value?.kind !== "operator") throw new Error("no operator");
    expect(complete(value, context)).toEqual({
      op: "max_pool",
      parameters: { size: 3, padding: "same", ceil: false },
    });
  });
});
