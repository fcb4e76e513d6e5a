// Generates TypeScript types from the JSON Schemas in grammar/schemas/. A test checks that they are fresh.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schemas = join(root, "grammar", "schemas");
const target = join(root, "src", "store", "generated");

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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const old of readdirSync(target)) rmSync(join(target, old));
  for (const [name, text] of await generate()) writeFileSync(join(target, name), text);
}
