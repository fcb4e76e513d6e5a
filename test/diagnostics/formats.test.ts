/** The one diagnostic object in the forms that other programs read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import schema from "../../grammar/diagnostics.schema.json" with { type: "json" };
import { diagnosticsToGithub } from "../../src/diagnostics/to-github.ts";
import { diagnosticsToJson, type JsonDiagnostic } from "../../src/diagnostics/to-json.ts";
import { diagnosticsToSarif } from "../../src/diagnostics/to-sarif.ts";
import { planText, study } from "../study/files.ts";
import { sarif } from "./sarif.ts";

const mistaken = study()
  .replace("adam(lr: 0.01)", "adam(learning_rate: 0.01)")
  .replace("prepare image { standardize }", "prepare image {\n    flatten\n    resize(16 px)\n  }");

const { diagnostics } = planText(mistaken, { path: "my studies/50%, a:b.dl" });

/** A warning with another place. */
const straddling = planText(
  study().replace("keep snr", "group snr").replaceAll("stratified(by: label, ", "random("),
).diagnostics;

test("what is looked at: a fix, a label, a hint", () => {
  expect(diagnostics.map(({ code }) => code).sort()).toEqual(["DL2004", "DL4008"]);
  expect(straddling.map(({ code, labels }) => [code, labels.length])).toEqual([["DL6002", 1]]);
});

test("JSON is as its published schema says", () => {
  const validate = new Ajv({ allErrors: true }).compile(schema);
  expect(validate(diagnosticsToJson(diagnostics)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ diagnostics: [{ code: "DL2004" }] })).toBe(false);
});

test("the page for programs shows what dlc says", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/programs.md"), "utf8");
  const shown = JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(page)![1]!);
  const [{ file: _, ...said }] = diagnosticsToJson(diagnostics).diagnostics.filter(
    ({ code }) => code === "DL2004",
  ) as [JsonDiagnostic];
  const elsewhere = ({ line: _, ...place }: { line: number }) => ({ ...place, file: "vgg.dl", endLine: 31 });
  const moved = {
    ...elsewhere(said),
    line: 31,
    fixes: said.fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => ({ ...elsewhere(edit), line: 31 })),
    })),
  };
  expect(shown).toEqual({ diagnostics: [moved] });
});

test("SARIF has what the standard asks for, and nothing that it does not know", () => {
  const validate = new Ajv({ allErrors: true }).compile(sarif);
  const all = [...diagnostics, ...planText("edition 2026\n").diagnostics, ...straddling];
  expect(validate(diagnosticsToSarif(all, "1.2.3")), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(diagnosticsToSarif([], "1.2.3"))).toBe(true);
  expect(validate({ version: "2.1.0" })).toBe(false);
});

test("SARIF names file, place, rule and fix", () => {
  const at = diagnostics.findIndex(({ code }) => code === "DL2004");
  const { runs, version } = diagnosticsToSarif(diagnostics, "1.2.3") as {
    version: string;
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
  };
  const [run] = runs;
  expect(version).toBe("2.1.0");
  expect(run!.results).toHaveLength(diagnostics.length);
  for (const { ruleId, ruleIndex } of run!.results)
    expect(run!.tool.driver.rules[ruleIndex as number]!.id).toBe(ruleId);
  const uri = "my%20studies/50%25,%20a:b.dl";
  expect(run!.results[at]).toEqual({
    ruleId: "DL2004",
    ruleIndex: expect.any(Number),
    level: "error",
    message: {
      text: "there is no parameter `learning_rate` in `adam`\nit is called `lr` here\nfix: write `lr`",
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          region: { startLine: 28, startColumn: 20, endLine: 28, endColumn: 33 },
        },
      },
    ],
    fixes: [
      {
        description: { text: "write `lr`" },
        artifactChanges: [
          {
            artifactLocation: { uri },
            replacements: [
              {
                deletedRegion: { startLine: 28, startColumn: 20, endLine: 28, endColumn: 33 },
                insertedContent: { text: "lr" },
              },
            ],
          },
        ],
      },
    ],
  });
});

test("GitHub's lines hold no sign that GitHub would take for its own", () => {
  const lines = diagnosticsToGithub(diagnostics).trimEnd().split("\n");
  expect(lines).toHaveLength(diagnostics.length);
  expect(lines.find((line) => line.includes("DL2004"))).toBe(
    "::error file=my studies/50%25%2C a%3Ab.dl,line=28,col=20,endColumn=33,title=DL2004 unknown-parameter::" +
      "there is no parameter `learning_rate` in `adam`%0Ait is called `lr` here%0Afix: write `lr`%0Adlc explain DL2004",
  );
});
