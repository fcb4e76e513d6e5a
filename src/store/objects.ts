/** Content-addressed files: what results refer to. */
import { existsSync } from "node:fs";
import { Problem } from "../diagnostics/problem.ts";
import { sha256 } from "./canonical.ts";
import { layout } from "./layout.ts";
import { publish, readIfThere } from "./publish.ts";
import type { Writer } from "./writer.ts";

/** Returns the object's sha256. */
export function putObject(writer: Writer, bytes: Uint8Array): string {
  const digest = sha256(bytes);
  const target = layout.object(writer.runs, digest);
  if (publish(writer, bytes, target) === "theirs") throw damaged(target);
  return digest;
}

/** Verified: throws a `Problem` that names the file where it is missing or damaged. */
export function getObject(runs: string, digest: string): Buffer {
  const path = layout.object(runs, digest);
  const bytes = readIfThere(path);
  if (!bytes)
    throw new Problem(
      `${path} is missing`,
      "Copy it from a backup, or run the study in another --runs folder.",
    );
  if (sha256(bytes) !== digest) throw damaged(path);
  return bytes;
}

export function hasObject(runs: string, digest: string): boolean {
  return existsSync(layout.object(runs, digest));
}

function damaged(path: string): Problem {
  return new Problem(
    `${path} is damaged: its bytes no longer have the sha256 it is named by`,
    "Move it away and copy it from a backup; or run the study in another --runs folder.",
  );
}
