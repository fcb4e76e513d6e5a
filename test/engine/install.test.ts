/** Finding and installing TensorFlow, with small files in its place and a script in the place of pip. */

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Problem } from "../../src/diagnostics/problem.ts";
import { explain } from "../../src/engine/tensorflow/download.ts";
import { installTensorflow } from "../../src/engine/tensorflow/install.ts";
import { locateTensorflow } from "../../src/engine/tensorflow/locate.ts";
import { installFolder, pinnedWheel } from "../../src/engine/tensorflow/wheel.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlc-install-"));
  vi.stubEnv("DLC_CACHE", join(folder, "cache"));
  vi.stubEnv("DLC_TENSORFLOW", undefined);
  vi.stubEnv("PATH", join(folder, "bin"));
  mkdirSync(join(folder, "bin"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function librariesAt(path: string): string {
  mkdirSync(path, { recursive: true });
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
    writeFileSync(join(path, name), "");
  return path;
}

/** Stands on the PATH as `python3`. */
function python(script: string): void {
  const path = join(folder, "bin", "python3");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

describe("TensorFlow is found", () => {
  test("nowhere", () => {
    expect(locateTensorflow()).toBeUndefined();
  });

  test("in Python, before that in the cache, before that where DLC_TENSORFLOW says", () => {
    python(`echo ${librariesAt(join(folder, "site-packages", "tensorflow"))}`);
    expect(locateTensorflow()!.origin).toBe("the tensorflow of python3");
    librariesAt(installFolder());
    expect(locateTensorflow()!.origin).toBe("the cache of dlc engine install");
    vi.stubEnv("DLC_TENSORFLOW", librariesAt(join(folder, "own")));
    expect(locateTensorflow()).toEqual({
      cc: join(folder, "own", "libtensorflow_cc.so.2"),
      framework: join(folder, "own", "libtensorflow_framework.so.2"),
      origin: "DLC_TENSORFLOW",
    });
  });

  test("half an installation is none", () => {
    librariesAt(installFolder());
    rmSync(join(installFolder(), "libtensorflow_framework.so.2"));
    expect(locateTensorflow()).toBeUndefined();
  });
});

const installed = () => installTensorflow().then(String, (problem: Problem) => problem.message);
const isPip = '[ "$2" = pip ] || exit 1; [ "$3" = --version ] && exit 0;';

describe.skipIf(!pinnedWheel())("TensorFlow is installed", () => {
  test("what is in the cache already is taken", async () => {
    librariesAt(installFolder());
    expect((await installTensorflow()).origin).toBe("the cache of dlc engine install");
  });

  test("a file that is not the pinned one is refused, and nothing stays", async () => {
    python(`${isPip} echo other > "$TMPDIR/${pinnedWheel()!.file}"`);
    expect(await installed()).toMatch(/is not the file that dlc pins: its sha256 is \w{64}, not \w{64}/);
    expect(readdirSync(join(folder, "cache"))).toEqual([]);
  });

  test("without a network", async () => {
    python(`${isPip} echo "WARNING: Retrying: NewConnectionError: Network is unreachable" >&2; exit 1`);
    expect(await installed()).toBe(
      "the Python package index cannot be reached, and TensorFlow is not installed yet",
    );
    expect(readdirSync(join(folder, "cache"))).toEqual([]);
  });

  test("without pip, over HTTP from the index's JSON", async () => {
    const asked: string[] = [];
    const server = createServer(({ url, headers }, response) => {
      asked.push(`${url} ${headers.accept}`);
      if (url !== "/simple/tensorflow-cpu/" && url !== "/simple/tensorflow/") return response.end("other");
      return response.end(JSON.stringify({ files: [{ filename: pinnedWheel()!.file, url: "../../wheel" }] }));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    vi.stubEnv("PIP_INDEX_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`);
    expect(await installed()).toMatch("is not the file that dlc pins");
    expect(asked).toEqual([
      `/simple/${pinnedWheel()!.project}/ application/vnd.pypi.simple.v1+json`,
      "/wheel */*",
    ]);
    server.close();
    server.closeAllConnections();
    vi.stubEnv("PIP_INDEX_URL", "http://127.0.0.1:9/simple");
    expect(await installed()).toBe(
      "there is no pip, and the Python package index cannot be reached, and TensorFlow is not installed yet",
    );
  });

  test("it can be called off", async () => {
    const downloading = join(folder, "downloading");
    python(`${isPip} touch ${downloading}; exec sleep 1000`);
    vi.stubEnv("PATH", `${join(folder, "bin")}:/bin:/usr/bin`);
    const calling = new AbortController();
    const calledOff = expect(installTensorflow({ signal: calling.signal })).rejects.toThrow();
    await vi.waitFor(() => expect(existsSync(downloading)).toBe(true), { timeout: 50_000 });
    calling.abort(new Error("called off"));
    await calledOff;
    expect(readdirSync(join(folder, "cache"))).toEqual([]);
  });
});

test("what pip says, in words", () => {
  const words = (errors: string) => explain(errors).message;
  expect(
    words("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"),
  ).toBe("the disk is full: downloading TensorFlow needs 1.5 GB");
  expect(words("WARNING: x\nERROR: No matching distribution found for tensorflow-cpu==2.21.0\n")).toBe(
    "pip could not download TensorFlow: No matching distribution found for tensorflow-cpu==2.21.0",
  );
});
