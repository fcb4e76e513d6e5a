// Runs a benchmark: `npm run bench step`. Bundled first: this Node does not read TypeScript.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

createRequire(import.meta.url)("./prepare.cjs").prepare("all");
const { build } = await import("esbuild");
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...rest] = process.argv.slice(2);
const source = join(root, "bench", `${name}.ts`);
if (!name || !existsSync(source)) {
  console.error("npm run bench NAME: step, study, check, keystroke (see bench/README.md)");
  process.exit(2);
}
const folder = join(root, "dist", "bench");
mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [source],
  outfile: join(folder, `${name}.js`),
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  logLevel: "warning",
});
process.exit(
  spawnSync(process.execPath, [join(folder, `${name}.js`), ...rest], { cwd: root, stdio: "inherit" })
    .status ?? 1,
);
