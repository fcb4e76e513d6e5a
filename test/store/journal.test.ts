import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { chainLine, genesis, openJournal, readJournal } from "../../src/store/journal.ts";

const folder = mkdtempSync(join(tmpdir(), "dlc-journal-"));

it("chains as the golden vectors of the record format say", () => {
  expect(genesis("run-demo")).toBe("c3b8a0465ff770b072a4ffaf0b283e251809fb87486624057213a0eb66261a7e");
  const lines = [
    { type: "run.open", at: "2026-01-01T00:00:00.000Z", data: { plan: "p0" } },
    { type: "trial.lease", at: "2026-01-01T00:00:01.000Z", data: { trial: "t0", attempt: 1, fence: 1 } },
    {
      type: "metric",
      at: "2026-01-01T00:00:02.000Z",
      data: { trial: "t0", attempt: 1, step: 1, k: "val/acc", v: 0.5 },
    },
  ];
  let prev = genesis("run-demo");
  const hashes = lines.map((line, seq) => {
    prev = chainLine({ seq, prev, ...line }).h;
    return prev;
  });
  expect(hashes).toEqual([
    "36b581c767bf17c10d64d685d801523a0d784822d404ebe2bde23e1179ad0e90",
    "1ecd1ab523dd3366a900388581944613a80433a23701f7071100317a7c67c446",
    "9b56ff10f0106bf38f15139c4d30643fa6d1b98d67acc003d81298992948a1fa",
  ]);
});

function write(name: string): string {
  const path = join(folder, name);
  const journal = openJournal(path, "r/w");
  for (let i = 0; i < 5; i++) journal.append("note", { i });
  journal.close();
  return path;
}

it("reads back what was appended", () => {
  const { lines, torn } = readJournal(write("whole"), "r/w");
  expect(lines.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4].map((i) => ({ i })));
  expect(torn).toBe(false);
});

it("takes an invalid tail for torn, wherever it was cut", () => {
  const bytes = readFileSync(write("to-cut"));
  const starts = [0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) starts.push(i + 1);
  for (let length = 1; length < bytes.length; length += 7) {
    const path = join(folder, `cut-${length}`);
    writeFileSync(path, bytes.subarray(0, length));
    const whole = starts.filter((start) => start > 0 && start <= length).length;
    const { lines, torn } = readJournal(path, "r/w");
    expect([lines.length, torn]).toEqual([whole, !starts.includes(length)]);
  }
});

it("names file and offset where a line amid others is damaged, missing or of another run", () => {
  const path = write("damaged");
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  writeFileSync(path, text.replace('"i":2', '"i":7'));
  const offset = lines.slice(0, 2).join("\n").length + 1;
  expect(() => readJournal(path, "r/w")).toThrow(`damaged at byte ${offset}`);
  writeFileSync(path, [...lines.slice(0, 2), ...lines.slice(3)].join("\n"));
  expect(() => readJournal(path, "r/w")).toThrow("a line is missing, doubled or out of order");
  writeFileSync(path, text);
  expect(() => readJournal(path, "r/other")).toThrow("damaged at byte 0");
});

it("never continues a file that is there", () => {
  const path = write("again");
  expect(() => openJournal(path, "r/w")).toThrow("EEXIST");
  appendFileSync(path, '{"seq":5');
  expect(readJournal(path, "r/w").torn).toBe(true);
});
