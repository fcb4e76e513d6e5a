/** Canonical JSON (RFC 8785) and digests over it. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** RFC 8785. NaN and infinities, which JSON lacks, become the strings "NaN", "Infinity", "-Infinity". */
export function canonicalJson(value: unknown): string {
  return canonicalize(plain(value)) as string;
}

function plain(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") {
    const copy: Record<string, unknown> = {};
    for (const [key, held] of Object.entries(value)) if (held !== undefined) copy[key] = plain(held);
    return copy;
  }
  return value;
}

/** A number as `canonicalJson` wrote it. */
export function numberFrom(written: number | string): number {
  return typeof written === "number" ? written : Number(written);
}

export function sha256(bytes: Uint8Array | string): string {
  const hash = createHash("sha256");
  if (typeof bytes === "string") return hash.update(bytes).digest("hex");
  // In pieces: one call over hundreds of megabytes would stop the heartbeat.
  for (let at = 0; at < bytes.length; at += 1 << 24) hash.update(bytes.subarray(at, at + (1 << 24)));
  return hash.digest("hex");
}

/** sha256 over a purpose and canonical JSON: `hashJson("dlc.trial.v1", ...)`. */
export function hashJson(purpose: string, value: unknown): string {
  return sha256(`${purpose}\n${canonicalJson(value)}`);
}

/** The bytes of a file that holds one canonical JSON value. */
export function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${canonicalJson(value)}\n`);
}
