/** Digests of tensors and of whole models: what tells that two trainings gave the same bits. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Tensors } from "../engine/engine.ts";
import type { DType, Tensor } from "../types/tensor.ts";

/** NumPy's names, which digests are made of. */
const dtypeNames: Readonly<Record<DType, string>> = {
  f32: "float32",
  f64: "float64",
  i32: "int32",
  i64: "int64",
  u64: "uint64",
  u8: "uint8",
  bool: "bool",
};

/** sha256 over `dlc.tensor.v1`, a line of canonical JSON with name, dtype and shape, and the little-endian bytes; in hex. */
export function tensorDigest(name: string, { dtype, shape, data }: Tensor): string {
  const hash = createHash("sha256");
  hash.update(`dlc.tensor.v1\n${canonicalize({ name, dtype: dtypeNames[dtype], shape })}\n`);
  hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex");
}

/** The Merkle root over the digests of all tensors by name, in hex. */
export function modelDigest(weights: Tensors): string {
  return merkleRoot(Object.entries(weights).map(([name, tensor]) => `${name} ${tensorDigest(name, tensor)}`));
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The root of RFC 6962 over leaves `path digest`, sorted by their bytes; in hex. */
export function merkleRoot(leaves: readonly string[]): string {
  const bytes = leaves.map((leaf) => Buffer.from(leaf, "utf8")).sort(Buffer.compare);
  const root = (from: number, to: number): Buffer => {
    if (to - from === 0) return sha256();
    if (to - from === 1) return sha256(Buffer.of(0), bytes[from]!);
    // The largest power of two below the number of leaves goes to the left.
    let left = 1;
    while (left * 2 < to - from) left *= 2;
    return sha256(Buffer.of(1), root(from, from + left), root(from + left, to));
  };
  return root(0, bytes.length).toString("hex");
}
