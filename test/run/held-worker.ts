/** A worker that waits where `hold.ts` says. */
import "../../src/run/worker.ts";
import { existsSync, writeFileSync } from "node:fs";
import type { FromWorker, ToWorker } from "../../src/run/messages.ts";

const { DLC_HOLD_AT: place = "", DLC_HOLD_UNTIL: opened = "" } = process.env;
const [at, number] = place.split(" ");

/** Nothing of this process goes on meanwhile: no step, no message that is heard. */
function wait(): void {
  const still = new Int32Array(new SharedArrayBuffer(4));
  writeFileSync(`${opened}-reached`, "");
  while (!existsSync(opened)) Atomics.wait(still, 0, 0, 5);
}

process.on("message", (message: ToWorker) => {
  if (at === "given" && message.type === "trial" && message.ordinal === Number(number)) wait();
});

const send = process.send!.bind(process) as (...all: unknown[]) => boolean;
process.send = (message: FromWorker, ...more: unknown[]): boolean => {
  const sent = send(message, ...more);
  if (at === "started" && message.type === "started" && message.ordinal === Number(number)) wait();
  if (at === "epoch" && message.type === "progress" && message.progress.epoch >= Number(number)) wait();
  return sent;
};
