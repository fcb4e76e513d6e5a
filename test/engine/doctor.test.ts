import { expect, test } from "vitest";
import { examine } from "../../src/engine/doctor.ts";
import { tensorflowForTests } from "./open.ts";

const tensorflow = await tensorflowForTests();

test.skipIf(!tensorflow)("a machine that can train", async () => {
  const findings = await examine();
  expect(findings.map(({ name, ok }) => [name, ok])).toEqual([
    ["node", true],
    ["tensorflow", true],
    ["devices", true],
    ["step", true],
    ["step", true],
  ]);
  // Both engines train the same tiny network.
  const losses = findings.slice(3).map(({ text }) => /loss \S+ to \S+/.exec(text)![0]);
  expect(losses[0]).toBe(losses[1]);
});

test("a folder without the libraries is a finding, not an exception", async () => {
  const before = process.env.DLC_TENSORFLOW;
  process.env.DLC_TENSORFLOW = "nowhere";
  try {
    const { ok, text } = (await examine()).find(({ name }) => name === "tensorflow")!;
    expect(ok).toBe(false);
    expect(text).toMatch(/^DLC_TENSORFLOW is nowhere, but that folder does not hold .* unset DLC_TENSORFLOW/);
  } finally {
    if (before === undefined) delete process.env.DLC_TENSORFLOW;
    else process.env.DLC_TENSORFLOW = before;
  }
});
