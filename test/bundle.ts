/** TypeScript as a file that a process of its own can run. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** `entry` is relative to the repository's root; returns the path of the bundle. */
export async function bundle(entry: string): Promise<string> {
  const name = entry.replace(/\W+/g, "-");
  const file = join(root, "node_modules", ".cache", "dlc-test", `${name}-${process.pid}.js`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["koffi", "@tensorflow/*", "esbuild"],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  return file;
}
