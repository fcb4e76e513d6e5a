/** What is found when data are read is told at the line of the study that it concerns. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PlacedProblem } from "../../src/diagnostics/problem.ts";
import { checkBatches } from "../../src/run/check-batches.ts";
import { checkMetrics } from "../../src/run/check-metrics.ts";
import { loadDatasets } from "../../src/run/datasets.ts";
import { positionAt } from "../../src/text/source.ts";
import { planFile } from "../study/files.ts";

const folder = mkdtempSync(join(tmpdir(), "dlc-places-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = ["0.5,0.25,a,3,2", "0.25,0.5,b,1,1", "1,0.75,c,4,300", "0.75,0,a,1,0"];
writeFileSync(join(folder, "stars.csv"), ["u,g,kind,n,big", ...rows].join("\n"));
writeFileSync(join(folder, "holes.csv"), ["u,g,kind,n,big", "0.5,,a,3,2", ...rows].join("\n"));
writeFileSync(join(folder, "ragged.csv"), "u,g\n1,2,3\n");

const right = {
  source: 'csv("stars.csv")',
  colours: "f32[2] = [source.u, source.g]",
  kind: "class[3] = source.kind",
  more: "keep n : f32 = source.n",
  split: "random(train: 50%, valid: 25%, test: 25%, seed: 7)",
  batch: "2",
  recipe: "",
  report: "test.accuracy",
};

const study = (changes: Partial<typeof right>): string => {
  const { source, colours, kind, more, split, batch, recipe, report } = { ...right, ...changes };
  return `edition 2026

data stars {
  source = ${source}
  input colours : ${colours}
  target kind : ${kind}
  ${more}
  split = ${split}
}

metric share(y: f32[N, K], t: class[K]) { mean(where(t == bb, 1, 0)) }
loss weighed(y: f32[N, K], t: class[K]) { cross_entropy(y, t) * where(t != bb, 3, 1) }

experiment question {
  data = stars
  model = std.tabular.mlp(widths: [8])
  recipe = std.recipes.quick with { batch = ${batch} ${recipe} }
  report ${report}
}
`;
};

/** The diagnostic with the text that it points at. */
async function found(changes: Partial<typeof right>, set: readonly string[] = []): Promise<string> {
  const path = join(folder, "study.dl");
  writeFileSync(path, study(changes));
  const { plan, told } = planFile(path, { set });
  expect(plan, told).toBeDefined();
  const options = { cacheFolder: join(folder, "cache"), onEvent() {}, signal: new AbortController().signal };
  try {
    const datasets = await loadDatasets(plan!, options);
    checkMetrics(plan!, datasets!.of);
    checkBatches(plan!, datasets!.of);
  } catch (error) {
    if (!(error instanceof PlacedProblem)) throw error;
    const { code, message, span, labels } = error.diagnostic;
    const { line } = positionAt(span.file, span.start);
    const at = `${code} ${line} \`${span.file.text.slice(span.start, span.end)}\`: ${message}`;
    const others = labels.map((label) => `, ${positionAt(label.span.file, label.span.start).line}`);
    return `${at}${others.join("")}`.replaceAll(folder, "");
  }
  return "read";
}

test("data that are as they are declared", async () => {
  expect(await found({})).toBe("read");
});

test.each([
  [
    { kind: "class[4] = source.kind" },
    "DL4019 6 `class[4]`: stars.kind is declared class[4], but the source has 3 classes: a, b, c",
  ],
  [
    { colours: "f32[2] = [source.u, source.gg]" },
    "DL4019 5 `[source.u, source.gg]`: the source of stars has no column `gg`",
  ],
  [
    { colours: "f32[2] = [source.u, source.kind]" },
    "DL4019 5 `[source.u, source.kind]`: stars.colours lists numbers, but the column `kind` holds names: a, b, c",
  ],
  [
    { more: "keep big : u8 = source.big" },
    "DL4019 7 `u8`: stars.big is declared u8, but it is 300 in line 4 of /stars.csv",
  ],
  [
    { more: "keep n : f32 = source.n - source.kind" },
    "DL4019 7 `source.n - source.kind`: `-` needs numbers, and `kind` holds names: a, b, c",
  ],
  [
    { more: 'keep n : f32 = source.n where source.kind == "z"' },
    'DL4019 7 `source.kind == "z"`: no row is called "z" in `kind`',
  ],
  [
    { more: "keep n : f32 = source.n where source.n > 9" },
    "DL4019 7 `source.n > 9`: no row of stars meets its `where` (of 4)",
  ],
  [
    { more: "keep n : f32 = source.n where source.m > 9" },
    "DL4019 7 `source.m > 9`: the source of stars has no column `m`",
  ],
  [{ more: "weight n : f32 = source.n - 2" }, "DL4019 7 `source.n - 2`: stars.n weighs row 2 with -1"],
  [
    { source: 'csv("holes.csv")' },
    "DL4019 5 `[source.u, source.g]`: there is no value of `g` in line 2 of /holes.csv",
  ],
  [
    { split: "given(valid: 25%, seed: 7)" },
    "DL4013 8 `given(valid: 25%, seed: 7)`: `split = given(...)` needs a source that brings a train and a test part, and this one does not",
  ],
  [
    { batch: "3" },
    "DL5030 8 `random(train: 50%, valid: 25%, test: 25%, seed: 7)`: a batch takes 3 rows, but `stars` trains on 2",
  ],
  [{ report: "test.accuracy, test.recall(of: bb)" }, "DL4022 18 `bb`: there is no class `bb` of `kind`"],
  [
    { recipe: "; keep = best(valid.recall(of: bb))", report: "test.recall(of: bb)" },
    "DL4022 17 `bb`: there is no class `bb` of `kind`, 18",
  ],
  [
    { recipe: '; stop = early(valid.f1(of: "bb"), patience: 2 epochs)' },
    'DL4022 17 `"bb"`: there is no class `bb` of `kind`',
  ],
  [
    { recipe: "; schedule = plateau(valid.precision(of: bb))" },
    "DL4022 17 `bb`: there is no class `bb` of `kind`",
  ],
  [{ report: "test.share" }, "DL4022 11 `bb`: there is no class `bb` of `kind`"],
  [{ recipe: "; loss = weighed" }, "DL4022 12 `bb`: there is no class `bb` of `kind`"],
  [
    { recipe: "; loss = cross_entropy(weight: balanced)" },
    "DL4019 17 `cross_entropy(weight: balanced)`: the train split of stars has no row of kind `b`, so `weight: balanced` cannot weigh it",
  ],
  [{ source: 'csv("none.csv")' }, 'DL4020 4 `"none.csv"`: the file of stars is not there: /none.csv'],
  [
    { source: 'csv("ragged.csv")' },
    'DL4020 4 `"ragged.csv"`: this is not a table: /ragged.csv, line 2 (it has 3 cells, and the first line has another number)',
  ],
])("%j", async (changes, told) => {
  expect(await found(changes)).toBe(told);
});

test("a path that `--set` gives is told there", async () => {
  expect(await found({}, [`stars.source.path=${join(folder, "none.csv")}`])).toBe(
    "DL4020 1 `/none.csv`: the file of stars is not there: /none.csv",
  );
});
