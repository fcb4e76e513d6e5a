// Bundles and packs the extension: `npm run pack` here makes dist/dlc-VERSION.vsix, for `code --install-extension`.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const dist = join(here, "dist");

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: here, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const grammar = join(root, "grammar", "dlc.tmLanguage.json");
if (!existsSync(grammar)) {
  console.error(`${grammar} is missing: \`node setup/generate.mjs\` writes it`);
  process.exit(1);
}
createRequire(import.meta.url)(join(root, "setup", "prepare.cjs")).prepare("all");
// No script of a package is run: one of them would fetch a binary for signing, which packing does not need.
if (!existsSync(join(here, "node_modules", "@vscode", "vsce")))
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "--project", here]);
const { build } = await import("esbuild");
await build({
  entryPoints: [join(here, "extension.ts")],
  outfile: join(dist, "extension.js"),
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  minify: true,
  logLevel: "warning",
});
copyFileSync(grammar, join(dist, "dlc.tmLanguage.json"));
const manifest = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const vsce = join(here, "node_modules", "@vscode", "vsce", "vsce");
const target = join("dist", `${manifest.name}-${manifest.version}.vsix`);
const options = ["--no-dependencies", "--allow-missing-repository", "--skip-license"];
run(process.execPath, [vsce, "package", "--out", target, ...options]);

const { contentProblems, exportsOf, namesIn } = await import("./contents.mjs");
const problems = contentProblems(await namesIn(join(here, target)), manifest);
if (typeof exportsOf(readFileSync(join(dist, "extension.js"), "utf8")).activate !== "function")
  problems.push("extension/dist/extension.js has no activate()");
for (const problem of problems) console.error(`${target}: ${problem}`);
if (problems.length > 0) process.exit(1);
