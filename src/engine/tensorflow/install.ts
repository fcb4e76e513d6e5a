/** Brings TensorFlow's CPU build: the pinned wheel of the Python package index, of which the two native libraries are kept. */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import yauzl from "yauzl";
import { Problem } from "../../diagnostics/problem.ts";
import { cacheFolder } from "../cache.ts";
import { download, type Progress } from "./download.ts";
import { librariesIn } from "./locate.ts";
import type { LibraryLocation } from "./location.ts";
import { installFolder, pinnedWheel, spaceNeeded, type Wheel } from "./wheel.ts";

export interface InstallProgress {
  readonly stage: "downloading" | "checking" | "unpacking";
  /** In bytes, with `of`. */
  readonly done: number;
  readonly of: number;
}

export interface InstallOptions {
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
}

const origin = "the cache of dlc engine install";

/**
 * Fetches, checks and unpacks into the per-user cache; what is there already is taken. Nothing half done ever counts, and two
 * processes may install at once. Throws a `Problem` with the way out: no build for this platform, no network, no space, a
 * file that is not the pinned one.
 */
export async function installTensorflow(options: InstallOptions = {}): Promise<LibraryLocation> {
  const there = librariesIn(installFolder(), origin);
  if (there) return there;
  const wheel = pinnedWheel();
  if (!wheel) {
    throw new Problem(
      `no TensorFlow build is pinned for ${process.platform} on ${process.arch} yet`,
      "Install TensorFlow 2.9 or later yourself, and name the folder of its libraries with DLC_TENSORFLOW",
    );
  }
  try {
    return await install(wheel, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") throw noSpace(wheel, error);
    if (code === "EACCES" || code === "EROFS" || code === "EPERM")
      throw new Problem(
        `cannot write to ${cacheFolder()}: ${(error as Error).message}`,
        "Name another folder with DLC_CACHE",
        { cause: error },
      );
    throw error;
  }
}

async function install(wheel: Wheel, { onProgress, signal }: InstallOptions): Promise<LibraryLocation> {
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const { bavail, bsize } = await statfs(cache);
  if (bavail * bsize < spaceNeeded(wheel)) throw noSpace(wheel);
  const staging = join(cache, `installing-${process.pid}-${randomBytes(4).toString("hex")}`);
  await mkdir(join(staging, "lib"), { recursive: true });
  try {
    const tell =
      (stage: InstallProgress["stage"]): Progress =>
      (done, of) =>
        onProgress?.({ stage, done, of });
    const path = await download(wheel, staging, tell("downloading"), signal);
    await checkDigest(path, wheel, tell("checking"), signal);
    await unpack(path, join(staging, "lib"), tell("unpacking"), signal);
    if (!librariesIn(join(staging, "lib"), origin))
      throw new Error(`${wheel.file} does not hold TensorFlow's two libraries`);
    await publish(join(staging, "lib"), installFolder());
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return librariesIn(installFolder(), origin)!;
}

function noSpace(wheel: Wheel, cause?: unknown): Problem {
  const gigabytes = (spaceNeeded(wheel) / 1e9).toFixed(1);
  return new Problem(
    `not enough space on the disk of ${cacheFolder()}: installing TensorFlow needs ${gigabytes} GB there (0.9 GB stay)`,
    "Free some space, or name a folder on another disk with DLC_CACHE",
    { cause },
  );
}

/** Folders of installations that were killed more than a day ago. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith("installing-")) continue;
    const path = join(cache, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > 86_400_000) await rm(path, { recursive: true, force: true });
  }
}

async function checkDigest(
  path: string,
  wheel: Wheel,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const hash = createHash("sha256");
  let done = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(chunk as Buffer);
    done += (chunk as Buffer).length;
    progress(done, wheel.size);
  }
  const digest = hash.digest("hex");
  if (digest === wheel.sha256) return;
  throw new Problem(
    `${wheel.file} is not the file that dlc pins: its sha256 is ${digest}, not ${wheel.sha256}. It was not used.`,
    "Run dlc engine install again; if this comes back, the package index in use serves another file",
  );
}

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

async function unpack(path: string, to: string, progress: Progress, signal?: AbortSignal): Promise<void> {
  const zip = await openZip(path, { lazyEntries: true, autoClose: false });
  try {
    const entries = await librariesOf(zip);
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let done = 0;
    const read = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
    for (const entry of entries) {
      // Flushed to the disk before it is closed.
      const file = createWriteStream(join(to, basename(entry.fileName)), { flags: "wx", flush: true });
      const count = async function* (chunks: AsyncIterable<Buffer | string>) {
        for await (const chunk of chunks) {
          done += chunk.length;
          progress(done, total);
          yield chunk;
        }
      };
      await pipeline(await read(entry), count, file, { ...(signal && { signal }) });
    }
  } finally {
    zip.close();
  }
}

function librariesOf(zip: yauzl.ZipFile): Promise<readonly yauzl.Entry[]> {
  const found: yauzl.Entry[] = [];
  return new Promise((settle, fail) => {
    zip.on("error", fail);
    zip.on("end", () => settle(found));
    zip.on("entry", (entry: yauzl.Entry) => {
      if (/^tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/.test(entry.fileName))
        found.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

/** Whoever renames first wins; the other's libraries are the same bytes. */
async function publish(from: string, to: string): Promise<void> {
  await syncFolder(from);
  try {
    await rename(from, to);
  } catch (error) {
    if (!librariesIn(to, origin)) throw error;
  }
  await syncFolder(cacheFolder());
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
