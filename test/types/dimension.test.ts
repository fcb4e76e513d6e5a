import fc from "fast-check";
import { expect, test } from "vitest";
import { type Dimension, showDimension, solveDimension } from "../../src/types/dimension.ts";

const H: Dimension = { kind: "name", name: "H" };
const number = (value: number): Dimension => ({ kind: "number", value });
const over = (left: Dimension, right: number): Dimension => ({
  kind: "binary",
  operator: "/",
  left,
  right: number(right),
});
const size = fc.integer({ min: 1, max: 4096 });

test("a quotient is exact or a problem; ceil and floor are never one that leaves something", () => {
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 64 }), (h, stride) => {
      const known = new Map([["H", h]]);
      const exact = solveDimension(over(H, stride), known);
      expect(exact.kind).toBe(h % stride === 0 ? "solved" : "impossible");
      const up = solveDimension({ kind: "rounded", how: "ceil", of: over(H, stride) }, known);
      expect(up).toEqual({ kind: "solved", value: Math.ceil(h / stride) });
      const down = solveDimension({ kind: "rounded", how: "floor", of: over(H, stride) }, known);
      expect(down.kind).toBe(h >= stride ? "solved" : "impossible");
    }),
  );
});

test("what is multiplied and then divided is as before", () => {
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 64 }), (h, factor) => {
      const doubled: Dimension = { kind: "binary", operator: "*", left: number(factor), right: H };
      expect(solveDimension(over(doubled, factor), new Map([["H", h]]))).toEqual({
        kind: "solved",
        value: h,
      });
    }),
  );
});

test("N stands for itself and cannot be computed with; names that are not known are open", () => {
  expect(solveDimension({ kind: "name", name: "N" }, new Map())).toEqual({ kind: "solved", value: "N" });
  expect(solveDimension(over({ kind: "name", name: "N" }, 2), new Map()).kind).toBe("impossible");
  expect(solveDimension(over(H, 2), new Map())).toEqual({ kind: "open", names: ["H"] });
});

test("dimensions are shown as written", () => {
  const sum: Dimension = { kind: "binary", operator: "+", left: H, right: number(1) };
  expect(showDimension(over(sum, 2))).toBe("(H + 1) / 2");
  expect(showDimension(over(sum, 2), new Map([["H", 7]]))).toBe("(7 + 1) / 2");
});
