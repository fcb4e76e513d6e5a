/** What the extension promises in its manifest is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../editors/vscode");
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const source = readFileSync(join(folder, "extension.ts"), "utf8");

test("every command of the manifest is registered, and shown for studies only", () => {
  const commands: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  for (const command of commands) {
    const [, verb] = command.split(".");
    expect(source).toMatch(new RegExp(`"${verb}"|dlc\\.${verb}"`));
  }
  const shown: string[] = manifest.contributes.menus.commandPalette.map(
    ({ command }: { command: string }) => command,
  );
  expect(commands).toEqual(expect.arrayContaining(shown));
});

test("the files of the manifest are there or are made by packing", () => {
  const { languages, grammars } = manifest.contributes;
  const made = readFileSync(join(folder, "pack.mjs"), "utf8");
  for (const path of [languages[0].configuration, grammars[0].path, manifest.main]) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    expect(existsSync(join(folder, path)) || made.includes(`"${name}"`), path).toBe(true);
  }
  expect(languages[0].extensions).toEqual([".dl"]);
});

test("packages are pinned", () => {
  for (const version of Object.values(manifest.devDependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
