// Bundles the command line and the worker into dist/. Native and engine packages stay outside; all else is inlined, which makes
// starting several times faster than resolving hundreds of small files.
import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Builds into a folder beside `dist` and swaps it in, so that a dlc that runs meanwhile never sees half a build. */
export async function build() {
  const target = join(root, "dist");
  const fresh = `${target}-${process.pid}`;
  await bundle({
    absWorkingDir: root,
    entryPoints: { main: "src/cli/main.ts", worker: "src/run/worker.ts" },
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Half the bytes to read at each start; names stay for the log of a mistake of ours.
    minifyWhitespace: true,
    minifySyntax: true,
    external: ["koffi", "@tensorflow/*", "esbuild"],
    // Packages in CommonJS ask for `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
