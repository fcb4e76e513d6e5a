/** Types that are left out: what the data say of them, and that it is what reading the data finds. */
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { PNG } from "pngjs";
import { afterAll, describe, expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { columnReader } from "../../src/data/columns.ts";
import type { Column } from "../../src/data/source.ts";
import { sourceReaders } from "../../src/data/sources/all.ts";
import { Problem } from "../../src/diagnostics/problem.ts";
import { type FieldType, showField } from "../../src/ops/field.ts";
import type { Json } from "../../src/ops/signature.ts";
import { loadDatasets } from "../../src/run/datasets.ts";
import { fixStudy } from "../../src/study/fix-study.ts";
import type { SourceColumns, StudyHost } from "../../src/study/source-columns.ts";
import { planFile } from "../study/files.ts";
import { call } from "./spec.ts";
import { tfrecordOf } from "./tfrecord.ts";

const root = mkdtempSync(join(tmpdir(), "dlc-columns-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const samples = join(import.meta.dirname, "../fixtures/tables");

function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const png = (height: number, width: number): Buffer => PNG.sync.write(new PNG({ height, width }));

function idx(folder: string, pack: (bytes: Buffer) => Buffer, end: string): string {
  const files = [
    ["train-images-idx3-ubyte", [6, 5, 4]],
    ["train-labels-idx1-ubyte", [6]],
    ["t10k-images-idx3-ubyte", [2, 5, 4]],
    ["t10k-labels-idx1-ubyte", [2]],
  ] as const;
  for (const [name, shape] of files) {
    const head = Buffer.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size])]);
    const body = Buffer.from(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i % 7));
    write(`${folder}/${name}${end}`, pack(Buffer.concat([head, body])));
  }
  return join(root, folder);
}

for (const [i, kind] of ["spiral", "spiral", "star"].entries()) write(`alike/${kind}/${i}.png`, png(3, 4));
for (const [i, kind] of ["spiral", "star", "star"].entries()) write(`differ/${kind}/${i}.png`, png(3 + i, 4));

const large = `name,mag,flag\n${Array.from({ length: 60_000 }, (_, i) => `"a, ${i % 5}",${i}.5,true`).join("\n")}\n`;
const records = ["star", "galaxy", "star"].map((name, i) => ({ name, mag: i + 0.5, curve: [i, 2, 3] }));

/** Reader and path. */
const sources: readonly (readonly [string, string])[] = [
  ["csv", write("small.csv", 'name,mag,flag,none\r\n"a, b",17.5,true,\r\nstar,-1e-3,false,\r\n,,,\r\n')],
  ["csv", write("large.csv", large)],
  ["csv", write("late.csv", `name,mag\n${`,1${"0".repeat(200)}\n`.repeat(6000)}b,2\n`)],
  ["parquet", join(samples, "objects.parquet")],
  ["tfrecord", write("objects.tfrecord", tfrecordOf(records))],
  ["numpy", join(samples, "objects.npz")],
  ["numpy", join(samples, "curve.npy")],
  ["fits", join(samples, "objects.fits")],
  ["fits", join(samples, "image-*.fits")],
  ["fits", join(samples, "cube.fits")],
  ["image_folder", join(root, "alike")],
  ["idx", idx("plain", (bytes) => bytes, "")],
  ["idx", idx("packed", gzipSync, ".gz")],
];

const read = columnReader();

function told(op: string, parameters: Readonly<Record<string, Json>>): SourceColumns {
  const answer = read({ op, parameters }, "sample");
  if (answer instanceof Problem) throw answer;
  return answer;
}

/** With names counted, as opening a source counts them. */
const counted = (columns: SourceColumns): Record<string, string> =>
  Object.fromEntries(
    Object.entries(columns.types).map(([name, type]) => [
      name,
      type.kind === "string" ? `class[${columns.countNames(name)}]` : showField(type),
    ]),
  );

async function opened(op: string, parameters: Readonly<Record<string, Json>>) {
  const context = { dataset: "sample", note: () => {} };
  const reader = sourceReaders[op]!;
  const source = await reader.open(parameters, reader.files(parameters, context), context);
  return Object.fromEntries(
    Object.entries(source.columns).map(([name, { type }]: [string, Column]) => [name, showField(type)]),
  );
}

const parametersOf = (op: string, path: string) => call("reader", op, { path }).parameters;

describe("types by headers and first rows are those that opening the whole source finds", () => {
  test.each(sources)("%s %s", async (op, path) => {
    const parameters = parametersOf(op, path);
    expect(counted(told(op, parameters))).toEqual(await opened(op, parameters));
  });

  const cell = fc.oneof(
    fc.constantFrom("", "true", "false", "nan", "-inf", "a b"),
    fc.double().map(String),
    fc.string({ unit: "grapheme-ascii" }).map((text) => `"${text.replaceAll('"', '""')}"`),
  );
  test("of any table", async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, fc.double().map(String)), { minLength: 1, maxLength: 5 }),
        async (rows) => {
          const lines = rows.map((row) => row.join(","));
          const parameters = parametersOf("csv", write(`any-${n++}.csv`, ["a,b,c", ...lines].join("\n")));
          expect(counted(told("csv", parameters))).toEqual(await opened("csv", parameters));
        },
      ),
      { numRuns: 50 },
    );
  });
});

test("cells are told apart as they are when the table is read, whatever stands around them", async () => {
  let n = 0;
  const blank = fc.constantFrom("", "", " ", "\t ");
  const text = fc.string({ unit: fc.constantFrom("a", "é", " ", ",", "\n", "\r", '"', ";") });
  const quoted = fc
    .tuple(blank, text, blank)
    .map(([before, inner, after]) => `${before}"${inner.replaceAll('"', '""')}"${after}`);
  const plain = fc
    .tuple(blank, fc.constantFrom("", "a", "b c", "é", "1", "true"), blank)
    .map((parts) => parts.join(""));
  const cell = fc.oneof(quoted, plain);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell, fc.constantFrom("", "", "\n", " \n\n")), { minLength: 1, maxLength: 8 }),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.constantFrom(",", ";", "\t", "::"),
      fc.constantFrom("", "\ufeff"),
      async (rows, end, delimiter, mark) => {
        const lines = rows.map(
          ([a, b, gap]) => `${a}${delimiter}${b}${delimiter}x${gap.replaceAll("\n", end)}`,
        );
        const table = `${mark}first, second ,"th""ird"\n`.replaceAll(",", delimiter).replace("\n", end);
        const path = write(`around-${n++}.csv`, table + lines.join(end));
        const parameters = { ...parametersOf("csv", path), delimiter };
        let expected: Awaited<ReturnType<typeof opened>>;
        try {
          expected = await opened("csv", parameters);
        } catch {
          return; // A quote that stands where none may.
        }
        expect(counted(told("csv", parameters))).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

describe("of a table that is larger than what is looked at", () => {
  const row = (i: number) => `${i}.5,,${["star", "galaxy", "quasar"][i % 3]}`;
  const path = write(
    "beyond.csv",
    `mag,none,kind\n${Array.from({ length: 200 }, (_, i) => row(i)).join("\n")}\n`,
  );
  const source = { op: "csv", parameters: parametersOf("csv", path) };
  const within = (bytes: number, more = {}) => {
    const answer = columnReader({ bytes, rows: 2 })({ ...source, ...more }, "sample");
    if (answer instanceof Problem) throw answer;
    return answer;
  };

  test("names are counted as far as that goes, and the type is to be written", () => {
    expect(within(10_000).countNames("kind")).toBe(3);
    expect(within(1000).countNames("kind")).toMatchObject({
      message: "Only the first 1000 B are looked at before a run, and hold 3 names",
      hint: "write the type: `class[3]` if there are no others",
    });
    const half = { parameters: parametersOf("csv", join(root, "beyond*.csv")) };
    write("beyond-2.csv", "mag,none,kind\n1,,star\n");
    expect(within(10_000, half).countNames("kind")).toBe(3);
    expect(within(statSync(path).size, half).countNames("kind")).toBeInstanceOf(Problem);
  });

  test("a column without a value in it is of numbers", () => {
    expect(Object.values(within(1000).types).map(showField)).toEqual(["f32", "f32", "string"]);
  });

  test("of Parquet, so many rows", () => {
    const objects = { op: "parquet", parameters: parametersOf("parquet", join(samples, "objects.parquet")) };
    const column = Object.entries(within(10, objects).types).find(([, type]) => type.kind === "string")![0];
    expect(within(10, objects).countNames(column)).toMatchObject({
      message: "Only the first 2 rows are looked at before a run, and hold 2 names",
    });
  });

  test("of what is counted by reading it, all or nothing", () => {
    const objects = { op: "tfrecord", parameters: parametersOf("tfrecord", join(root, "objects.tfrecord")) };
    const column = Object.entries(within(10, objects).types).find(([, type]) => type.kind === "string")![0];
    expect(within(10, objects).countNames(column)).toMatchObject({
      message: expect.stringMatching(/^Names are counted in up to 10 B, and there are \d/),
    });
  });
});

test("pictures that differ in size have names for their sizes", () => {
  expect(counted(told("image_folder", parametersOf("image_folder", join(root, "differ"))))).toEqual({
    image: "u8[H, W, 3]",
    class: "class[2]",
    path: "class[3]",
  });
});

test("an answer is kept until the file changes", () => {
  const path = write("kept.csv", "a\n1\n");
  const parameters = parametersOf("csv", path);
  const before = told("csv", parameters);
  expect(told("csv", parameters)).toBe(before);
  write("kept.csv", "a\nstar\n");
  utimesSync(path, 1, 1);
  expect(showField(told("csv", parameters).types.a as FieldType)).toBe("string");
  rmSync(path);
  expect(read({ op: "csv", parameters }, "sample")).toBeInstanceOf(Problem);
});

/** Fields without types of each source, and what `dlc fix` writes. */
const studies: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  [
    "csv",
    join(root, "large.csv"),
    [
      "input mag = source.mag",
      "target kind = source.name",
      "keep same = source.flag",
      "id row = source.mag - 0.5",
    ],
    ["f32", "class[5]", "bool", "i64"],
  ],
  [
    "csv",
    join(root, "large.csv"),
    [
      "input x = source.flag",
      "target far = source.mag > 9",
      "keep name = source.name",
      "weight w = source.mag / 2",
    ],
    ["f32", "bool", "string", "f32"],
  ],
  [
    "parquet",
    join(samples, "objects.parquet"),
    ["input curve = source.curve", "target kind = source.name", "keep bright = source.bright"],
    ["f32[3]", "class[3]", "bool"],
  ],
  [
    "tfrecord",
    join(root, "objects.tfrecord"),
    ["input curve = -source.curve", "target kind = source.name", "id name = source.name"],
    ["f32[3]", "class[2]", "string"],
  ],
  [
    "numpy",
    join(samples, "objects.npz"),
    ["input half = source.half", "target kind = source.name", "keep turned = source.turned / 2"],
    ["f32", "class[3]", "f32[3]"],
  ],
  [
    "fits",
    join(samples, "objects.fits"),
    ["input stamp = source.stamp", "target bright = source.bright", "keep name = source.name"],
    ["f32[3, 2]", "bool", "string"],
  ],
  [
    "image_folder",
    join(root, "alike"),
    ["input pixels = source.image * 1", "target kind = source.class", "id path = source.path"],
    ["f32[3, 4, 3]", "class[2]", "string"],
  ],
  [
    "idx",
    join(root, "packed"),
    ["input pixels = source.image / 255", "target label = source.label", "keep dark = source.image < 3"],
    ["f32[5, 4, 1]", "class[6]", "f32[5, 4, 1]"],
  ],
];

const studyOf = (op: string, path: string, fields: readonly string[]): string => `edition 2026

data sample {
  source = ${op}("${path}")
${fields.map((field) => `  ${field}`).join("\n")}
  split = random(train: 50%, valid: 25%, test: 25%)
}

experiment question {
  data = sample
  model = classic.svm
  recipe = std.recipes.quick
  report test.accuracy
}
`;

describe("what `dlc fix` writes is what loading the data finds", () => {
  test.each(studies.map((each, i) => [...each, i] as const))(
    "%s %s %j",
    async (op, path, fields, types, i) => {
      const file = join(root, `study-${i}.dl`);
      const text = studyOf(op, path, fields);
      writeFileSync(file, text);
      const leftOut = planFile(file);
      expect(leftOut.diagnostics.map(({ code }) => code)).toEqual(["DL4021"]);

      const fixed = fixStudy(file, text, diskHost);
      expect(fixed.diagnostics).toEqual([]);
      const written = [...fixed.text.matchAll(/^ {2}(?:input|target|keep|id|group|weight) \w+ : (.*?) = /gm)];
      expect(written.map(([, type]) => type)).toEqual(types);

      writeFileSync(file, fixed.text);
      const { plan } = planFile(file, { host: withoutData });
      expect(plan?.trials.map(({ data }) => data)).toEqual(leftOut.plan!.trials.map(({ data }) => data));
      const options = {
        cacheFolder: join(root, "cache"),
        onEvent() {},
        signal: new AbortController().signal,
      };
      const [dataset] = (await loadDatasets(plan!, options))!.all();
      expect(Object.values(dataset!.fields).map(({ type }) => showField(type))).toEqual(types);
    },
  );
});

/** Written types need no data: whoever asks for them fails. */
const withoutData: StudyHost = {
  ...diskHost,
  readColumns() {
    throw new Error("the data were asked for");
  },
};
