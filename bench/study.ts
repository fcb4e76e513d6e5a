/**
 * Wall time of `specs/first-study.dl` against the same study as a plain Keras script: whole processes from a cold start, in turns.
 * The peer is handed the simulated, split and prepared rows; dlc makes them itself, with nothing cached.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { diskHost } from "../src/cli/host.ts";
import { loadDataset } from "../src/data/load.ts";
import { createReporter } from "../src/diagnostics/diagnostic.ts";
import { cacheFolder } from "../src/engine/cache.ts";
import { openEngine } from "../src/engine/open.ts";
import { planStudy } from "../src/study/plan-study.ts";
import type { TypedArray } from "../src/types/tensor.ts";
import { peerPython } from "./peer/environment.ts";

const spec = "specs/first-study.dl";
const rounds = Number(process.argv[2] ?? 3);
const folder = mkdtempSync(join(tmpdir(), "dlc-bench-"));

/** The bytes of a .npy file, version 1.0. */
function npy(data: TypedArray, dtype: string, shape: readonly number[]): Buffer {
  const written = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${written}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11);
  const start = Buffer.from(`\x93NUMPY\x01\x00\0\0${padded}\n`, "latin1");
  start.writeUInt16LE(padded.length + 1, 8);
  return Buffer.concat([start, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

async function writeRows(): Promise<string> {
  const reporter = createReporter();
  const study = planStudy(spec, { host: diskHost, reporter });
  if (!study) throw new Error(reporter.diagnostics.map(({ message }) => message).join("\n"));
  const { fields, rows, count } = await loadDataset(study.plan.trials[0]!.data, { cache: cacheFolder() });
  const { image, label } = fields;
  const files = {
    images: npy(image!.data, "<f4", [count, ...image!.shape]),
    labels: npy(label!.data, "<i4", [count]),
    ...Object.fromEntries(
      Object.entries(rows).map(([name, each]) => [name, npy(each, "<i4", [each.length])]),
    ),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, `${name}.npy`), bytes);
  const path = join(folder, "rows.npz");
  const names = Object.keys(files).map((name) => join(folder, `${name}.npy`));
  const packed = spawnSync("python3", ["-m", "zipfile", "-c", path, ...names], { stdio: "inherit" });
  if (packed.status !== 0) throw new Error("the rows could not be packed for the peer");
  return path;
}

/** Seconds of a whole process. */
function time(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): number {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2", ...environment },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stderr}`);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${command === "./dlc" ? "dlc" : "keras"} ${seconds.toFixed(1)} s\n${stdout.trimEnd().split("\n").slice(-14).join("\n")}\n`,
  );
  return seconds;
}

const python = peerPython();
const rows = await writeRows();
const engine = dirname((await openEngine("tensorflow")).info.library!);
const ratios: number[] = [];
for (let i = 0; i < rounds; i++) {
  const runs = join(folder, `runs-${i}`);
  const ours = time("./dlc", ["run", spec, "--runs", runs], {
    DLC_CACHE: join(folder, `cache-${i}`),
    DLC_TENSORFLOW: engine,
  });
  const theirs = time(python, ["bench/peer/study.py", rows], { KERAS_BACKEND: "tensorflow" });
  ratios.push(ours / theirs);
}
rmSync(folder, { recursive: true, force: true });
ratios.sort((a, b) => a - b);
console.log(
  `ratio ${ratios[ratios.length >> 1]!.toFixed(3)} (${ratios.map((each) => each.toFixed(3)).join(", ")})`,
);
