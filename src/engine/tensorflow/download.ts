/** Fetches a wheel: by pip, which knows the user's index and proxy, else over HTTPS from the Python package index. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Problem } from "../../diagnostics/problem.ts";
import type { Wheel } from "./wheel.ts";

export type Progress = (done: number, of: number) => void;

/** The path of the wheel in `folder`. */
export async function download(
  wheel: Wheel,
  folder: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<string> {
  const pip = await findPip();
  if (pip) await byPip(pip, wheel, folder, progress, signal);
  else await byHttps(wheel, folder, progress, signal);
  return join(folder, wheel.file);
}

type Command = readonly string[];

async function findPip(): Promise<Command | undefined> {
  for (const command of [["python3", "-m", "pip"], ["pip3"], ["pip"]]) {
    const { code } = await run([...command, "--version"], process.env, undefined);
    if (code === 0) return command;
  }
  return undefined;
}

interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

function run(
  [program, ...args]: Command,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  return new Promise((settle, fail) => {
    const child = spawn(program!, args, {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      ...(signal && { signal }),
    });
    let errors = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", (error) =>
      signal?.aborted ? fail(error) : settle({ code: null, errors: error.message }),
    );
    child.on("close", (code) => settle({ code, errors }));
  });
}

async function byPip(
  pip: Command,
  wheel: Wheel,
  folder: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = [
    ...["download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check"],
    ...["--quiet", "--retries", "2", "--timeout", "20", "--dest", folder],
    ...["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"],
    ...["--platform", wheel.platform, `${wheel.project}==${wheel.version}`],
  ];
  // pip writes what it downloads below TMPDIR first: how far it is shows in the size of that file, in every version of pip.
  const timer = setInterval(() => {
    void largestFile(folder).then((bytes) => progress(Math.min(bytes, wheel.size), wheel.size));
  }, 250);
  let ended: Ended;
  try {
    ended = await run([...pip, ...args], { ...process.env, TMPDIR: folder }, signal);
  } finally {
    clearInterval(timer);
  }
  if (ended.code === 0) return progress(wheel.size, wheel.size);
  throw explain(ended.errors);
}

async function largestFile(folder: string): Promise<number> {
  let largest = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const entry = await stat(join(folder, name)).catch(() => undefined);
    if (entry?.isFile()) largest = Math.max(largest, entry.size);
  }
  return largest;
}

const unreachable =
  /NewConnectionError|name resolution|Name or service not known|nodename nor servname|unreachable|timed out|ProxyError|Connection (refused|reset)|ConnectTimeout|Max retries/i;

/** What pip said, as a problem that a user can mend. */
export function explain(errors: string): Problem {
  if (/No space left/i.test(errors)) {
    return new Problem(
      "the disk is full: downloading TensorFlow needs 1.5 GB",
      "Free some space, or name a folder on another disk with DLC_CACHE",
    );
  }
  if (unreachable.test(errors)) return noNetwork("the Python package index cannot be reached");
  const lines = errors.split("\n").filter((line) => line.startsWith("ERROR:"));
  const said = (lines.at(-1) ?? errors.trim().split("\n").at(-1) ?? "").replace(/^ERROR: /, "");
  return new Problem(
    `pip could not download TensorFlow: ${said}`,
    "See that `pip download tensorflow-cpu` works, or name a folder that holds TensorFlow's libraries with DLC_TENSORFLOW",
  );
}

function noNetwork(what: string, cause?: unknown): Problem {
  return new Problem(
    `${what}, and TensorFlow is not installed yet`,
    "Connect to the network once (pip's index and proxy settings are used), or name a folder that holds TensorFlow's libraries with DLC_TENSORFLOW",
    { cause },
  );
}

async function byHttps(
  wheel: Wheel,
  folder: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const index = (process.env.PIP_INDEX_URL || "https://pypi.org/simple").replace(/\/$/, "");
  try {
    // The index's JSON form: peps.python.org/pep-0691.
    const page = await get(`${index}/${wheel.project}/`, "application/vnd.pypi.simple.v1+json", signal);
    const { files } = (await page.json()) as { files: readonly { filename: string; url: string }[] };
    const entry = files.find((file) => file.filename === wheel.file);
    if (!entry) throw new Problem(`the package index does not have ${wheel.file}`);
    const body = (await get(new URL(entry.url, page.url).href, "*/*", signal)).body!;
    let done = 0;
    const count = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        done += chunk.length;
        progress(done, wheel.size);
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(body as never), count, createWriteStream(join(folder, wheel.file)), {
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Problem || (error as NodeJS.ErrnoException).code === "ENOSPC") throw error;
    throw noNetwork("there is no pip, and the Python package index cannot be reached", error);
  }
}

async function get(url: string, accept: string, signal: AbortSignal | undefined): Promise<Response> {
  const response = await fetch(url, { headers: { accept }, ...(signal && { signal }) });
  if (!response.ok)
    throw new Problem(
      `the package index answered ${response.status} for ${url}`,
      "Install pip, whose index settings dlc follows, or name a folder that holds TensorFlow's libraries with DLC_TENSORFLOW",
    );
  return response;
}
