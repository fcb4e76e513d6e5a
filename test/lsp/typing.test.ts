/** A file that is typed in, key by key: what is known of it is what would be known of it opened anew. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { type Analysis, analyse } from "../../src/lsp/analysis.ts";
import { inlays } from "../../src/lsp/inlays.ts";
import { createWorkspace } from "../../src/lsp/workspace.ts";
import { keepParsed } from "../../src/modules/keep-parsed.ts";
import { isStandardFile } from "../../src/modules/program.ts";

const root = join(import.meta.dirname, "..", "..");
const path = join(root, "specs", "galaxy-zoo.dl");
/** The standard library is the same all along. */
const anew = keepParsed(({ path }) => isStandardFile(path));
const spec = readFileSync(path, "utf8");

const shown = (analysis: Analysis) => ({
  diagnostics: analysis.diagnostics.map(({ code, message, span, labels, fixes }) => [
    code,
    message,
    [span.file.text === analysis.module.file.source.text, span.start, span.end],
    labels.map(({ span, text }) => [span.start, span.end, text]),
    fixes.map(({ edits }) => edits.map(({ span, text }) => [span.start, span.end, text])),
  ]),
  inlays: inlays(analysis),
  names: analysis.names().map(({ name, defines }) => [name.text, name.span.start, name.span.end, defines]),
});

/** Where, how much is taken away, and what is typed instead. */
const key = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 })),
  typed: fc.constantFrom(
    "",
    "a",
    "5",
    " ",
    "\n",
    "{",
    "}",
    ",",
    "relu\n",
    "// note\n",
    "/// doc\n",
    "let n = 3\n",
    "in",
    "=",
  ),
});

test("key by key", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 12 }), (keys) => {
      let text = spec;
      const host = {
        ...diskHost,
        standardModules: diskHost.standardModules,
        read: (file: string) => (file === path ? text : diskHost.read(file)),
      };
      const workspace = createWorkspace(host);
      workspace.analysis(path);
      for (const { at, cut, typed } of keys) {
        const begin = Math.floor(at * text.length);
        text = text.slice(0, begin) + typed + text.slice(begin + cut);
        workspace.changed(path);
        expect(shown(workspace.analysis(path)), text).toEqual(shown(analyse(path, host, anew)));
        // Most keys are taken back: else nothing is in order for long.
        if (cut > 0) text = spec;
      }
    }),
    { numRuns: 15 },
  );
});
