import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DataError } from "../error.ts";
import type { Cell, OpenContext, SourceFile, SourceReader } from "../source.ts";
import { gunzipStart, withBytes } from "./bytes.ts";
import { sourceFolder } from "./folder.ts";

/** Names as MNIST, Fashion-MNIST and EMNIST use them. */
const parts = [
  { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte" },
  { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
] as const;

const again = "copy it again from its origin, then run the same command again";

interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

function unpacked(path: string, bytes: Buffer, unpack: (bytes: Buffer) => Buffer): Buffer {
  if (!path.endsWith(".gz")) return bytes;
  try {
    return unpack(bytes);
  } catch (cause) {
    throw new DataError(
      `This file is damaged: ${path} (it cannot be unpacked: ${(cause as Error).message})`,
      again,
      { cause },
    );
  }
}

/** The sizes of an array in the IDX format: `00 00 08 rank`, the sizes as big-endian u32, then unsigned bytes. */
function shapeOf(path: string, bytes: Buffer, rank: number): readonly number[] {
  if (bytes.length < 4 + 4 * rank || bytes.readUInt16BE(0) !== 0)
    throw new DataError(`This is not an IDX file: ${path}`, again);
  if (bytes[2] !== 8 || bytes[3] !== rank)
    throw new DataError(
      `This IDX file holds ${bytes[3]} dimensions of type 0x${bytes[2]!.toString(16)}: ${path}`,
      `idx reads unsigned bytes (0x8) in ${rank} dimensions here`,
    );
  return Array.from({ length: rank }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
}

function readIdx(path: string, rank: number): IdxArray {
  const bytes = unpacked(path, readFileSync(path), gunzipSync);
  const shape = shapeOf(path, bytes, rank);
  // Not a Buffer: its slices share memory.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + 4 + 4 * rank, bytes.length - 4 - 4 * rank);
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length !== expected)
    throw new DataError(
      `This file is damaged: ${path} (its header promises ${expected} bytes, there are ${data.length})`,
      again,
    );
  return { shape, data };
}

/** Labels are 0 to the largest that there is. */
const countClasses = (labels: readonly IdxArray[]): number =>
  labels.reduce((most, { data }) => data.reduce((max, label) => Math.max(max, label + 1), most), 0);

function find(folder: string, name: string): SourceFile | undefined {
  for (const candidate of [name, `${name}.gz`]) {
    const path = join(folder, candidate);
    if (existsSync(path)) return { name: candidate, path };
  }
  return undefined;
}

/** The training files' rows, then the test files'. */
export const idx: SourceReader = {
  files(parameters, context: OpenContext) {
    const folder = sourceFolder(parameters.path as string, context);
    const files: SourceFile[] = [];
    for (const part of parts) {
      const images = find(folder, part.images);
      const labels = find(folder, part.labels);
      if (images && labels) files.push(images, labels);
      else if (images || labels || part === parts[0])
        throw new DataError(
          `There is no ${images ? part.labels : part.images} (plain or .gz) in ${folder}`,
          `put it there, or name the folder that has the files of MNIST: --set ${context.dataset}.source.path=FOLDER`,
        );
    }
    return files;
  },
  types(_parameters, files) {
    const [images] = files;
    const start = withBytes(images!.path, (bytes) => bytes.subarray(0, 1024));
    const [, ...size] = shapeOf(images!.path, unpacked(images!.path, start, gunzipStart), 3);
    const labels = files.filter((_, i) => i % 2 === 1).map(({ path }) => readIdx(path, 1));
    return {
      image: { kind: "tensor", dtype: "u8", shape: [...size, 1] },
      label: { kind: "class", count: countClasses(labels) },
    };
  },
  open(_parameters, files) {
    const loaded: { images: IdxArray; labels: IdxArray; path: string }[] = [];
    for (let i = 0; i < files.length; i += 2) {
      const images = readIdx(files[i]!.path, 3);
      const labels = readIdx(files[i + 1]!.path, 1);
      if (images.shape[0] !== labels.shape[0])
        throw new DataError(
          `${files[i]!.path} holds ${images.shape[0]} images, but ${files[i + 1]!.path} holds ${labels.shape[0]} labels`,
          "bring both files from the same place",
        );
      loaded.push({ images, labels, path: files[i]!.path });
    }
    const [, height, width] = loaded[0]!.images.shape as [number, number, number];
    for (const { images, path } of loaded)
      if (images.shape[1] !== height || images.shape[2] !== width)
        throw new DataError(
          `${path} holds images of ${images.shape[1]} x ${images.shape[2]} pixels, the training files of ${height} x ${width}`,
          "bring all files from the same place",
        );
    const trainCount = loaded[0]!.images.shape[0]!;
    const count = loaded.reduce((sum, { images }) => sum + images.shape[0]!, 0);
    const given = new Uint8Array(count).fill(1, trainCount);
    const classCount = countClasses(loaded.map(({ labels }) => labels));
    const size = height * width;
    return {
      count,
      activity: "reading",
      unit: "images",
      given,
      columns: {
        image: { type: { kind: "tensor", dtype: "u8", shape: [height, width, 1] }, classes: null },
        label: {
          type: { kind: "class", count: classCount },
          classes: Array.from({ length: classCount }, (_, i) => String(i)),
        },
      },
      place: (row) =>
        row < trainCount ? `row ${row} of the training files` : `row ${row - trainCount} of the test files`,
      reader(columns) {
        const wanted = new Set(columns);
        return (row) => {
          const part = row < trainCount ? loaded[0]! : loaded[1]!;
          const at = row < trainCount ? row : row - trainCount;
          const cells: Record<string, Cell> = {};
          if (wanted.has("image"))
            cells.image = {
              shape: [height, width, 1],
              data: part.images.data.subarray(at * size, (at + 1) * size),
            };
          if (wanted.has("label")) cells.label = part.labels.data[at]!;
          return cells;
        };
      },
    };
  },
};
