import { describe, expect, test } from "vitest";
import type { FieldType } from "../../src/ops/field.ts";
import { isProblem } from "../../src/ops/layers/window.ts";
import { cannotShare, type Fitted, type Row } from "../../src/ops/prepare.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Parameters } from "../../src/ops/signature.ts";
import { call, tensor } from "../data/spec.ts";

const step = (name: string) => operatorOf("prepare", name);

/** `(37 y + 91 x + 53 c + x y) mod 256`. */
function pattern(height: number, width: number, channels: number): Row {
  const data = new Uint8Array(height * width * channels);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) data[i++] = (37 * y + 91 * x + 53 * c + x * y) % 256;
  return { shape: [height, width, channels], data };
}

function statisticsOf(name: string, rows: readonly Row[], parameters: Parameters): Fitted | undefined {
  const fitted = step(name).fit?.(rows, parameters);
  if (fitted && isProblem(fitted)) throw new Error(fitted.problem);
  return fitted;
}

function apply(name: string, row: Row, parameters: Parameters, rows: readonly Row[] = [row]): Row {
  return step(name).apply(row, parameters, statisticsOf(name, rows, parameters));
}

const numbers = (row: Row): number[] => Array.from(row.data as Float32Array);

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** Expected values: Pillow 13.0, `Image.resize(size, Image.BILINEAR)`. */
describe("resize", () => {
  test("f32, smaller: as Pillow in mode F", () => {
    const { shape, data } = pattern(9, 6, 1);
    const out = apply("resize", { shape, data: Float32Array.from(data as Uint8Array) }, { size: [4, 2] });
    expect(out.shape).toEqual([4, 2, 1]);
    expectNear(
      numbers(out),
      [
        100.64286041259766, 131.8142852783203, 129.243896484375, 121.1463394165039, 126.40243530273438,
        115.45121765136719, 112.85713958740234, 129.7142791748047,
      ],
      1e-4,
    );
  });

  // Pillow rounds between its two passes; we round once.
  test("u8, smaller and three channels: as Pillow to one step", () => {
    const out = apply("resize", pattern(7, 10, 3), { size: [3, 4] });
    expect(out.data).toBeInstanceOf(Uint8Array);
    expectNear(
      numbers(out),
      [
        99, 127, 137, 117, 135, 141, 129, 137, 136, 106, 109, 137, 132, 113, 134, 122, 129, 139, 120, 117,
        117, 119, 136, 141, 130, 126, 121, 113, 124, 115, 138, 128, 120, 135, 126, 134,
      ],
      1,
    );
  });

  test("u8, larger: as Pillow to one step", () => {
    const out = apply("resize", pattern(3, 4, 3), { size: [6, 5] });
    expectNear(
      numbers(out).slice(0, 30),
      [
        0, 53, 106, 64, 117, 170, 137, 190, 115, 133, 186, 59, 17, 70, 123, 9, 62, 115, 73, 126, 179, 147,
        168, 125, 143, 151, 69, 27, 80, 133,
      ],
      1,
    );
  });

  test("a flat image stays flat, and the same size changes nothing", () => {
    const flat: Row = { shape: [13, 11, 1], data: new Uint8Array(143).fill(201) };
    for (const size of [1, 4, 12, 40])
      expect(new Set(numbers(apply("resize", flat, { size })))).toEqual(new Set([201]));
    expect(numbers(apply("resize", pattern(5, 6, 3), { size: [5, 6] }))).toEqual(numbers(pattern(5, 6, 3)));
  });

  test("labels of pixels: each the label that its centre lies in, as Pillow's NEAREST", () => {
    const labels: Row = { shape: [4, 6], data: Int32Array.from({ length: 24 }, (_, i) => i) };
    const resized = (height: number, width: number) => {
      const { shape, data } = apply("resize", labels, { size: [height, width] });
      expect(shape).toEqual([height, width]);
      expect(data).toBeInstanceOf(Int32Array);
      return [...(data as Int32Array)];
    };
    expect(resized(2, 3)).toEqual([7, 9, 11, 19, 21, 23]);
    // PIL.Image.fromarray(np.arange(24, dtype="i4").reshape(4, 6)).resize((4, 3), Image.NEAREST)
    expect(resized(3, 4)).toEqual([0, 2, 3, 5, 12, 14, 15, 17, 18, 20, 21, 23]);
    expect(resized(4, 12).slice(0, 12)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  test("stripes finer than the new pixels become gray: no aliasing", () => {
    const stripes: Row = {
      shape: [64, 64, 1],
      data: Float32Array.from({ length: 4096 }, (_, i) => i % 2),
    };
    const inner = numbers(apply("resize", stripes, { size: 8 }));
    for (const value of inner) expect(Math.abs(value - 0.5)).toBeLessThan(0.03);
  });
});

describe("centre_crop", () => {
  test("an even margin is cut on both sides, the odd pixel at the end", () => {
    const row: Row = { shape: [1, 7, 1], data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6) };
    expect(numbers(apply("centre_crop", row, { size: [1, 3] }))).toEqual([2, 3, 4]);
    expect(numbers(apply("centre_crop", row, { size: [1, 4] }))).toEqual([1, 2, 3, 4]);
  });

  test("keeps rows and channels together", () => {
    const out = apply("centre_crop", pattern(6, 8, 3), { size: [2, 4] });
    const whole = pattern(6, 8, 3).data as Uint8Array;
    expect(numbers(out)).toEqual([
      ...whole.slice((2 * 8 + 2) * 3, (2 * 8 + 6) * 3),
      ...whole.slice((3 * 8 + 2) * 3, (3 * 8 + 6) * 3),
    ]);
  });
});

describe("steps with statistics", () => {
  const a: Row = { shape: [2, 3, 2], data: Float32Array.from(pattern(2, 3, 2).data as Uint8Array) };
  const b: Row = {
    shape: [2, 3, 2],
    data: Float32Array.from({ length: 12 }, (_, i) => numbers(a)[(i + 6) % 12]! * 2),
  };

  // numpy: np.stack([a, b]).mean((0, 1, 2)), .std((0, 1, 2)).
  test("standardize: mean and population deviation per channel, as numpy", () => {
    const fitted = statisticsOf("standardize", [a, b], { per: "channel" })!;
    expectNear(fitted.mean!, [165.0, 180.5], 1e-9);
    expectNear(fitted.deviation!, [133.7223491667218, 132.48490480050924], 1e-9);
  });

  test("standardize keeps its digits far from zero, and leaves a constant at 0", () => {
    const far: Row = { shape: [4], data: Float32Array.of(1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4) };
    expectNear(
      numbers(apply("standardize", far, { per: "all" })),
      [-1.3416408, -0.4472136, 0.4472136, 1.3416408],
      1e-6,
    );
    const flat: Row = { shape: [3], data: Float32Array.of(5, 5, 5) };
    expect(numbers(apply("standardize", flat, { per: "all" }))).toEqual([0, 0, 0]);
  });

  test("fields named together share statistics where their last axes agree", () => {
    const named = (a: FieldType, b: FieldType) => [
      { name: "a", type: a },
      { name: "b", type: b },
    ];
    const image = tensor("f32", 8, 8, 3);
    const shares = (op: string, other: FieldType, given: Parameters) =>
      cannotShare(step(op), named(image, other), given)?.problem;
    expect(shares("standardize", tensor("f32", 4, 3), { per: "channel" })).toBeUndefined();
    expect(shares("standardize", tensor("f32", 5), { per: "channel" })).toBe(
      "fields named together share what `standardize` fits, and `a` (f32[8, 8, 3]) and `b` (f32[5]) differ in their last axis",
    );
    expect(shares("standardize", tensor("f32", 5), { per: "all" })).toBeUndefined();
    expect(shares("standardize", tensor("f32", "H", "W", "C"), { per: "channel" })).toBeUndefined();
    expect(shares("scale", tensor("u8", 5), {})).toBeUndefined();
    expect(shares("clip", tensor("f32", 5), {})).toBeUndefined();
  });

  test("scale: u8 by its own range, f32 by that of the training rows", () => {
    const bytes: Row = { shape: [3], data: Uint8Array.of(0, 51, 255) };
    expectNear(numbers(apply("scale", bytes, { range: { from: -1, to: 1 } })), [-1, -0.6, 1], 1e-7);
    const reals: Row = { shape: [3], data: Float32Array.of(2, 4, 10) };
    expectNear(numbers(apply("scale", reals, { range: { from: 0, to: 1 } })), [0, 0.25, 1], 1e-7);
  });

  // numpy: np.arcsinh(x / 0.5).
  test("asinh_stretch, as numpy", () => {
    const row: Row = { shape: [6], data: Float32Array.of(-3, -0.5, 0, 0.25, 10, 1000) };
    expectNear(
      numbers(apply("asinh_stretch", row, { softening: 0.5 })),
      [-2.491779852644912, -0.881373587019543, 0, 0.48121182505960347, 3.6895038689889055, 8.294049702602022],
      1e-6,
    );
  });
});

describe("steps that change numbers", () => {
  const row = (...data: number[]): Row => ({ shape: [data.length], data: Float32Array.from(data) });

  test("luptitude: its definition, -2.5 log10 for bright objects, the SDSS limit for none", () => {
    const parameters = call("prepare", "luptitude").parameters;
    const fluxes = [1e5, 1e5, 1e5, 1e5, 1e5, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1];
    const out = numbers(apply("luptitude", { shape: [3, 5], data: Float32Array.from(fluxes) }, parameters));
    for (const value of out.slice(0, 5)) expect(value).toBeCloseTo(22.5 - 2.5 * Math.log10(1e5), 3);
    // Magnitude of zero flux: 24.63, 25.11, 24.80, 24.36, 22.83 (SDSS, "asinh magnitudes").
    expectNear(out.slice(5, 10), [24.63, 25.11, 24.8, 24.36, 22.83], 0.01);
    for (const [i, value] of out.slice(10).entries()) expect(value).toBeGreaterThan(out[5 + i]!);
  });

  test("min_max: of the training rows, each band or all together", () => {
    const rows = [
      { shape: [2, 2], data: Float32Array.of(0, 10, 4, 30) },
      { shape: [2, 2], data: Float32Array.of(2, 20, 1, 10) },
    ];
    const range = { from: 0, to: 1 };
    expect(numbers(apply("min_max", rows[1]!, { range, per: "band" }, rows))).toEqual([0.5, 0.5, 0.25, 0]);
    expect(numbers(apply("min_max", rows[0]!, { range: { from: -1, to: 1 }, per: "all" }, rows))[3]).toBe(1);
    const flat = { shape: [2, 1], data: Float32Array.of(3, 3) };
    expect(numbers(apply("min_max", flat, { range, per: "channel" }))).toEqual([0, 0]);
  });

  test("each by its formula", () => {
    const near = (name: string, given: Parameters, expected: readonly number[]) =>
      expectNear(
        numbers(apply(name, row(-2, 0, 0.5, 4), call("prepare", name, given).parameters)),
        expected,
        1e-6,
      );
    near("clip", { range: { from: -1, to: 1 } }, [-1, 0, 0.5, 1]);
    near("log_stretch", { softening: 2 }, [-Math.LN2, 0, Math.log(1.25), Math.log(3)]);
    near("sqrt_stretch", {}, [-Math.SQRT2, 0, Math.SQRT1_2, 2]);
    near("divide_by", { what: "max" }, [-0.5, 0, 0.125, 1]);
    near("divide_by", { what: "median" }, [-8, 0, 2, 16]);
    near("divide_by", { what: "sum" }, [-0.8, 0, 0.2, 1.6]);
    // Mean 0.625, deviation sqrt(4.671875).
    near(
      "standardize_row",
      {},
      [-2.625, -0.625, -0.125, 3.375].map((x) => x / Math.sqrt(4.671875)),
    );
    expect(numbers(apply("standardize_row", row(3, 3), {}))).toEqual([0, 0]);
    expect(numbers(apply("divide_by", row(0, 0), { what: "max" }))).toEqual([0, 0]);
    expect(
      numbers(apply("replace_nan", row(Number.NaN, 1, Number.POSITIVE_INFINITY), { value: -1 })),
    ).toEqual([-1, 1, -1]);
  });

  test("sigma_threshold leaves what stands out of the noise", () => {
    const noise = Array.from({ length: 100 }, (_, i) => (i % 2 ? 1 : -1));
    const out = numbers(apply("sigma_threshold", row(...noise, 50, 2), { sigmas: 3 }));
    expect(out.filter((x) => x !== 0)).toEqual([50]);
  });

  test("pad puts zeros around, the odd row at the end", () => {
    const image = { shape: [2, 1, 1], data: Float32Array.of(1, 2) };
    const out = apply("pad", image, { size: 3 });
    expect(out.shape).toEqual([3, 3, 1]);
    expect(numbers(out)).toEqual([0, 1, 0, 0, 2, 0, 0, 0, 0]);
  });

  test("what does not fit", () => {
    const problem = (name: string, type: FieldType, given: Parameters = {}) => {
      const found = step(name).infer(type, call("prepare", name, given).parameters);
      return "problem" in found ? `${found.problem}; ${found.hint ?? ""}` : "fine";
    };
    expect(
      [
        problem("luptitude", tensor("f32", 48, 48, 3)),
        problem("min_max", tensor("u8", 8, 8, 3)),
        problem("clip", { kind: "class", count: 3 }, { range: { from: 0, to: 1 } }),
        problem("pad", tensor("u8", 28, 28, 1), { size: 20 }),
      ].join("\n"),
    ).toMatchInlineSnapshot(`
      "\`softening\` of \`luptitude\` has 5 numbers, and the bands of f32[48, 48, 3] are 3; give one number for each band: \`luptitude(softening: [0.9e-10, 1.2e-10, 1.8e-10])\`
      \`min_max\` works on f32, but this field is u8[8, 8, 3] here; add \`scale(0 .. 1)\` before \`min_max\`
      \`clip\` works on numbers, but this field is class[3]; 
      \`pad\` makes 20 x 20 pixels, and the image is already 28 x 28 (u8[28, 28, 1]); give a larger size, or use \`centre_crop\`"
    `);
  });
});

describe("what a step says of types", () => {
  const infer = (name: string, type: Parameters0, parameters: Parameters) =>
    step(name).infer(type, parameters);
  type Parameters0 = ReturnType<typeof tensor>;

  test("types after a step", () => {
    expect(infer("centre_crop", tensor("u8", "H", "W", 3), { size: 64 })).toEqual(tensor("u8", 64, 64, 3));
    expect(infer("resize", tensor("u8", 299, 299, 3), { size: [48, 64] })).toEqual(tensor("u8", 48, 64, 3));
    expect(infer("scale", tensor("u8", 64, 64, 3), {})).toEqual(tensor("f32", 64, 64, 3));
    expect(infer("flatten", tensor("f32", 28, 28, 1), {})).toEqual(tensor("f32", 784));
  });

  test("problems in plain words", () => {
    const problems = [
      infer("centre_crop", tensor("u8", 100, 120, 3), { size: 208 }),
      infer("standardize", tensor("u8", 64, 64, 3), { per: "channel" }),
      infer("asinh_stretch", { kind: "class", count: 4 }, { softening: 1 }),
      infer("resize", tensor("f32", 784), { size: 8 }),
      infer("flatten", tensor("u8", "H", "W", 3), {}),
    ];
    expect(problems).toMatchInlineSnapshot(`
      [
        {
          "hint": "crop to a smaller size, or enlarge the image with \`resize\` first",
          "problem": "\`centre_crop\` keeps 208 x 208 pixels, but the image is only 100 x 120 (u8[100, 120, 3])",
        },
        {
          "hint": "add \`scale(0 .. 1)\` before \`standardize\`",
          "problem": "\`standardize\` works on f32, but this field is u8[64, 64, 3] here",
        },
        {
          "problem": "\`asinh_stretch\` works on numbers, but this field is class[4]",
        },
        {
          "hint": "put \`resize\` before \`flatten\`",
          "problem": "\`resize\` works on images, with a type like u8[H, W, 3], but this field is f32[784]",
        },
        {
          "hint": "add \`centre_crop\` or \`resize\` before \`flatten\`",
          "problem": "\`flatten\` needs one size for all rows, but \`H\` varies from row to row in u8[H, W, 3]",
        },
      ]
    `);
  });
});
