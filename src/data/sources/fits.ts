import { readFileSync } from "node:fs";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { type Bytes, withBytes } from "./bytes.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, type Tensor, tableSource, typesOfFirst } from "./table.ts";

const block = 2880;

type Card = number | string | boolean;

/** A header and where its data begin. */
interface Unit {
  readonly cards: ReadonlyMap<string, Card>;
  readonly from: number;
  readonly length: number;
}

/** `KEYWORD = value / comment`; strings in quotes, where a quote is doubled. */
function cardOf(card: string): readonly [string, Card] | undefined {
  if (card[8] !== "=" || card[9] !== " ") return undefined;
  const name = card.slice(0, 8).trim();
  const text = card.slice(10);
  const quoted = /^\s*'((?:[^']|'')*)'/.exec(text);
  if (quoted) return [name, quoted[1]!.replaceAll("''", "'").trimEnd()];
  const value = text.split("/")[0]!.trim();
  if (value === "T" || value === "F") return [name, value === "T"];
  const number = Number(value.replace("D", "E"));
  return value === "" || Number.isNaN(number) ? undefined : [name, number];
}

function unitsOf(bytes: Bytes): Unit[] {
  if (bytes.subarray(0, 9).toString("latin1") !== "SIMPLE  =")
    throw new Error("it does not begin as FITS does");
  const units: Unit[] = [];
  for (let at = 0; at + block <= bytes.length; ) {
    const cards = new Map<string, Card>();
    let ended = false;
    while (!ended) {
      if (at + block > bytes.length) throw new Error("it ends within a header");
      const header = bytes.subarray(at, at + block);
      for (let i = 0; i < 36 && !ended; i++) {
        const card = header.toString("latin1", 80 * i, 80 * (i + 1));
        ended = card.startsWith("END     ");
        const parsed = cardOf(card);
        if (parsed) cards.set(...parsed);
      }
      at += block;
    }
    const number = (name: string, otherwise: number) => Number(cards.get(name) ?? otherwise);
    const axes = Array.from({ length: number("NAXIS", 0) }, (_, i) => number(`NAXIS${i + 1}`, 0));
    const elements = axes.length === 0 ? 0 : axes.reduce((a, b) => a * b, 1);
    const length =
      (Math.abs(number("BITPIX", 8)) / 8) * number("GCOUNT", 1) * (number("PCOUNT", 0) + elements);
    if (at + length > bytes.length) throw new Error("its data end too early");
    units.push({ cards, from: at, length });
    at += Math.ceil(length / block) * block;
  }
  return units;
}

interface Kind {
  readonly size: number;
  read(bytes: Buffer, at: number): number;
}

const float32: Kind = { size: 4, read: (bytes, at) => bytes.readFloatBE(at) };
const float64: Kind = { size: 8, read: (bytes, at) => bytes.readDoubleBE(at) };
const byte: Kind = { size: 1, read: (bytes, at) => bytes[at]! };
const int16: Kind = { size: 2, read: (bytes, at) => bytes.readInt16BE(at) };
const int32: Kind = { size: 4, read: (bytes, at) => bytes.readInt32BE(at) };
const int64: Kind = { size: 8, read: (bytes, at) => Number(bytes.readBigInt64BE(at)) };

const byBits: Readonly<Record<string, Kind>> = {
  "8": byte,
  "16": int16,
  "32": int32,
  "64": int64,
  "-32": float32,
  "-64": float64,
};
const byLetter: Readonly<Record<string, Kind>> = {
  B: byte,
  I: int16,
  J: int32,
  K: int64,
  E: float32,
  D: float64,
};

/** A column of a binary table; undefined for types that are not read. */
function columnOf(
  cards: Unit["cards"],
  n: number,
): { readonly width: number; read?(bytes: Buffer, at: number): TableValue } {
  const form = /^(\d*)([LXBIJKAEDCMPQ])/.exec(String(cards.get(`TFORM${n}`) ?? ""));
  if (!form) throw new Error(`its column ${n} has no type`);
  const count = form[1] === "" ? 1 : Number(form[1]);
  const letter = form[2]!;
  if (letter === "A")
    return {
      width: count,
      read: (bytes, at) => bytes.toString("latin1", at, at + count).replace(/[\0 ]+$/, ""),
    };
  if (letter === "L")
    return { width: count, ...(count === 1 && { read: (bytes, at) => bytes[at] === 0x54 }) };
  const kind = byLetter[letter];
  if (!kind) return { width: count * ({ X: 1 / 8, P: 8, Q: 16, C: 8, M: 16 }[letter] ?? 0) };
  const scale = Number(cards.get(`TSCAL${n}`) ?? 1);
  const zero = Number(cards.get(`TZERO${n}`) ?? 0);
  const none = cards.get(`TNULL${n}`);
  const one = (bytes: Buffer, at: number) => {
    const value = kind.read(bytes, at);
    return value === none ? undefined : zero + scale * value;
  };
  if (count === 1) return { width: kind.size, read: one };
  // The first of FITS's axes runs fastest.
  const dims = /^\(([\d, ]+)\)$/.exec(String(cards.get(`TDIM${n}`) ?? ""));
  const shape = dims ? dims[1]!.split(",").map(Number).reverse() : [count];
  return {
    width: count * kind.size,
    read: (bytes, at) => ({
      shape,
      data: Float32Array.from({ length: count }, (_, i) => one(bytes, at + i * kind.size) ?? Number.NaN),
    }),
  };
}

/** Of as many rows as there are bytes for. */
function tableOf(file: SourceFile, bytes: Buffer, { cards }: Unit): TablePart {
  const width = Number(cards.get("NAXIS1"));
  const columns = new Map<string, { readonly offset: number; read(bytes: Buffer, at: number): TableValue }>();
  let offset = 0;
  for (let n = 1; n <= Number(cards.get("TFIELDS") ?? 0); n++) {
    const { width: own, read } = columnOf(cards, n);
    if (read) columns.set(String(cards.get(`TTYPE${n}`) ?? `column_${n}`), { offset, read });
    offset += Math.ceil(own);
  }
  return {
    file,
    count: Math.min(Number(cards.get("NAXIS2")), Math.floor(bytes.length / width)),
    columns: [...columns.keys()],
    value(column, row) {
      const { offset: within, read } = columns.get(column)!;
      return read(bytes, row * width + within);
    },
    place: (row) => `row ${row}`,
  };
}

/** `[H, W, planes]` */
const shapeOfImage = ({ cards }: Unit): readonly [number, number, number] =>
  [2, 1, 3].map((axis) => Number(cards.get(`NAXIS${axis}`) ?? 1)) as [number, number, number];

/** With `BSCALE` and `BZERO`; NaN where an integer image has `BLANK`. */
function imageOf(bytes: Buffer, unit: Unit): Tensor {
  const { cards, from } = unit;
  const kind = byBits[String(cards.get("BITPIX"))]!;
  const [height, width, planes] = shapeOfImage(unit);
  const scale = Number(cards.get("BSCALE") ?? 1);
  const zero = Number(cards.get("BZERO") ?? 0);
  const blank = cards.get("BLANK");
  const data = new Float32Array(width * height * planes);
  for (let plane = 0; plane < planes; plane++)
    for (let p = 0; p < width * height; p++) {
      const value = kind.read(bytes, from + (plane * width * height + p) * kind.size);
      data[p * planes + plane] = value === blank ? Number.NaN : zero + scale * value;
    }
  return { shape: [height, width, planes], data };
}

/** Keywords that say how the file is built; the others are columns of an image. */
const structural =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|BSCALE|BZERO|BLANK|CHECKSUM|DATASUM)$/;

function pictureOf(file: SourceFile, unit: Unit, image: () => Tensor): TablePart {
  const keywords = [...unit.cards.keys()].filter(
    (name) => !structural.test(name) && /^[A-Z_][A-Z0-9_]*$/.test(name),
  );
  return {
    file,
    count: 1,
    columns: ["image", ...keywords],
    value: (column) => (column === "image" ? image() : unit.cards.get(column)),
    place: () => "the image",
  };
}

function readPart(file: SourceFile): TablePart {
  const bytes = readFileSync(file.path);
  return inFits(file, () => {
    const { table, image } = partsOf(bytes);
    return table
      ? tableOf(file, bytes.subarray(table.from, table.from + table.length), table)
      : pictureOf(file, image, () => imageOf(bytes, image));
  });
}

/** Rows that are looked at for the types of columns. */
const firstRows = 64;

/** The same without its pixels, and with some rows only. */
function readStart(file: SourceFile, bytes: Bytes): TablePart {
  return inFits(file, () => {
    const { table, image } = partsOf(bytes);
    if (!table)
      return pictureOf(file, image, () => ({ shape: shapeOfImage(image), data: new Float32Array() }));
    const length = Math.min(table.length, firstRows * Number(table.cards.get("NAXIS1")));
    return tableOf(file, bytes.subarray(table.from, table.from + length), table);
  });
}

type Found =
  | { readonly table: Unit; readonly image: undefined }
  | { readonly table: undefined; readonly image: Unit };

/** Its binary table, else its first image. Throws an `Error` that says why not. */
function partsOf(bytes: Bytes): Found {
  const units = unitsOf(bytes).filter(({ cards }) => cards.get("ZIMAGE") !== true);
  const table = units.find(({ cards }) => cards.get("XTENSION") === "BINTABLE");
  if (table) return { table, image: undefined };
  const image = units.find(({ cards, length }) => Number(cards.get("NAXIS")) >= 2 && length > 0);
  if (image && Number(image.cards.get("NAXIS")) <= 3) return { table: undefined, image };
  throw new Error("it holds neither a binary table nor an image of two or three axes that is not compressed");
}

function inFits<T>(file: SourceFile, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new DataError(
      `This file cannot be read as FITS: ${file.path} (${(cause as Error).message})`,
      "copy it again from its origin; a compressed one is unpacked by `funpack` or `gunzip`",
      { cause },
    );
  }
}

/** Only the columns that all files have: headers differ from image to image. */
function common(parts: readonly TablePart[]): readonly TablePart[] {
  const columns = parts[0]!.columns.filter((name) => parts.every((part) => part.columns.includes(name)));
  return parts.map((part) => ({ ...part, columns }));
}

/** The FITS standard 4.0 (Pence et al. 2010), read without its compression. */
export const fits: SourceReader = {
  files: (parameters, context) => sourceFiles(parameters.path as string, context),
  open: (_parameters, files) => tableSource(common(files.map(readPart)), "rows"),
  types: (_parameters, [first]) => withBytes(first!.path, (bytes) => typesOfFirst(readStart(first!, bytes))),
};
