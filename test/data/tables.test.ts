/** CSV, Parquet, TFRecord and NumPy: what is read, and what is said of files that cannot be. Samples: `test/fixtures/tables.py`. */
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import type { Source } from "../../src/data/source.ts";
import { sourceReaders } from "../../src/data/sources/all.ts";
import type { Row } from "../../src/ops/prepare.ts";
import type { Json } from "../../src/ops/signature.ts";
import { call, dataSpec, tensor } from "./spec.ts";

const root = mkdtempSync(join(tmpdir(), "dlc-tables-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const samples = join(import.meta.dirname, "../fixtures/tables");
const context = { dataset: "sample", note: () => {} };

async function open(op: string, path: string, given: Record<string, Json> = {}): Promise<Source> {
  const { parameters } = call("reader", op, { path, ...given });
  const reader = sourceReaders[op]!;
  return await reader.open(parameters, reader.files(parameters, context), context);
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

/** What is said, the path of the test's folder left out. */
async function refusal(work: Promise<Source>, read?: readonly string[]): Promise<string> {
  try {
    const source = await work;
    if (read) for (let row = 0; row < source.count; row++) source.reader(read)(row);
    return "read";
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    return `${message}; ${hint}`.replaceAll(root, "");
  }
}

const all = (source: Source, column: string) =>
  Array.from({ length: source.count }, (_, row) => source.reader([column])(row)[column]!);

describe("csv", () => {
  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("lines that end in %s, quoted cells, a byte order mark", async (name, end) => {
    const text = [
      "id,name,mag,good",
      '12345678901,"a, b",17.5,true',
      "2,star,-1e-3,false",
      "3,star,,true",
    ].join(end);
    const source = await open("csv", write(`${name}.csv`, `\ufeff${text}${end}`));
    expect(source.count).toBe(3);
    expect(source.columns.name).toEqual({ type: { kind: "class", count: 2 }, classes: ["a, b", "star"] });
    expect(all(source, "id")).toEqual([12345678901, 2, 3]);
    expect(all(source, "name")).toEqual([0, 1, 1]);
    expect(all(source, "good")).toEqual([1, 0, 1]);
    expect(source.reader(["mag"])(1)).toEqual({ mag: -1e-3 });
    expect(() => source.reader(["mag"])(2)).toThrow(/no value of `mag` in line 4 of/);
  });

  test("columns side by side are one field; a column of names is refused there", async () => {
    const path = write(
      "side.csv",
      `u,g,kind\n${Array.from({ length: 10 }, (_, i) => `${i},${2 * i},a`).join("\n")}\n`,
    );
    const colours = (...names: string[]) =>
      dataSpec({
        name: "sides",
        source: call("reader", "csv", { path }),
        fields: [
          {
            role: "input",
            name: "x",
            type: tensor("f32", 2),
            value: { list: names.map((source) => ({ source })) },
            where: null,
          },
        ],
        split: call("split", "random", { train: 0.8, test: 0.2 }),
      });
    const { fields } = await loadDataset(colours("u", "g"), { cache: join(root, "cache") });
    expect(fields.x!.shape).toEqual([2]);
    expect([...fields.x!.data.slice(0, 6)]).toEqual([0, 0, 1, 2, 2, 4]);
    await expect(loadDataset(colours("u", "G"), { cache: join(root, "cache") })).rejects.toMatchObject({
      message: "The source of sides has no column `G`",
      hint: "did you mean `source.g`? it has: u, g, kind",
    });
    await expect(loadDataset(colours("u", "kind"), { cache: join(root, "cache") })).rejects.toThrow(
      "sides.x lists numbers, but the column `kind` holds names: a",
    );
  });

  test("several files: test rows by the file's name, classes over all", async () => {
    write("test-a.tsv", "kind\tx\ngalaxy\t1\n");
    write("train-a.tsv", "kind\tx\nstar\t2\nquasar\t3\n");
    const source = await open("csv", join(root, "t*-a.tsv"), { delimiter: "\t" });
    expect([...source.given!]).toEqual([1, 0, 0]);
    expect(source.columns.kind!.classes).toEqual(["galaxy", "quasar", "star"]);
    expect(all(source, "kind")).toEqual([0, 2, 1]);
    expect(source.place(2)).toContain("line 3 of ");
  });

  test("says what is wrong, with file and line", async () => {
    expect(await refusal(open("csv", join(root, "none.csv")))).toMatchInlineSnapshot(
      `"The file of sample is not there: /none.csv; put the file there, or say where it is: --set sample.source.path=FILE"`,
    );
    expect(await refusal(open("csv", join(root, "none-*.csv")))).toMatchInlineSnapshot(
      `"No file of sample has a name like this: /none-*.csv; put the file there, or say where it is: --set sample.source.path=FILE"`,
    );
    expect(await refusal(open("csv", write("ragged.csv", "a,b\n1,2\n3\n")))).toMatchInlineSnapshot(
      `"This is not a table: /ragged.csv, line 3 (it has 1 cells, and the first line has another number); let every line have as many cells as the first one; \`delimiter\` says what stands between them"`,
    );
    expect(await refusal(open("csv", write("empty.csv", "a,b\n")))).toMatchInlineSnapshot(
      `"There is no row in /empty.csv; the first line names the columns, rows follow"`,
    );
    expect(await refusal(open("csv", write("twice.csv", "a,a\n1,2\n")))).toMatchInlineSnapshot(
      `"Two columns of /twice.csv are called \`a\`; give each a name of its own"`,
    );
    truncateSync(write("huge.csv", "a,b\n1,2\n"), 2 ** 30);
    expect(await refusal(open("csv", join(root, "huge.csv")))).toMatchInlineSnapshot(
      `"This is too large to be read as text: /huge.csv (1.0 GiB); convert it to Parquet, and read it with \`parquet\`"`,
    );
    rmSync(join(root, "huge.csv"));
    write("part-1.csv", "a,b\n1,2\n");
    write("part-2.csv", "a,c\n1,2\n");
    expect(await refusal(open("csv", join(root, "part-?.csv")))).toMatchInlineSnapshot(
      `"/part-2.csv has no column \`b\`, and /part-1.csv has one; read files of one kind"`,
    );
    write("mixed-1.csv", "a\n1\n");
    write("mixed-2.csv", "a\nx\n");
    expect(await refusal(open("csv", join(root, "mixed-?.csv")), ["a"])).toMatchInlineSnapshot(
      `"\`a\` is "x" in line 2 of /mixed-2.csv, and a number elsewhere; correct the file, or leave the row out with \`where\`"`,
    );
  });
});

const curve = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75];
const flat = (source: Source, column: string) =>
  all(source, column).flatMap((cell) => [...((cell as Row).data as Float32Array)]);

describe("numpy", () => {
  test("arrays of an npz by name, as numpy wrote them", async () => {
    const source = await open("numpy", join(samples, "objects.npz"));
    expect(source.count).toBe(4);
    expect(source.columns.name!.classes).toEqual(["galaxy", "quasar", "star"]);
    expect(all(source, "name")).toEqual([2, 0, 2, 1]);
    expect(all(source, "mag")).toEqual([17.5, 18.25, 19, 20.125]);
    expect(all(source, "number")).toEqual([3, 1, 4, 1]);
    expect(all(source, "half")).toEqual([17.5, 18.25, 19, 20.125]);
    expect(source.columns.image!.type).toEqual({ kind: "tensor", dtype: "u8", shape: [2, 2] });
    expect(flat(source, "image")).toEqual(Array.from({ length: 16 }, (_, i) => 10 * i));
    expect(flat(source, "curve")).toEqual(curve);
    expect(flat(source, "turned")).toEqual(curve);
  });

  test("one array of an npy; what is none", async () => {
    const source = await open("numpy", join(samples, "curve.npy"));
    expect(flat(source, "array")).toEqual(curve);
    const bytes = readFileSync(join(samples, "curve.npy"));
    expect(await refusal(open("numpy", write("cut.npy", bytes.subarray(0, 150))))).toMatchInlineSnapshot(
      `"This file cannot be read as NumPy's: /cut.npy (its elements end too early); write it with np.savez or np.save, with arrays of numbers or strings"`,
    );
    expect(await refusal(open("numpy", write("text.npy", "hello, this is text")))).toMatchInlineSnapshot(
      `"This file cannot be read as NumPy's: /text.npy (it does not begin as .npy does); write it with np.savez or np.save, with arrays of numbers or strings"`,
    );
    const archive = readFileSync(join(samples, "objects.npz"));
    expect(await refusal(open("numpy", write("cut.npz", archive.subarray(0, 400))))).toMatchInlineSnapshot(
      `"This file cannot be read as NumPy's: /cut.npz (it is no zip archive, or it is cut short); write it with np.savez or np.save, with arrays of numbers or strings"`,
    );
  });
});

describe("parquet", () => {
  test("numbers, strings, truths and lists, as pyarrow wrote them with gzip", async () => {
    const source = await open("parquet", join(samples, "objects.parquet"));
    expect(all(source, "name")).toEqual([2, 0, 2, 1]);
    expect(all(source, "mag")).toEqual([17.5, 18.25, 19, 20.125]);
    expect(all(source, "number")).toEqual([3, 1, 4, 1]);
    expect(all(source, "bright")).toEqual([1, 1, 0, 0]);
    expect(source.columns.curve!.type).toEqual({ kind: "tensor", dtype: "f32", shape: [3] });
    expect(flat(source, "curve")).toEqual(curve);
  });

  test("what is no Parquet", async () => {
    expect(
      await refusal(open("parquet", write("text.parquet", "hello, this is text"))),
    ).toMatchInlineSnapshot(
      `"This file cannot be read as Parquet: /text.parquet (parquet file invalid (footer != PAR1)); copy it again from its origin, or write it with Snappy, gzip or no compression"`,
    );
  });
});

describe("fits", () => {
  test("a binary table, as astropy wrote it", async () => {
    const source = await open("fits", join(samples, "objects.fits"));
    expect(all(source, "name")).toEqual([2, 0, 2, 1]);
    expect(all(source, "mag")).toEqual([17.5, 18.25, 19, 20.125]);
    expect(all(source, "number")).toEqual([3, 1, 4, 1]);
    expect(all(source, "bright")).toEqual([1, 1, 0, 0]);
    expect(flat(source, "curve")).toEqual(curve);
    expect(source.columns.stamp!.type).toEqual({ kind: "tensor", dtype: "f32", shape: [3, 2] });
    expect(flat(source, "stamp")).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  test("images, one a row, scaled, with the keywords of their headers", async () => {
    const source = await open("fits", join(samples, "image-?.fits"));
    expect(source.count).toBe(2);
    expect(source.columns.OBJECT!.classes).toEqual(["M 101", "M 51's"]);
    expect(all(source, "EXPTIME")).toEqual([30.5, 31.5]);
    const [image] = all(source, "image") as [Row];
    expect(image.shape).toEqual([2, 3, 1]);
    // 3 is BLANK; others are halved, plus 1.
    expect([...(image.data as Float32Array)]).toEqual([1, 1.5, 2, Number.NaN, 3, 3.5]);
    const stored = await open("fits", join(samples, "cube.fits"));
    const [cube] = all(stored, "image") as [Row];
    expect(cube.shape).toEqual([3, 4, 2]);
    // Plane by plane in the file, channels last here.
    expect([...(cube.data as Float32Array)].slice(0, 4)).toEqual([0, 12, 1, 13]);
  });

  test("what is none", async () => {
    const bytes = readFileSync(join(samples, "objects.fits"));
    expect(await refusal(open("fits", write("cut.fits", bytes.subarray(0, 6000))))).toMatchInlineSnapshot(
      `"read"`,
    );
    expect(await refusal(open("fits", write("text.fits", "hello, this is text")))).toMatchInlineSnapshot(
      `"This file cannot be read as FITS: /text.fits (it does not begin as FITS does); copy it again from its origin; a compressed one is unpacked by \`funpack\` or \`gunzip\`"`,
    );
  });
});

const shared = process.env.DLC_SHARED ?? "../shared";
const tess = join(shared, "data/tess-triage");

if (!existsSync(tess)) console.warn(`Tests on light curves are left out: there is no ${tess}`);

describe.skipIf(!existsSync(tess) && process.env.CI !== "true")("tfrecord, on the TESS light curves", () => {
  test("counts of the published files; light curves and labels", async () => {
    const source = await open("tfrecord", join(tess, "*-of-*"));
    expect(source.count).toBe(16_516);
    expect(source.given!.reduce((sum, each) => sum + each, 0)).toBe(1_658);
    expect(source.columns.global_view!.type).toEqual({ kind: "tensor", dtype: "f32", shape: [201] });
    expect(source.columns.local_view!.type).toEqual({ kind: "tensor", dtype: "f32", shape: [61] });
    expect(source.columns.Disposition!.classes).toEqual(["EB", "J", "O", "PC"]);
    const row = source.reader(["tic_id", "Period"])(0);
    expect(row.tic_id).toBeGreaterThan(0);
    expect(Number.isInteger(row.tic_id)).toBe(true);
  });

  test("a field may have an axis of length 1 more", async () => {
    const spec = dataSpec({
      source: call("reader", "tfrecord", { path: join(tess, "val-*") }),
      fields: [
        { role: "input", name: "view", type: tensor("f32", 61, 1), value: { source: "local_view" } },
        { role: "target", name: "kind", type: { kind: "class", count: 3 }, value: { source: "Disposition" } },
      ],
      split: call("split", "random", { train: 0.8, test: 0.2 }),
    });
    const loaded = await loadDataset(spec, { cache: join(root, "cache") });
    expect(loaded.fields.view!.shape).toEqual([61, 1]);
    expect(loaded.fields.kind!.classes).toEqual(["EB", "J", "PC"]);
    expect(loaded.count).toBe(1_657);
  });

  test("damage is found, and where", async () => {
    const bytes = Buffer.from(readFileSync(join(tess, "val-00000-of-00001")));
    const length = Number(bytes.readBigUInt64LE(0));
    expect(
      await refusal(open("tfrecord", write("cut", bytes.subarray(0, length + 100)))),
    ).toMatchInlineSnapshot(
      `"This file is damaged: /cut, record 1 (it ends too early); copy it again from its origin, then run the same command again"`,
    );
    bytes[length + 16 + 12 + 40]! ^= 1;
    expect(await refusal(open("tfrecord", write("bit", bytes)))).toMatchInlineSnapshot(
      `"This file is damaged: /bit, record 1 (its checksum is wrong); copy it again from its origin, then run the same command again"`,
    );
    expect(await refusal(open("tfrecord", write("text", "hello, this is text")))).toMatchInlineSnapshot(
      `"This is not a TFRecord file: /text; tfrecord reads uncompressed files of tf.Example records"`,
    );
  });
});

describe("weights of rows", () => {
  const load = (weights: readonly (number | string)[]) =>
    loadDataset(
      dataSpec({
        source: call("reader", "csv", {
          path: write(
            `weights-${weights.join("_")}.csv`,
            ["x,w", ...weights.map((w, i) => `${i},${w}`)].join("\n"),
          ),
        }),
        fields: [
          { role: "input", name: "x", type: tensor("f32") },
          { role: "weight", name: "w", type: tensor("f32") },
        ],
        split: call("split", "random", { train: 1, valid: 0, test: 0, seed: "1" }),
      }),
      { cache: join(root, "cache") },
    );

  test("are 0 or more, and not all 0", async () => {
    expect([...(await load([0, 2.5, 1])).fields.w!.data]).toEqual([0, 2.5, 1]);
    await expect(load([1, -1, 2])).rejects.toThrow("sample.w weighs row 2 with -1");
    await expect(load([0, 0, 0])).rejects.toThrow(
      "sample.w is 0 in every row of train: nothing would be learned",
    );
  });
});

describe("values that FITS marks as none", () => {
  const block = (cards: readonly string[]): Buffer =>
    Buffer.from(
      [...cards, "END"]
        .map((card) => card.padEnd(80))
        .join("")
        .padEnd(2880),
      "latin1",
    );
  const card = (name: string, value: string | number) => `${name.padEnd(8)}= ${String(value).padStart(20)}`;

  test("what TNULL marks is no value, in a list NaN", async () => {
    const rows = Buffer.alloc(2880);
    for (const [i, value] of [3, -999, 1, -999, 5, 6].entries()) rows.writeInt16BE(value, 2 * i);
    const source = await open(
      "fits",
      write(
        "null.fits",
        Buffer.concat([
          block([card("SIMPLE", "T"), card("BITPIX", 8), card("NAXIS", 0)]),
          block([
            ...[
              "XTENSION= 'BINTABLE'",
              card("BITPIX", 8),
              card("NAXIS", 2),
              card("NAXIS1", 6),
              card("NAXIS2", 2),
            ],
            ...[card("PCOUNT", 0), card("GCOUNT", 1), card("TFIELDS", 2)],
            ...["TTYPE1  = 'id      '", "TFORM1  = 'I       '", card("TNULL1", -999)],
            ...["TTYPE2  = 'pair    '", "TFORM2  = '2I      '", card("TNULL2", -999)],
          ]),
          rows,
        ]),
      ),
    );
    expect(source.reader(["id", "pair"])(0)).toEqual({
      id: 3,
      pair: { shape: [2], data: Float32Array.of(Number.NaN, 1) },
    });
    expect(() => source.reader(["id"])(1)).toThrow(/no value of `id` in row 1 of/);
  });
});

describe("fields of strings", () => {
  const path = write(
    "names.csv",
    ["name,tile,x", ...["m31", "m33", "ngc 891", "m31"].map((name, i) => `${name},t${i % 2},${i}`)].join(
      "\n",
    ),
  );
  const load = (field: string) =>
    loadDataset(
      dataSpec({
        source: call("reader", "csv", { path }),
        fields: [
          { role: "input", name: "x", type: tensor("f32") },
          { role: "id", name: "name", type: { kind: "string" } },
          { role: "group", name: "tile", type: { kind: "string" }, value: { source: field } },
        ],
        split: call("split", "grouped", { by: "tile", train: 0.5, valid: 0, test: 0.5, seed: "1" }),
      }),
      { cache: join(root, "cache") },
    );

  test("are names with numbers; groups stay together", async () => {
    const { fields, rows } = await load("tile");
    const { data, classes } = fields.name!;
    expect([...data].map((number) => classes![Number(number)])).toEqual(["m31", "m33", "ngc 891", "m31"]);
    const tiles = (of: Int32Array) => new Set([...of].map((row) => row % 2)).size;
    expect([tiles(rows.train), tiles(rows.test)]).toEqual([1, 1]);
  });
  test("a column of numbers is no string", async () => {
    await expect(load("x")).rejects.toThrow("sample.tile is declared string, but the source has f32");
  });
});

describe("hdf5", () => {
  const sample = (name: string) => join(samples, name);

  test("data sets of groups, of either byte order, in packed chunks; strings, truths and whole numbers", async () => {
    const notes: string[] = [];
    const reader = sourceReaders.hdf5!;
    const { parameters } = call("reader", "hdf5", { path: sample("objects.h5") });
    const told = { dataset: "sample", note: (text: string) => notes.push(text) };
    const source = await reader.open(parameters, reader.files(parameters, told), told);
    expect(source.count).toBe(4);
    expect(source.columns.name).toEqual({
      type: { kind: "class", count: 3 },
      classes: ["galaxy", "quasar", "star"],
    });
    expect(all(source, "name")).toEqual([2, 0, 2, 1]);
    expect(source.columns.short!.classes).toEqual(["ab", "c", "de", "f"]);
    expect(all(source, "mag")).toEqual([17.5, 18.25, 19, 20.125]);
    expect(all(source, "bright")).toEqual([1, 1, 0, 0]);
    expect(source.columns.bright!.type).toEqual({ kind: "tensor", dtype: "bool", shape: [] });
    expect(all(source, "data_number")).toEqual([3, 1, 4, 1]);
    expect(all(source, "data_curve")).toEqual(
      Array.from({ length: 4 }, (_, row) => ({
        shape: [3],
        data: Float32Array.from({ length: 3 }, (_, i) => (3 * row + i) / 4),
      })),
    );
    expect((all(source, "data_image")[1] as Row).data).toEqual(Uint8Array.of(40, 50, 60, 70));
    expect((all(source, "data_label")[1] as Row).data).toEqual(Int32Array.of(2, 1));
    expect(notes.map((note) => note.replace(samples, ""))).toEqual([
      "Of /objects.h5, whose data sets have 4 rows, is left out: `half`, as its numbers have 16 bits; `lzf`, as it is packed with lzf; `meta/edges`, as it has 7 rows; `pairs`, as its values are neither numbers nor strings",
    ]);
  });

  test("links lead nowhere twice, and what no column can be made of is told", async () => {
    const notes: string[] = [];
    const reader = sourceReaders.hdf5!;
    const { parameters } = call("reader", "hdf5", { path: sample("links.h5") });
    const told = { dataset: "sample", note: (text: string) => notes.push(text) };
    const source = await reader.open(parameters, reader.files(parameters, told), told);
    expect(Object.keys(source.columns).sort()).toEqual(["g_a", "mask", "same"]);
    expect(all(source, "same")).toEqual([0, 1, 2, 3]);
    expect(all(source, "mask")[0]).toEqual({ shape: [1, 2], data: Uint8Array.of(1, 0) });
    expect(notes.map((note) => note.replace(samples, ""))).toEqual([
      "Of /links.h5, whose data sets have 4 rows, is left out: `far`, as it lies in another file; `g_a`, as another data set has the same name; `gone`, as it is a link to what is not there; `words`, as its rows are lists of strings",
    ]);
  });

  test("the newest form of files, and rows in any order", async () => {
    const source = await open("hdf5", sample("latest.h5"));
    const read = source.reader(["grown", "number"]);
    for (const row of [299, 0, 150, 149, 8])
      expect(read(row)).toEqual({
        number: row,
        grown: { shape: [2], data: Float32Array.of(2 * row, 2 * row + 1) },
      });
  });

  test("what is no such file, or has no rows", async () => {
    expect(await refusal(open("hdf5", write("text.h5", "no HDF5")))).toContain(
      "This file cannot be read as HDF5: /text.h5",
    );
    const cut = readFileSync(sample("objects.h5"));
    expect(await refusal(open("hdf5", write("cut.h5", cut.subarray(0, 900))))).toContain(
      "This file cannot be read as HDF5: /cut.h5",
    );
  });
});
