import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalJson, jsonBytes } from "../../src/store/canonical.ts";
import { layout } from "../../src/store/layout.ts";
import { endLease, isStale, leasesOf, stillHolds, takeLease } from "../../src/store/leases.ts";
import { getObject, putObject } from "../../src/store/objects.ts";
import { probeRunsFolder } from "../../src/store/probe.ts";
import { publish } from "../../src/store/publish.ts";
import { parseRecord } from "../../src/store/schemas.ts";
import { beat, closeWriter, lifeOf, openWriter, type Writer } from "../../src/store/writer.ts";
import { bundle } from "../bundle.ts";

const folder = () => mkdtempSync(join(tmpdir(), "dlc-store-"));
const key = "ab".repeat(32);
const take = (writer: Writer, committed = () => false, abandoned = () => false) =>
  takeLease(writer, key, "run", (fence) => `run/attempts/${fence}-${writer.id}`, committed, abandoned);

describe("canonical JSON", () => {
  it("sorts keys, leaves out what is undefined, writes what JSON lacks as strings", () => {
    expect(canonicalJson({ b: [1e21, -0, 0.1], a: undefined, A: Number.NaN, "€": -1 / 0 })).toBe(
      '{"A":"NaN","b":[1e+21,0,0.1],"€":"-Infinity"}',
    );
  });
});

describe("publish", () => {
  it("says ours for equal bytes, however often, and never replaces others", () => {
    const runs = folder();
    const [a, b] = [openWriter(runs), openWriter(runs)];
    const target = join(runs, "trials", "ab", "slot");
    expect(publish(a, "one", target)).toBe("ours");
    expect(publish(b, "one", target)).toBe("ours");
    expect(publish(b, "two", target)).toBe("theirs");
    expect(readFileSync(target, "utf8")).toBe("one");
    expect(readdirSync(layout.tmp(runs, b.id))).toEqual(["reserve"]);
    closeWriter(a);
    closeWriter(b);
    expect(readdirSync(join(runs, "alive"))).toEqual([]);
    expect(readdirSync(join(runs, "tmp"))).toEqual([]);
  });
});

describe("objects", () => {
  it("are known by their bytes; a damaged or missing one is named", () => {
    const runs = folder();
    const writer = openWriter(runs);
    const digest = putObject(writer, Buffer.from("abc"));
    // FIPS 180-2, B.1
    expect(digest).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(putObject(writer, Buffer.from("abc"))).toBe(digest);
    expect(getObject(runs, digest).toString()).toBe("abc");
    const path = layout.object(runs, digest);
    chmodSync(path, 0o644);
    writeFileSync(path, "abd");
    expect(() => getObject(runs, digest)).toThrow(`${path} is damaged`);
    expect(() => putObject(writer, Buffer.from("abc"))).toThrow(`${path} is damaged`);
    expect(() => getObject(runs, "0".repeat(64))).toThrow("is missing");
  });
});

describe("leases", () => {
  it("belong to one at a time; fences count up; an ended one may be taken", () => {
    const runs = folder();
    const [a, b] = [openWriter(runs), openWriter(runs)];
    expect(take(a)).toMatchObject({ state: "taken", fence: 1 });
    expect(take(b)).toMatchObject({ state: "held", by: { w: a.id, fence: 1 } });
    endLease(a, key, 1);
    expect(take(b)).toMatchObject({ state: "taken", fence: 2 });
    expect(leasesOf(runs, key).map(({ w, ended }) => [w, ended])).toEqual([
      [a.id, true],
      [b.id, false],
    ]);
  });

  it("look at the slot again once they stand", () => {
    const writer = openWriter(folder());
    let asked = 0;
    expect(take(writer, () => ++asked === 2)).toEqual({ state: "committed" });
    expect(leasesOf(writer.runs, key)).toMatchObject([{ ended: true }]);
  });

  it("tell a holder that it was robbed", () => {
    const runs = folder();
    const [a, b] = [openWriter(runs), openWriter(runs)];
    take(a);
    expect(stillHolds(a, key, 1)).toBe(true);
    expect(take(b, undefined, () => true)).toMatchObject({ state: "taken", fence: 2 });
    expect(stillHolds(a, key, 1)).toBe(false);
    expect(stillHolds(b, key, 2)).toBe(true);
  });

  it("are stale after a minute without a heartbeat of a machine that cannot be asked, not before", () => {
    const runs = folder();
    const writer = openWriter(runs);
    const seen = new Map();
    const far = { ...writer.process, boot: "another", w: writer.id, run: "run", attempt: "a" };
    expect(lifeOf(far)).toBe("unknown");
    const stale = (now: number) => isStale(runs, far, seen, now);
    expect([stale(0), stale(59_999)]).toEqual([false, false]);
    beat(writer, { key, fence: 1, step: 3 });
    expect([stale(60_000), stale(119_999), stale(120_000)]).toEqual([false, false, true]);
  });

  it("know the living, the dead, and a pid that was given again", () => {
    const writer = openWriter(folder());
    expect(lifeOf(writer.process)).toBe("alive");
    expect(lifeOf({ ...writer.process, start: "1" })).toBe("dead");
    expect(lifeOf({ ...writer.process, pid: 2 ** 22 + 1 })).toBe("dead");
    expect(lifeOf({ ...writer.process, pidns: "pid:[1]" })).toBe("unknown");
  });
});

describe("processes at once", async () => {
  const race = await bundle("test/store/race.ts");
  const keys = Array.from({ length: 12 }, (_, i) => i.toString(16).repeat(64));
  const start = (runs: string, mode: string, ...given: string[]) =>
    new Promise<{ lines: string[][]; signal: string | null }>((settle) => {
      const child = spawn(process.execPath, [race, runs, mode, ...given]);
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
      });
      child.stderr.pipe(process.stderr);
      child.on("close", (_, signal) =>
        settle({
          signal,
          lines: text
            .trim()
            .split("\n")
            .map((line) => line.split(" ")),
        }),
      );
    });

  it("eight that commit to the same slots: one wins each, and its bytes stand", async () => {
    const runs = folder();
    const ended = await Promise.all(keys.slice(0, 8).map(() => start(runs, "publish", ...keys)));
    for (const key of keys) {
      const winners = ended.flatMap(({ lines }) => lines.filter(([k, w]) => k === key && w !== "-"));
      expect(winners).toHaveLength(1);
      const body = JSON.parse(readFileSync(layout.slot(runs, key, "e".repeat(64)), "utf8"));
      expect(body).toEqual({ by: winners[0]![1] });
    }
  });

  it("a lease of a process that was killed is taken up by another, once", async () => {
    const runs = folder();
    const dead = await start(runs, "die", keys[0]!);
    expect([dead.signal, dead.lines]).toEqual(["SIGKILL", [[keys[0], "taken"]]]);
    const ended = await Promise.all(keys.slice(0, 4).map(() => start(runs, "work", keys[0]!)));
    const states = ended.map(({ lines }) => lines[0]![1]);
    expect(states.filter((state) => state === "taken")).toHaveLength(1);
    expect(leasesOf(runs, keys[0]!)[1]).toMatchObject({ fence: 2, ended: true });
  });
});

describe("a runs folder", () => {
  it("that is a file is refused with a way out", () => {
    const path = join(folder(), "file");
    writeFileSync(path, "");
    expect(() => probeRunsFolder(path)).toThrow(`${path} is a file, not a folder`);
  });

  it.skipIf(process.getuid?.() === 0)("that cannot be written is refused", () => {
    const runs = folder();
    chmodSync(runs, 0o555);
    expect(() => probeRunsFolder(runs)).toThrow(`cannot write to ${runs}`);
  });
});

describe("records that are read back", () => {
  const lease = { boot: null, pidns: null, pid: 1, start: null, w: "0".repeat(16), run: "r", attempt: "a" };
  const read = (value: unknown) => parseRecord("lease", jsonBytes(value), "runs/x");
  it("name file, place and what is wrong", () => {
    expect(read(lease)).toEqual(lease);
    expect(() => read({ ...lease, pid: "1" })).toThrow(
      "runs/x: does not hold a valid lease record: pid must be integer",
    );
    expect(() => read({ ...lease, run: undefined })).toThrow("must have required property 'run'");
    expect(() => read({ ...lease, extra: 1 })).toThrow("must NOT have additional properties");
    expect(() => parseRecord("lease", "{", "runs/x")).toThrow("runs/x: is not JSON");
    expect(() => parseRecord("env", '{"format":"dlc.env/2"}', "runs/r/env.json")).toThrow(
      "was written in the form dlc.env/2; this dlc reads dlc.env/1",
    );
  });
});
