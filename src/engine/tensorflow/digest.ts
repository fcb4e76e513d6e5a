/** The sha256 of a library. Hashing 800 MB takes a second, and every worker asks: the answer is kept for as long as the file stays. */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../cache.ts";

/** In hex. The same file is taken for unchanged while its inode, size and time of change stay. */
export async function libraryDigest(path: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(path);
  const identity = JSON.stringify([path, ino, size, mtimeMs, ctimeMs]);
  const name = createHash("sha256").update(identity).digest("hex");
  const folder = join(cacheFolder(), "digests");
  const known = await readFile(join(folder, name), "utf8").catch(() => "");
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const digest = await hashFile(path);
  try {
    await mkdir(folder, { recursive: true });
    const draft = join(folder, `${name}.${randomBytes(4).toString("hex")}`);
    await writeFile(draft, digest);
    await rename(draft, join(folder, name));
  } catch {
    // Without a cache it is computed each time.
  }
  return digest;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
