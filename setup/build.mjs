// Bundles the command line and the worker into dist/. Native and engine packages stay outside; all else is inlined, which makes
// starting several times faster than resolving hundreds of small files.
import { spawnSync } from "node:child_process";
import { realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Builds into a folder beside `dist` and swaps it in, so that a dlc that runs meanwhile never sees half a build. */
export async function build() {
  const target = join(root, "dist");
  const fresh = `${target}-${process.pid}`;
  const shared = {
    absWorkingDir: root,
    outdir: fresh,
    bundle: true,
    // One script, which can be kept compiled (command.cjs); what a command does not use of it is not evaluated.
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    supported: { "dynamic-import": false },
    platform: "node",
    target: "node20.19",
    // Half the bytes to read at each start; names stay for the log of a mistake of ours.
    minifyWhitespace: true,
    minifySyntax: true,
    define: { "import.meta.url": "__url" },
    banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "warning",
  };
  // The HDF5 library is larger than all else: a file of its own, which is read when a study has such data.
  await bundle({ ...shared, entryPoints: { hdf5: "h5wasm/node" } });
  await bundle({
    ...shared,
    entryPoints: { main: "src/cli/main.ts", worker: "src/run/worker.ts" },
    alias: { "h5wasm/node": "./hdf5.cjs" },
    external: ["koffi", "@tensorflow/*", "esbuild", "./hdf5.cjs"],
  });
  // A first command leaves behind what it has compiled.
  const first = `require("./setup/command.cjs").load(${JSON.stringify(fresh)}).main(["check", "specs/first-study.dl"])`;
  spawnSync(process.execPath, ["-e", first], { cwd: root });
  takeSnapshot(fresh);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

/** Where it cannot be taken, all commands start without one. */
function takeSnapshot(folder) {
  const sh = (script) =>
    spawnSync("sh", ["-c", script], { env: { ...process.env, here: root }, encoding: "utf8" });
  const { stdout: found } = sh("command -v node");
  // A script that picks a node may pick another one next time.
  if (!found || realpathSync(found.trim()) !== realpathSync(process.execPath)) return;
  const script = join(root, "setup", "snapshot.cjs");
  const blob = join(folder, "snapshot");
  const { status } = spawnSync(
    process.execPath,
    ["--snapshot-blob", blob, "--build-snapshot", script, root, folder, "specs/first-study.dl"],
    { cwd: root },
  );
  const { stdout: madeBy } = sh(`. "$here/setup/this-node.sh"`);
  if (status === 0 && madeBy) writeFileSync(join(folder, "snapshot-made-by"), madeBy);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
