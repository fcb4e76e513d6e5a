import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { afterAll, describe, expect, test } from "vitest";
import { DataError } from "../../src/data/error.ts";
import { loadDataset } from "../../src/data/load.ts";
import type { OpCall } from "../../src/ops/signature.ts";
import type { DataSpec, FieldExpr, FieldSpec } from "../../src/study/plan.ts";
import type { DType } from "../../src/types/tensor.ts";
import { call, dataSpec, tensor } from "./spec.ts";

const root = mkdtempSync(join(tmpdir(), "dlc-data-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const newFolder = (): string => {
  const folder = join(root, String(++folders));
  mkdirSync(folder);
  return folder;
};

function png(height: number, width: number, value: (y: number, x: number, c: number) => number): Buffer {
  const image = new PNG({ width, height });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 4; c++) image.data[(y * width + x) * 4 + c] = c === 3 ? 255 : value(y, x, c);
  return PNG.sync.write(image, { colorType: 2 });
}

/** Twelve images of 6 x 8 in three folders. */
function pictures(): string {
  const folder = newFolder();
  for (const [index, name] of ["spiral", "elliptical", "irregular"].entries()) {
    mkdirSync(join(folder, name));
    for (let i = 0; i < 4; i++)
      writeFileSync(
        join(folder, name, `${i}.png`),
        png(6, 8, (y, x, c) => 60 * index + 10 * i + y + x + c),
      );
  }
  return folder;
}

const folderSpec = (path: string, changes: Partial<Parameters<typeof dataSpec>[0]> = {}): DataSpec =>
  dataSpec({
    name: "galaxies",
    source: call("reader", "image_folder", { path }),
    fields: [
      { role: "input", name: "image", type: tensor("u8", 6, 8, 3) },
      { role: "target", name: "label", type: { kind: "class", count: 3 }, value: { source: "class" } },
    ],
    split: call("split", "stratified", { by: "label", train: 0.5, valid: 0.25, test: 0.25, seed: "7" }),
    prepare: [
      {
        fields: ["image"],
        steps: [
          call("prepare", "centre_crop", { size: 4 }),
          call("prepare", "scale"),
          call("prepare", "standardize"),
        ],
      },
    ],
    ...changes,
  });

/** Message and hint, with the temporary folder written as ROOT. */
async function failure(spec: DataSpec): Promise<string> {
  const error = await loadDataset(spec, { cache: newFolder() }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DataError)) throw new Error(`a DataError was expected, not ${error}`);
  const shown = error.message.replaceAll(root, "ROOT").replace(/ROOT\/\d+/g, "ROOT");
  return `${shown}\n  ${(error.hint ?? "").replaceAll(root, "ROOT").replace(/ROOT\/\d+/g, "ROOT")}`;
}

describe("image_folder", () => {
  test("classes are the folders, sorted; PNG pixels come through exactly", async () => {
    const data = await loadDataset(folderSpec(pictures(), { prepare: [] }), { cache: newFolder() });
    expect(data.count).toBe(12);
    expect(data.fields.label!.classes).toEqual(["elliptical", "irregular", "spiral"]);
    expect([...(data.fields.label!.data as Int32Array)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    const image = data.fields.image!;
    expect(image.shape).toEqual([6, 8, 3]);
    // Row 5 is irregular/1.png, pixel (2, 3), channel 1.
    expect(image.data[5 * 144 + (2 * 8 + 3) * 3 + 1]).toBe(120 + 10 + 2 + 3 + 1);
    expect([data.rows.train.length, data.rows.valid.length, data.rows.test.length]).toEqual([6, 3, 3]);
  });

  test("names of values: in a list they make two classes, in a condition they choose rows", async () => {
    const spec = folderSpec(pictures());
    const named = (list: readonly string[]) => ({
      operator: "in",
      left: { source: "class" },
      right: { list: list.map((text) => ({ text })) },
    });
    const label = spec.fields.find(({ role }) => role === "target")!;
    const asked: DataSpec = {
      ...spec,
      fields: [
        {
          ...spec.fields[0]!,
          where: { operator: "!=", left: { source: "class" }, right: { text: "irregular" } },
        },
        { ...label, type: { kind: "class", count: 2 }, value: named(["spiral", "irregular"]) },
      ],
      prepared: { ...spec.prepared, [label.name]: { kind: "class", count: 2 } },
    };
    const data = await loadDataset(asked, { cache: newFolder() });
    expect(data.count).toBe(8);
    expect([...data.fields[label.name]!.data]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(data.fields[label.name]!.classes).toEqual([`not ${label.name}`, label.name]);
    const wrong = { ...asked, fields: [asked.fields[0]!, { ...asked.fields[1]!, value: named(["spirl"]) }] };
    await expect(loadDataset(wrong, { cache: newFolder() })).rejects.toThrow(
      'No row is called "spirl" in `class`',
    );
  });

  test("the order in which files were written, and their folder, do not matter", async () => {
    const folder = pictures();
    const other = newFolder();
    for (const name of readdirSync(folder).reverse()) {
      mkdirSync(join(other, name));
      for (const file of readdirSync(join(folder, name)).reverse())
        writeFileSync(join(other, name, file), readFileSync(join(folder, name, file)));
    }
    const cache = newFolder();
    const first = await loadDataset(folderSpec(folder), { cache });
    const stages: string[] = [];
    const second = await loadDataset(folderSpec(other), { cache, onStage: (name) => stages.push(name) });
    expect(second).toEqual(first);
    // The same content: it was not read again.
    expect(stages).toEqual([]);
  });

  test("statistics come from training rows alone", async () => {
    const data = await loadDataset(folderSpec(pictures()), { cache: newFolder() });
    const values = data.fields.image!.data as Float32Array;
    const mean = (rows: Int32Array): number => {
      let sum = 0;
      for (const row of rows) for (let i = 0; i < 48; i += 3) sum += values[row * 48 + i]!;
      return sum / (rows.length * 16);
    };
    expect(Math.abs(mean(data.rows.train))).toBeLessThan(1e-6);
    expect(Math.abs(mean(data.rows.test))).toBeGreaterThan(1e-3);
  });

  test("pca is fitted on the training rows alone, tells what it keeps, and is cached", async () => {
    const cache = newFolder();
    const notes: string[] = [];
    const spec = folderSpec(pictures(), {
      prepare: [
        {
          fields: ["image"],
          steps: ["scale", "flatten", "pca"].map((op) =>
            call("prepare", op, op === "pca" ? { components: 3 } : {}),
          ),
        },
      ],
    });
    const load = () => loadDataset(spec, { cache, onNote: (text) => notes.push(text) });
    const data = await load();
    const { shape, data: values, undo } = data.fields.image!;
    expect(shape).toEqual([3]);
    expect(undo).toEqual([]);
    const mean = (rows: Int32Array): number =>
      rows.reduce((sum, row) => sum + (values[3 * row] as number), 0) / rows.length;
    expect(Math.abs(mean(data.rows.train))).toBeLessThan(1e-5);
    expect(Math.abs(mean(data.rows.test))).toBeGreaterThan(1e-2);
    // The pictures differ in brightness alone.
    expect(notes).toEqual(["`pca(3)` keeps 100.0 % of the variance of the training rows: galaxies.image"]);
    expect(await load()).toEqual(data);
    expect(notes).toHaveLength(2);
  });

  test("a gray picture among coloured ones has three equal channels", async () => {
    const folder = pictures();
    const gray = new PNG({ width: 8, height: 6 });
    for (let i = 0; i < gray.data.length; i++) gray.data[i] = i % 4 === 3 ? 255 : 77;
    writeFileSync(
      join(folder, "spiral", "9.png"),
      PNG.sync.write(gray, { colorType: 0, inputHasAlpha: true }),
    );
    const data = await loadDataset(folderSpec(folder, { prepare: [] }), { cache: newFolder() });
    const last = data.fields.image!.data.subarray(12 * 144) as Uint8Array;
    expect(new Set(last)).toEqual(new Set([77]));
  });

  test("what is wrong is named with its path and the way on", async () => {
    const missing = await failure(folderSpec(join(root, "nothing-here")));
    const loose = newFolder();
    writeFileSync(
      join(loose, "1.png"),
      png(6, 8, () => 0),
    );
    const empty = newFolder();

    const withExtra = (name: string, bytes: Uint8Array): Promise<string> => {
      const folder = pictures();
      writeFileSync(join(folder, name), bytes);
      return failure(folderSpec(folder));
    };
    const photo = jpeg.encode({ width: 8, height: 6, data: new Uint8Array(192).fill(90) }, 90).data;
    const reports = [
      missing,
      await failure(folderSpec(loose)),
      await failure(folderSpec(empty)),
      await withExtra("spiral/cut.jpg", photo.subarray(0, photo.length - 40)),
      await withExtra("spiral/cut.png", png(6, 8, () => 5).subarray(0, 60)),
      await withExtra("spiral/text.jpg", Buffer.from("<html>not found</html>")),
      await withExtra("spiral/empty.png", new Uint8Array(0)),
      await withExtra(
        "spiral/wide.png",
        png(6, 9, () => 0),
      ),
      await failure(
        folderSpec(pictures(), {
          fields: [
            { role: "input", name: "image", type: tensor("u8", 6, 8, 3) },
            { role: "target", name: "label", type: { kind: "class", count: 4 }, value: { source: "class" } },
          ],
        }),
      ),
      await failure(
        folderSpec(pictures(), {
          fields: [
            { role: "input", name: "image", type: tensor("u8", 8, 8, 3) },
            { role: "target", name: "label", type: { kind: "class", count: 3 }, value: { source: "class" } },
          ],
          prepare: [],
        }),
      ),
    ];
    expect(reports.join("\n\n")).toMatchInlineSnapshot(`
      "The folder of galaxies is not there: ROOT/nothing-here
        put the data there, or say where it is: --set galaxies.source.path=FOLDER

      The images of galaxies lie directly in ROOT; image_folder takes the class from the folder that an image is in
        move them into one folder a class, like ROOT/spiral/1.jpg

      There is no JPEG or PNG in the folder of galaxies: ROOT
        give the folder that holds one folder a class: --set galaxies.source.path=FOLDER

      This image is damaged: ROOT/spiral/cut.jpg (its pixels cannot be decoded; it may be cut short)
        copy it again from its origin, or delete it; then run the same command again

      This image is damaged: ROOT/spiral/cut.png (its pixels cannot be decoded; it may be cut short)
        copy it again from its origin, or delete it; then run the same command again

      This image is damaged: ROOT/spiral/text.jpg (it does not begin as a JPEG or PNG does)
        copy it again from its origin, or delete it; then run the same command again

      This image is damaged: ROOT/spiral/empty.png (the file is empty)
        copy it again from its origin, or delete it; then run the same command again

      galaxies.image is declared u8[6, 8, 3], but it is u8[6, 9, 3] in ROOT/spiral/wide.png
        write \`image : u8[6, 9, 3]\`; or, where sizes differ, \`image : u8[H, W, 3]\` and \`prepare image { resize(64 px) }\`

      galaxies.label is declared class[4], but the source has 3 classes: elliptical, irregular, spiral
        write \`label : class[3]\`

      galaxies.image is declared u8[8, 8, 3], but it is u8[6, 8, 3] in ROOT/elliptical/0.png
        write \`image : u8[6, 8, 3]\`; or, where sizes differ, \`image : u8[H, W, 3]\` and \`prepare image { resize(64 px) }\`"
    `);
  });
});

describe("where and values", () => {
  const idxFolder = (): string => {
    const folder = newFolder();
    const write = (name: string, shape: number[], bytes: number[], zip: boolean): void => {
      const header = Buffer.alloc(4 + 4 * shape.length);
      header[2] = 8;
      header[3] = shape.length;
      for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
      const file = Buffer.concat([header, Buffer.from(bytes)]);
      writeFileSync(join(folder, zip ? `${name}.gz` : name), zip ? gzipSync(file) : file);
    };
    const digits = Array.from({ length: 20 }, (_, i) => i % 10);
    write(
      "train-images-idx3-ubyte",
      [20, 2, 2],
      digits.flatMap((d) => [d, d, d, d + 1]),
      true,
    );
    write("train-labels-idx1-ubyte", [20], digits, false);
    write(
      "t10k-images-idx3-ubyte",
      [10, 2, 2],
      digits.slice(10).flatMap((d) => [d, d, d, d + 100]),
      false,
    );
    write("t10k-labels-idx1-ubyte", [10], digits.slice(10), true);
    return folder;
  };

  test("the upper half of the digits keeps its names and its division", async () => {
    const five = { number: 5 };
    const data = await loadDataset(
      dataSpec({
        source: call("reader", "idx", { path: idxFolder() }),
        fields: [
          { role: "input", name: "image", type: tensor("u8", 2, 2, 1) },
          {
            role: "target",
            name: "digit",
            type: { kind: "class", count: 5 },
            value: { operator: "-", left: { source: "label" }, right: five },
            where: { operator: ">=", left: { source: "label" }, right: five },
          },
        ],
        split: call("split", "given", { valid: 0.2, seed: "1" }),
      }),
      { cache: newFolder() },
    );
    expect(data.count).toBe(15);
    expect(data.fields.digit!.classes).toEqual(["5", "6", "7", "8", "9"]);
    expect([...(data.fields.digit!.data as Int32Array).subarray(0, 5)]).toEqual([0, 1, 2, 3, 4]);
    expect([...data.rows.test]).toEqual([10, 11, 12, 13, 14]);
    expect(data.rows.valid.length).toBe(2);
    expect([...(data.fields.image!.data as Uint8Array).subarray(40, 44)]).toEqual([5, 5, 5, 105]);
  });

  test("a label out of range, and a missing file, are named", async () => {
    const spec = (path: string, count: number): DataSpec =>
      dataSpec({
        name: "digits",
        source: call("reader", "idx", { path }),
        fields: [
          {
            role: "target",
            name: "digit",
            type: { kind: "class", count },
            value: { operator: "-", left: { source: "label" }, right: { number: 5 } },
          },
        ],
        split: call("split", "given"),
      });
    const lacking = idxFolder();
    rmSync(join(lacking, "t10k-labels-idx1-ubyte.gz"));
    expect(
      [await failure(spec(idxFolder(), 5)), await failure(spec(lacking, 5))].join("\n\n"),
    ).toMatchInlineSnapshot(`
      "digits.digit is declared class[5], but it is -5 in row 0 of the training files
        class[5] needs the integers 0 to 4: change the number of classes, or add \`where\`

      There is no t10k-labels-idx1-ubyte (plain or .gz) in ROOT
        put it there, or name the folder that has the files of MNIST: --set digits.source.path=FOLDER"
    `);
  });
});

describe("the cache", () => {
  test("a hit equals what was built, and a damaged entry is made again with a note", async () => {
    const cache = newFolder();
    const spec = folderSpec(pictures());
    const built = await loadDataset(spec, { cache });
    expect(await loadDataset(spec, { cache })).toEqual(built);

    const entries = readdirSync(cache).filter((name) => name.endsWith(".data"));
    expect(entries.length).toBe(2);
    const damages = [
      (bytes: Buffer) => bytes.fill(bytes[bytes.length - 9]! ^ 1, bytes.length - 9, bytes.length - 8),
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 100),
      (bytes: Buffer) => bytes.subarray(0, 5),
    ];
    for (const [entry, damage] of entries.flatMap((each) =>
      damages.map((damage) => [each, damage] as const),
    )) {
      writeFileSync(join(cache, entry), damage(readFileSync(join(cache, entry))));
      const notes: string[] = [];
      expect(await loadDataset(spec, { cache, onNote: (text) => notes.push(text) })).toEqual(built);
      expect(notes.length).toBe(1);
      expect(notes[0]).toContain("were damaged and are made again");
    }
    expect(readdirSync(cache).filter((name) => name.endsWith(".data"))).toEqual(entries);
  });

  test("a changed image, another step or another seed is another entry; a name or a time of change is not", async () => {
    const cache = newFolder();
    const folder = pictures();
    const entries = (): number => readdirSync(cache).filter((name) => name.endsWith(".data")).length;
    await loadDataset(folderSpec(folder), { cache });
    expect(entries()).toBe(2);
    await loadDataset(folderSpec(folder, { name: "renamed" }), { cache });
    utimesSync(join(folder, "spiral", "0.png"), new Date(1e12), new Date(1e12));
    await loadDataset(folderSpec(folder), { cache });
    expect(entries()).toBe(2);
    await loadDataset(folderSpec(folder, { prepare: [] }), { cache });
    expect(entries()).toBe(3);
    const before = await loadDataset(folderSpec(folder), { cache });
    writeFileSync(
      join(folder, "spiral", "0.png"),
      png(6, 8, () => 250),
    );
    const after = await loadDataset(folderSpec(folder), { cache });
    expect(entries()).toBe(5);
    expect(after.fields.image!.digest).not.toBe(before.fields.image!.digest);
    expect(after.fields.label!.digest).toBe(before.fields.label!.digest);
    expect(after.rowDigests).toEqual(before.rowDigests);
  });

  test("an interrupted load leaves no entry for the fields", async () => {
    const cache = newFolder();
    const stop = new AbortController();
    const spec = dataSpec({
      source: call("reader", "simulate.galaxies", { count: 5000, size: 32, seed: "1" }),
      fields: [{ role: "input", name: "image", type: tensor("f32", 32, 32, 3) }],
      split: call("split", "random", { train: 0.5, test: 0.5 }),
    });
    await expect(
      loadDataset(spec, {
        cache,
        signal: stop.signal,
        onStage(name, done, of, unit) {
          if (unit !== "images") return;
          expect([name, of]).toEqual(["simulating sample", 5000]);
          expect(done).toBeLessThan(5000);
          stop.abort();
        },
      }),
    ).rejects.toThrow();
    expect(stop.signal.aborted).toBe(true);
    expect(readdirSync(cache).filter((name) => readFileSync(join(cache, name)).length > 40_000)).toEqual([]);
  });

  test("another split shares the fields, unless a step fits statistics to its rows", async () => {
    const folder = pictures();
    const fitted = folderSpec(folder).prepare;
    // Of u8, `scale` knows the range beforehand.
    const known = [{ fields: ["image"], steps: [call("prepare", "scale")] }];
    for (const [prepare, added] of [
      [known, 1],
      [fitted, 2],
    ] as const) {
      const cache = newFolder();
      const splitBy = (seed: string) =>
        folderSpec(folder, {
          prepare,
          split: call("split", "random", { train: 0.5, test: 0.5, seed }),
        });
      const first = await loadDataset(splitBy("1"), { cache });
      const before = readdirSync(cache).length;
      const second = await loadDataset(splitBy("2"), { cache });
      expect(readdirSync(cache).length - before).toBe(added);
      expect(second.rows).not.toEqual(first.rows);
      expect(await loadDataset(splitBy("2"), { cache: newFolder() })).toEqual(second);
    }
  });
});

const shared = process.env.DLC_SHARED ?? "../shared";
const present = existsSync(join(shared, "data"));
if (!present) console.warn(`Tests on real data are left out: there is no ${join(shared, "data")}`);

describe.skipIf(!present && process.env.CI !== "true")("real data", () => {
  test("galaxy-zoo-4: 1,517 images, 815 of them elliptical", { timeout: 60_000 }, async () => {
    const spec = dataSpec({
      name: "galaxies",
      source: call("reader", "image_folder", { path: join(shared, "data", "galaxy-zoo-4") }),
      fields: [
        { role: "target", name: "label", type: { kind: "class", count: 4 }, value: { source: "class" } },
      ],
      split: call("split", "stratified", { by: "label", train: 0.7, valid: 0.15, test: 0.15, seed: "7" }),
    });
    const data = await loadDataset(spec, { cache: newFolder() });
    expect(data.count).toBe(1517);
    const { classes, data: labels } = data.fields.label!;
    expect(classes).toEqual(["barred_spiral", "edge_view_spiral", "elliptical", "spiral"]);
    const counts = classes!.map((_, c) => [...(labels as Int32Array)].filter((label) => label === c).length);
    expect(counts).toEqual([95, 186, 815, 421]);
  });

  test("mnist: 60,000 and 10,000 digits", { timeout: 60_000 }, async () => {
    const spec = dataSpec({
      name: "digits",
      source: call("reader", "idx", { path: join(shared, "data", "mnist") }),
      fields: [
        { role: "input", name: "image", type: tensor("u8", 28, 28, 1) },
        { role: "target", name: "digit", type: { kind: "class", count: 10 }, value: { source: "label" } },
      ],
      split: call("split", "given", { valid: 0.1, seed: "1" }),
    });
    const cache = newFolder();
    const data = await loadDataset(spec, { cache });
    expect([data.rows.train.length, data.rows.valid.length, data.rows.test.length]).toEqual([
      54000, 6000, 10000,
    ]);
    expect(
      [...(data.fields.digit!.data as Int32Array).subarray(0, 60000)].filter((d) => d === 1).length,
    ).toBe(6742);
    const again = await loadDataset(spec, { cache });
    expect(again.fields.image!.digest).toBe(data.fields.image!.digest);
    // `toEqual` takes minutes for 55 million numbers.
    const [a, b] = [again, data].map(({ fields }) =>
      Buffer.from(fields.image!.data.buffer, fields.image!.data.byteOffset, fields.image!.data.byteLength),
    );
    expect(a!.equals(b!)).toBe(true);
  });
});

describe("values that a type does not hold", () => {
  const table = (text: string, op = "csv"): string => {
    const path = join(newFolder(), `table.${op}`);
    writeFileSync(path, text);
    return path;
  };
  const numbers = (text: string, dtype: DType, changes: Partial<FieldSpec> = {}): DataSpec =>
    dataSpec({
      source: call("reader", "csv", { path: table(text) }),
      fields: [{ role: "input", name: "x", type: { kind: "tensor", dtype, shape: [] }, ...changes }],
      split: call("split", "random", { train: 1, test: 0 }),
    });

  test("numbers written as nan and inf stay numbers, and are told of", async () => {
    const notes: string[] = [];
    const data = await loadDataset(numbers("x\n17.5\nnan\n-inf\nInfinity\n", "f32"), {
      cache: newFolder(),
      onNote: (text) => notes.push(text.replace(/of \/.*?csv/, "of FILE")),
    });
    expect([...data.fields.x!.data]).toEqual([
      17.5,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect(notes).toMatchInlineSnapshot(`
      [
        "sample.x is not finite in line 3 of FILE, perhaps elsewhere too, and nothing is learned from that: \`prepare x { replace_nan(0) }\` puts a number there, \`where\` leaves rows out",
      ]
    `);
  });

  test("names are no numbers, and numbers that do not fit are refused", async () => {
    const over: FieldExpr = { operator: ">", left: { source: "x" }, right: { number: 1 } };
    expect(
      [
        await failure(numbers("x\n17.5\nN/A\n", "f32")),
        await failure(numbers("x\n17.5\nN/A\n", "f32", { where: over })),
        await failure(numbers("x\n1\n2.5\n", "i32")),
        await failure(numbers("x\n1\n300\n", "u8")),
        await failure(numbers("x\n1\n2\n", "bool")),
        await failure(numbers("x\n1\nnan\n", "i64")),
        await failure(
          numbers("x\n1\n2\n", "f32", {
            where: { operator: "in", left: { source: "x" }, right: { list: [] } },
          }),
        ),
      ].join("\n"),
    ).toMatchInlineSnapshot(`
      "sample.x is declared f32, but \`x\` holds names: 17.5, N/A
        correct what should be a number in the source, or write \`x : class[2]\`
      \`>\` needs numbers, and \`x\` holds names: 17.5, N/A
        correct what should be a number in the source, or compare with a name: \`==\`, \`!=\`, \`in\`
      sample.x is declared i32, but it is 2.5 in line 3 of ROOT/table.csv
        write \`x : f32\`, or leave the row out with \`where\`
      sample.x is declared u8, but it is 300 in line 3 of ROOT/table.csv
        write \`x : f32\`, or leave the row out with \`where\`
      sample.x is declared bool, but it is 2 in line 3 of ROOT/table.csv
        write \`x : f32\`, or leave the row out with \`where\`
      sample.x is declared i64, but it is NaN in line 3 of ROOT/table.csv
        write \`x : f32\`, or leave the row out with \`where\`
      No row of sample meets its \`where\` (of 2)
        check the condition against the values that the source has"
    `);
  });
});

describe("images of several sizes", () => {
  const folder = pictures();
  writeFileSync(
    join(folder, "spiral", "wide.png"),
    png(9, 12, () => 100),
  );
  const sized = (...steps: readonly OpCall[]): DataSpec =>
    folderSpec(folder, {
      fields: [
        { role: "input", name: "image", type: tensor("u8", "H", "W", 3) },
        { role: "target", name: "label", type: { kind: "class", count: 3 }, value: { source: "class" } },
      ],
      prepare: [{ fields: ["image"], steps }],
    });

  test("are brought to one", async () => {
    const data = await loadDataset(sized(call("prepare", "resize", { size: 4 })), { cache: newFolder() });
    expect(data.fields.image!.shape).toEqual([4, 4, 3]);
    expect(data.fields.image!.data.slice(-3)).toEqual(Uint8Array.of(100, 100, 100));
  });

  test("one that a step cannot take is named", async () => {
    expect(
      [
        await failure(sized(call("prepare", "centre_crop", { size: 7 }))),
        await failure(sized(call("prepare", "pad", { size: 10 }))),
        await failure(sized()),
        await failure(
          dataSpec({
            ...sized(),
            source: call("reader", "image_folder", { path: pictures() }),
            prepare: [
              {
                fields: ["image"],
                steps: [call("prepare", "scale"), call("prepare", "centre_crop", { size: 7 })],
              },
            ],
          }),
        ),
      ].join("\n"),
    ).toMatchInlineSnapshot(`
      "\`centre_crop\` keeps 7 x 7 pixels, but the image is only 6 x 8 (u8[6, 8, 3]): galaxies.image in ROOT/elliptical/0.png
        crop to a smaller size, or enlarge the image with \`resize\` first
      \`pad\` makes 10 x 10 pixels, and the image is already 9 x 12 (u8[9, 12, 3]): galaxies.image in ROOT/spiral/wide.png
        give a larger size, or use \`centre_crop\`
      Rows of galaxies.image differ in size: [6, 8, 3] in ROOT/elliptical/0.png, [9, 12, 3] in ROOT/spiral/wide.png
        bring them to one size: prepare image { resize(64 px) }
      \`centre_crop\` keeps 7 x 7 pixels, but the image is only 6 x 8 (f32[6, 8, 3]): galaxies.image in ROOT/elliptical/0.png
        crop to a smaller size, or enlarge the image with \`resize\` first"
    `);
  });

  test("of 16 bits are told of", async () => {
    const deep = newFolder();
    mkdirSync(join(deep, "a"));
    const image = new PNG({ width: 2, height: 1 });
    const how = { bitDepth: 16, colorType: 0, inputColorType: 0, inputHasAlpha: false } as const;
    image.data = Buffer.from(Uint16Array.of(0, 65535).buffer);
    for (const name of ["1", "2"]) writeFileSync(join(deep, "a", `${name}.png`), PNG.sync.write(image, how));
    const notes: string[] = [];
    const data = await loadDataset(
      folderSpec(deep, {
        fields: [{ role: "input", name: "image", type: tensor("u8", 1, 2, 1) }],
        split: call("split", "random", { train: 1, test: 0 }),
        prepare: [],
      }),
      {
        cache: newFolder(),
        onNote: (text) => notes.push(text.replaceAll(root, "ROOT").replace(/ROOT\/\d+/, "ROOT")),
      },
    );
    expect([...data.fields.image!.data]).toEqual([0, 255, 0, 255]);
    expect(notes).toMatchInlineSnapshot(`
      [
        "galaxies: images of 16 bits, as ROOT/a/1.png, are rounded to 8; FITS and NumPy files keep them whole",
      ]
    `);
  });
});
