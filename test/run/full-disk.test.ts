/** A file system of 8 MiB that is really full. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { readAttemptEnd } from "../../src/store/attempts.ts";
import { DiskFull } from "../../src/store/disk.ts";
import { openJournal, readJournal } from "../../src/store/journal.ts";
import { leasesOf } from "../../src/store/leases.ts";
import { listRuns } from "../../src/store/list.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { heldWorker, hold } from "./hold.ts";
import { keysOf, resultsOf, runTiny, temporaryFolder, tinyData, tinyPlan } from "./tiny-study.ts";

const mounted: string[] = [];

function smallDisk(folder: string): string | undefined {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], { stdio: "pipe" });
  } catch {
    return undefined;
  }
  mounted.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of mounted) execFileSync("umount", ["--lazy", folder]);
});

const disk = smallDisk(join(temporaryFolder(), "runs"));
if (!disk) console.log("skipped: full disks (mounting a file system takes root)");
const engine = await tensorflowForTests();
const worker = engine ? await heldWorker() : "";

/** Fills the disk but for `leave` bytes. */
function fill(folder: string, leave = 0): void {
  const file = openSync(join(folder, "filler"), "w");
  const page = Buffer.alloc(4096, 1);
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(folder);
      if (leave > 0 && bavail * bsize <= leave) break;
      writeSync(file, page);
    }
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
  } finally {
    closeSync(file);
  }
}

const free = (folder: string) => rmSync(join(folder, "filler"));
const notes = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "note" ? [event.text] : []));

describe.skipIf(!disk)("a journal on a full disk", () => {
  it("ends its file for ever and goes on in another one", () => {
    const folder = join(disk!, "journal");
    const journal = openJournal(join(folder, "w.ndjson"), "run/w");
    const note = (i: number) => journal.append("note", { i, text: "x".repeat(3000) }, true);
    note(0);
    fill(disk!);
    for (let i = 1; i < 5; i++) note(i);
    free(disk!);
    note(5);
    journal.close();
    expect(readdirSync(folder).length).toBeGreaterThan(1);
    const names = readdirSync(folder).map((name) => name.replace(".ndjson", ""));
    const read = names.sort().map((name) => readJournal(join(folder, `${name}.ndjson`), `run/${name}`));
    expect(names[0]).toBe("w");
    const written = read.flatMap(({ lines }) => lines.map(({ data }) => (data as { i: number }).i));
    expect([written[0], written.at(-1)]).toEqual([0, 5]);
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(!disk || !engine)("a study on a disk that gets full", { timeout: 180_000 }, () => {
  const planIn = (folder: string) => tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 30 } });
  const folder = join(disk!, "..");

  it("stops, says which disk and how much it takes, ends its leases; with room it goes on to the same results", async () => {
    let isFull = false;
    const { release } = hold("epoch 8");
    const { end, events } = await runTiny(planIn(folder), folder, worker, {
      onEvent(event) {
        if (event.type !== "trial.progress" || event.progress.epoch < 8 || isFull) return;
        isFull = true;
        fill(disk!);
        release();
      },
    });
    expect(end).toBe("interrupted");
    expect(notes(events)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^the disk at ${disk} \\(it holds ${disk}; .* are free\\) is full. Free about \\d+ KiB there and run`,
        ),
      ),
    ]);
    const [listed] = listRuns(disk!);
    expect(listed!.state).toBe("interrupted");
    const leases = keysOf(disk!, listed!.run).flatMap((key) => leasesOf(disk!, key));
    expect(leases.length).toBeGreaterThan(0);
    for (const { ended, attempt } of leases) {
      expect(ended).toBe(true);
      expect(readAttemptEnd(join(disk!, attempt))!.state).toMatch(/interrupted|done/);
    }
    free(disk!);
    const again = await runTiny(planIn(folder), folder, worker);
    expect(again.end).toBe("finished");
    expect(again.events.some((event) => event.type === "trial.start" && event.fromStep > 0)).toBe(true);
    const elsewhere = temporaryFolder();
    await runTiny(planIn(elsewhere), elsewhere, worker);
    expect(resultsOf(folder)).toEqual(resultsOf(elsewhere));
  });

  it("that is full from the start takes no trial", async () => {
    rmSync(join(disk!, "trials"), { recursive: true });
    rmSync(join(disk!, "plans"), { recursive: true });
    // Room for the orchestrator, not for a worker's reserve.
    fill(disk!, 3 << 19);
    const { end, events } = await runTiny(planIn(folder), folder, worker);
    expect(end).toBe("interrupted");
    expect(notes(events)).toEqual([expect.stringContaining(`the disk at ${disk}`)]);
    expect(events.some(({ type }) => type === "trial.start")).toBe(false);
    free(disk!);
    fill(disk!);
    await expect(runTiny(planIn(folder), folder, worker)).rejects.toThrow(DiskFull);
    free(disk!);
  });
});
