/** Decoding of one picture. */
import { readFileSync } from "node:fs";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import type { Row } from "../../ops/prepare.ts";
import { DataError } from "../error.ts";
import { withBytes } from "./bytes.ts";

export interface ImageHeader {
  readonly format: "jpeg" | "png";
  readonly height: number;
  readonly width: number;
  /** 1 or 3; an alpha channel is left out. */
  readonly channels: 1 | 3;
  /** Of one channel of one pixel. */
  readonly bits: number;
}

/** Reads size and channels from the first bytes; undefined where they are neither JPEG nor PNG. */
export function imageHeader(bytes: Buffer): ImageHeader | undefined {
  if (bytes.length >= 26 && bytes.readUInt32BE(0) === 0x89504e47)
    return {
      format: "png",
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
      // Colour types 0 and 4 are gray, 2 and 6 colour, 3 a palette.
      channels: bytes[25] === 0 || bytes[25] === 4 ? 1 : 3,
      bits: bytes[24]!,
    };
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    // Start of frame, other than the tables DHT (c4), JPG (c8) and DAC (cc).
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return {
        format: "jpeg",
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        channels: bytes[at + 9] === 1 ? 1 : 3,
        bits: bytes[at + 4]!,
      };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

export const readImageFile = (path: string): Buffer => readable(path, readFileSync);

/** As much as a header mostly takes. */
export const readImageStart = (path: string): Buffer =>
  readable(path, () => withBytes(path, (bytes) => bytes.subarray(0, 2 ** 16)));

function readable(path: string, read: (path: string) => Buffer): Buffer {
  try {
    return read(path);
  } catch (cause) {
    throw new DataError(
      `This image cannot be read: ${path} (${(cause as NodeJS.ErrnoException).code ?? cause})`,
      "check that the file is there and may be read, then run the same command again",
      { cause },
    );
  }
}

function damaged(path: string, why: string, cause?: unknown): DataError {
  return new DataError(
    `This image is damaged: ${path} (${why})`,
    "copy it again from its origin, or delete it; then run the same command again",
    { cause },
  );
}

/** The header, or a `DataError` that names the file. */
export function requireHeader(bytes: Buffer, path: string): ImageHeader {
  const header = imageHeader(bytes);
  if (header) return header;
  throw damaged(path, bytes.length === 0 ? "the file is empty" : "it does not begin as a JPEG or PNG does");
}

/** Decodes a file's bytes to u8 (16 bits are rounded) `[H, W, channels]`; gray becomes three equal channels where three are asked for. */
export function decodeImage(bytes: Buffer, path: string, header: ImageHeader, channels: 1 | 3): Row {
  const { height, width } = header;
  let pixels: Uint8Array;
  let step: number;
  try {
    if (header.format === "jpeg") {
      pixels = jpeg.decode(bytes, {
        useTArray: true,
        formatAsRGBA: false,
        tolerantDecoding: false,
        maxMemoryUsageInMB: 2048,
      }).data;
      step = 3;
    } else {
      pixels = PNG.sync.read(bytes).data;
      step = 4;
    }
  } catch (cause) {
    throw damaged(path, "its pixels cannot be decoded; it may be cut short", cause);
  }
  if (pixels.length !== height * width * step) throw damaged(path, "its pixels end too early");
  if (step === channels) return { shape: [height, width, channels], data: pixels };
  const out = new Uint8Array(height * width * channels);
  for (let i = 0, from = 0, to = 0; i < height * width; i++, from += step, to += channels)
    for (let c = 0; c < channels; c++) out[to + c] = pixels[from + c]!;
  return { shape: [height, width, channels], data: out };
}
