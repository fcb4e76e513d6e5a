/** Files of which only a part is looked at. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { constants, gunzipSync, inflateRawSync } from "node:zlib";

/** Bytes that are read when they are asked for. A `Buffer` is one that has them all. */
export interface Bytes {
  readonly length: number;
  /** Fewer where they end before `to`. */
  subarray(from: number, to: number): Buffer;
}

/** `use` may look at the file's bytes while it runs. */
export function withBytes<T>(path: string, use: (bytes: Bytes) => T): T {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    return use({
      length: size,
      subarray(from, to) {
        const bytes = Buffer.alloc(Math.max(0, Math.min(to, size) - from));
        return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
      },
    });
  } finally {
    closeSync(file);
  }
}

/** The beginning of what is packed, from the beginning of the packed bytes. */
export const gunzipStart = (packed: Buffer): Buffer =>
  gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
export const inflateStart = (packed: Buffer): Buffer =>
  inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
