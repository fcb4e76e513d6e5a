// What must be in a packed extension, and what is.
import { createRequire } from "node:module";
import { posix } from "node:path";
import yauzl from "yauzl";

/** Names in the archive that the manifest promises; a .vsix is a zip with the extension in `extension/`. */
export function promised({ main, contributes: { languages, grammars } }) {
  const files = [
    "package.json",
    "readme.md",
    main,
    ...languages.map(({ configuration }) => configuration),
    ...grammars.map(({ path }) => path),
  ];
  return [
    "[Content_Types].xml",
    "extension.vsixmanifest",
    ...files.map((file) => posix.join("extension", file)),
  ];
}

/** What is lacking and what is too much, each a sentence; empty for an archive that is in order. */
export function contentProblems(names, manifest) {
  const wanted = promised(manifest);
  return [
    ...wanted.filter((name) => !names.includes(name)).map((name) => `${name} is not in it`),
    ...names.filter((name) => !wanted.includes(name)).map((name) => `${name} has no business in it`),
  ];
}

/** Names of the files in an archive. */
export function namesIn(path) {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: false }, (error, zip) => {
      if (error) return reject(error);
      const names = [];
      zip.on("entry", ({ fileName }) => names.push(fileName));
      zip.on("error", reject);
      zip.on("end", () => resolve(names));
    });
  });
}

/** What the bundle gives the editor, which calls `activate`; its interface `vscode`, which only the editor has, is stood in for. */
export function exportsOf(code) {
  const anything = new Proxy(class {}, { get: (target, name) => (name in target ? target[name] : anything) });
  const plain = createRequire(import.meta.url);
  const module = { exports: {} };
  const load = new Function("require", "module", "exports", code);
  load((name) => (name === "vscode" ? anything : plain(name)), module, module.exports);
  return module.exports;
}
