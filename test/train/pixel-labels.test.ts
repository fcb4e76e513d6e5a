/** A U-Net of the standard library learns the label of each pixel, from arrays of NumPy on disk. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import type { FieldType } from "../../src/ops/field.ts";
import { randomSource } from "../../src/ops/philox.ts";
import { buildTrial } from "../../src/train/build.ts";
import { withClassWeights } from "../../src/train/class-weights.ts";
import { measure } from "../../src/train/measure.ts";
import { trainTrial } from "../../src/train/trial.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { planText } from "../study/files.ts";
import { done } from "./small-trial.ts";

const engine = await tensorflowForTests();
const root = mkdtempSync(join(tmpdir(), "dlc-pixels-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const rows = 96;
const side = 8;

function npy(descr: string, shape: readonly number[], data: Uint8Array | Float32Array): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`.padEnd(
    118,
  );
  const lead = Buffer.from("\x93NUMPY\x01\x00\0\0", "latin1");
  lead.writeUInt16LE(header.length, 8);
  return Buffer.concat([lead, Buffer.from(header), new Uint8Array(data.buffer)]);
}

/** A bright square on noise; its pixels are 1, its middle 2, the noise 0. */
function squares() {
  const random = randomSource([5, 6]);
  const image = new Float32Array(rows * side * side).map(() => 0.3 * random.normal());
  const mask = new Uint8Array(rows * side * side);
  for (let row = 0; row < rows; row++) {
    const [top, left] = [random.below(5), random.below(5)];
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 4; x++) {
        const at = (row * side + top + y) * side + left + x;
        const inner = y > 0 && y < 3 && x > 0 && x < 3;
        mask[at] = inner ? 2 : 1;
        image[at] = image[at]! + (inner ? 3 : 1.5);
      }
  }
  return { image, mask };
}

const study = (maskType: string, more = "") => `edition 2026
import std.vision { unet }
data sky {
  source = numpy("sky.npz")
  input image : f32[8, 8, 1] = source.image
  target mask : ${maskType} = source.mask
  split = random(train: 60%, valid: 20%, test: 20%, seed: 1)
  prepare image { standardize }
  augment image, mask { flip(horizontal: 50%, vertical: 50%); rotate90 }
${more}}
recipe short { loss = cross_entropy(weight: balanced); optimizer = adam(lr: 0.01); batch = 16; length = 16 epochs }
experiment asked {
  data = sky
  model = unet(width: 4, depth: 1)
  recipe = short
  report test.accuracy, test.mean_iou, test.accuracy(output, mask), test.dark(output, mask)
}
/// The share of pixels that are noise.
metric dark(y: f32[N, H, W, K], t: class[K][H, W], goal: word = max) { mean(where(t == 0, 1.0, 0.0)) }
`;

function planned(maskType: string, more = "") {
  const { plan, told } = planText(study(maskType, more), { path: join(root, "study.dl") });
  if (!plan) throw new Error(told);
  return plan.trials[0]!;
}

/** A zip archive of stored files, as `np.savez` writes. */
function npz(files: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, data] of Object.entries(files)) {
    const local = Buffer.alloc(30 + name.length);
    local.write("PK\x03\x04", "latin1");
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.write("PK\x01\x02", "latin1");
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    entry.write(name, 46);
    parts.push(local, data);
    central.push(entry);
    at += local.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...central, end]);
}

describe.skipIf(!engine)("labels of pixels", () => {
  const { image, mask } = squares();
  writeFileSync(
    join(root, "sky.npz"),
    npz({
      "image.npy": npy("<f4", [rows, side, side, 1], image),
      "mask.npy": npy("|u1", [rows, side, side], mask),
    }),
  );
  const { data } = planned("class[3][8, 8]");
  const load = (labels: FieldType) => {
    const fields = data.fields.map((field) => (field.name === "mask" ? { ...field, type: labels } : field));
    return loadDataset({ ...data, fields }, { cache: join(root, "cache") });
  };
  const three: FieldType = { kind: "class", count: 3, shape: [8, 8] };

  test("are read as whole numbers, and learned", { timeout: 60_000 }, async () => {
    const trial = planned("class[3][8, 8]");
    const dataset = await load(three);
    expect([...dataset.fields.mask!.data]).toEqual([...mask]);
    expect(dataset.fields.mask!.shape).toEqual([8, 8]);
    const program = buildTrial(withClassWeights(trial, dataset), dataset.count, { evaluateBatch: 16 });
    const outcome = done(await trainTrial({ trial, program, dataset, engine: engine!, threads: 1 }));
    const found = outcome.predictions.test!;
    expect(found.outputs.output!.shape).toEqual([8, 8, 3]);
    const value = (metric: string) =>
      measure(trial, { split: "test", metric, parameters: {} }, found, dataset.fields);
    expect(value("accuracy")).toBeGreaterThan(0.8);
    expect(value("mean_iou")).toBeGreaterThan(0.5);
    expect(outcome.epochs[0]!.metrics["valid.accuracy"]).toBeLessThan(value("accuracy"));
  });

  test("that `evaluate` cuts out are measured as they are then", { timeout: 60_000 }, async () => {
    const sections =
      "  augment image, mask { random_crop(4 px) }\n  evaluate image, mask { centre_crop(4 px) }\n";
    const trial = planned("class[3][8, 8]", sections);
    const dataset = await loadDataset(trial.data, { cache: join(root, "cache") });
    const program = buildTrial(withClassWeights(trial, dataset), dataset.count, { evaluateBatch: 16 });
    const outcome = done(await trainTrial({ trial, program, dataset, engine: engine!, threads: 1 }));
    const found = outcome.predictions.test!;
    const outputs = found.outputs.output!;
    expect(outputs.shape).toEqual([4, 4, 3]);
    let right = 0;
    let dark = 0;
    for (const [n, row] of found.rows.entries())
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++) {
          const at = (n * 16 + y * 4 + x) * 3;
          const [a, b, c] = outputs.data.subarray(at, at + 3) as unknown as [number, number, number];
          const guess = a >= b && a >= c ? 0 : b >= c ? 1 : 2;
          const truth = mask[(row * side + y + 2) * side + x + 2];
          if (guess === truth) right++;
          if (truth === 0) dark++;
        }
    const pixels = found.rows.length * 16;
    const value = (metric: string, on?: readonly string[]) =>
      measure(trial, { split: "test", metric, parameters: {}, ...(on && { on }) }, found, dataset.fields);
    expect(value("accuracy")).toBeCloseTo(right / pixels, 6);
    expect(value("accuracy", ["output", "mask"])).toBeCloseTo(right / pixels, 6);
    expect(value("dark", ["output", "mask"])).toBeCloseTo(dark / pixels, 6);
  });

  test("a label beyond the classes, and another size, are told", async () => {
    await expect(load({ ...three, count: 2 })).rejects.toThrow(
      "sky.mask is declared class[2][8, 8], but it is 2 at a pixel in row",
    );
    await expect(load({ ...three, shape: [4, 4] })).rejects.toThrow("but it is u8[8, 8] in row");
  });
});
