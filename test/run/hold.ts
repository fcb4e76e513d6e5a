/** What happens to a worker at a place of its work happens there, on a slow machine too: it waits at the place until it is let go. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { bundle } from "../bundle.ts";
import { temporaryFolder } from "./tiny-study.ts";

export const heldWorker = (): Promise<string> => bundle("test/run/held-worker.ts");

/**
 * Every process of `heldWorker` that is started from now on waits when it is given the trial, has told that it started the trial,
 * or has told that it is in the epoch. `reached` settles when one waits; after `release` none does any more.
 */
export function hold(place: `${"given" | "started" | "epoch"} ${number}`) {
  const opened = join(temporaryFolder(), "opened");
  process.env.DLC_HOLD_AT = place;
  process.env.DLC_HOLD_UNTIL = opened;
  return {
    release: () => writeFileSync(opened, ""),
    reached: () => expect.poll(() => existsSync(`${opened}-reached`), { timeout: 120_000 }).toBe(true),
  };
}
