import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  type Attempt,
  endAttempt,
  findCheckpoint,
  openAttempt,
  saveCheckpoint,
  startAttempt,
} from "../../src/store/attempts.ts";
import { sha256 } from "../../src/store/canonical.ts";
import { endLease, takeLease } from "../../src/store/leases.ts";
import { openWriter } from "../../src/store/writer.ts";
import type { Checkpoint } from "../../src/train/outcome.ts";
import { writeTensors } from "../../src/train/serialize.ts";

const key = "ab".repeat(32);
const exec = "cd".repeat(32);

function attemptIn(runs: string): Attempt {
  const writer = openWriter(runs);
  const path = (fence: number) => `run/trials/0001-abababab/attempts/abababab-${fence}-${writer.id}`;
  const taken = takeLease(
    writer,
    key,
    "run",
    path,
    () => false,
    () => false,
  );
  if (taken.state !== "taken") throw new Error(taken.state);
  return openAttempt(writer, "run", taken.attempt, {
    trialKey: key,
    slotKey: key,
    ordinal: 1,
    fence: taken.fence,
  });
}

function at(step: number, weight = step): Checkpoint {
  const tensor = (value: number) => ({ dtype: "f32", shape: [2], data: Float32Array.of(value, -0) }) as const;
  return {
    step,
    seconds: 1,
    variables: { w: tensor(weight) },
    epochs: [{ epoch: 1, step, lr: 0.1, metrics: { "train.loss": Number.NaN } }],
    lossSum: 0.1,
    lossSteps: 3,
    best: { value: 0.5, epoch: 1, weights: { w: tensor(7) } },
  };
}

function leave(attempt: Attempt): void {
  endAttempt(attempt, { state: "interrupted", step: 0, seconds: 0 });
  endLease(attempt.writer, key, attempt.fence);
}

it("goes on from the newest checkpoint that verifies; a damaged one is named; the two newest are kept", () => {
  const runs = mkdtempSync(join(tmpdir(), "dlc-attempts-"));
  const first = attemptIn(runs);
  startAttempt(first, exec, null);
  for (const step of [5, 10, 15]) saveCheckpoint(first, at(step));
  leave(first);
  const place = join(first.folder, "checkpoints");
  const names = readdirSync(place).sort();
  expect(names.map((name) => name.split(".")[0])).toEqual(["10", "15"]);

  const second = attemptIn(runs);
  const found = findCheckpoint(second, exec, () => expect.unreachable());
  expect(found).toEqual({ checkpoint: at(15), from: { attempt: first.path, step: 15 } });
  leave(second);

  const newest = join(place, names[1]!);
  chmodSync(newest, 0o644);
  const bytes = readFileSync(newest);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(newest, bytes);
  const third = attemptIn(runs);
  const damaged: string[] = [];
  // The second attempt holds a link of the damaged file.
  expect(findCheckpoint(third, exec, (path) => damaged.push(path))!.checkpoint).toEqual(at(10));
  expect(damaged).toContain(newest);
  leave(third);
});

it("a checkpoint in the form of another version is passed over", () => {
  const runs = mkdtempSync(join(tmpdir(), "dlc-attempts-"));
  const first = attemptIn(runs);
  startAttempt(first, exec, null);
  saveCheckpoint(first, at(5));
  const other = writeTensors(at(10).variables, { format: "dlc.checkpoint/0" });
  writeFileSync(join(first.folder, "checkpoints", `10.${sha256(other)}.safetensors`), other);
  leave(first);
  expect(findCheckpoint(attemptIn(runs), exec, () => expect.unreachable())!.from.step).toBe(5);
});

it("another execution begins anew", () => {
  const runs = mkdtempSync(join(tmpdir(), "dlc-attempts-"));
  const first = attemptIn(runs);
  startAttempt(first, exec, null);
  saveCheckpoint(first, at(5));
  leave(first);
  expect(findCheckpoint(attemptIn(runs), "ef".repeat(32), () => expect.unreachable())).toBeNull();
});
