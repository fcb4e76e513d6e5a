// Generates TypeScript types from the JSON Schemas in grammar/schemas/, the pages of operators, and what is written from the parser
// (grammar/, docs/language/grammar.html). Tests check that they are fresh.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "json-schema-to-typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schemas = join(root, "grammar", "schemas");
const target = join(root, "src", "store", "generated");
const operators = join(root, "docs", "operators");

/** File name to its text. */
export async function generate() {
  const files = new Map();
  for (const name of readdirSync(schemas).sort()) {
    const schema = JSON.parse(readFileSync(join(schemas, name), "utf8"));
    const banner = `/* Generated from grammar/schemas/${name} by setup/generate.mjs. */`;
    files.set(
      name.replace(/\.json$/, ".ts"),
      await compile(schema, schema.title, { bannerComment: banner, additionalProperties: false }),
    );
  }
  return files;
}

/** A module of this folder that is TypeScript, which Node does not read as it is. */
async function load(name) {
  const entryPoints = [join(root, "setup", name)];
  const bundled = await build({ entryPoints, bundle: true, write: false, format: "esm", platform: "node" });
  const code = Buffer.from(bundled.outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

/** Replaces what is in the folder. */
function writeAll(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) rmSync(join(folder, old));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeAll(target, await generate());
  writeAll(operators, (await load("operators.ts")).operatorPages());
  for (const [path, text] of (await load("grammar.ts")).grammarFiles()) writeFileSync(join(root, path), text);
}
