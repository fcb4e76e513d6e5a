/** Brings TensorFlow where none is there: a bar on a terminal, plain lines elsewhere. */
import { createLogUpdate } from "log-update";
import { installTensorflow } from "../engine/tensorflow/install.ts";
import { locateTensorflow } from "../engine/tensorflow/locate.ts";
import type { LibraryLocation } from "../engine/tensorflow/location.ts";
import { bar } from "./bar.ts";
import { lookOf, say } from "./terminal.ts";
import { bytes, duration } from "./words.ts";

export async function ensureTensorflow(): Promise<{ location: LibraryLocation; installed: boolean }> {
  const found = locateTensorflow();
  if (found) return { location: found, installed: false };
  const look = lookOf(process.stderr);
  const live = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  const began = Date.now();
  let told = 0;
  const location = await installTensorflow({
    onProgress: ({ stage, done, of }) => {
      const now = Date.now();
      const rate = done / Math.max(1e-3, (now - began) / 1000);
      const part = of > 0 ? done / of : 0;
      const left =
        rate > 0 && stage === "downloading"
          ? `   ${bytes(rate)}/s   ${duration((of - done) / rate)} left`
          : "";
      const title =
        stage === "downloading" ? `Engine: TensorFlow for CPU, ${bytes(of ?? 0)}` : "Engine: unpacking";
      if (live) live(`${title}   ${bar(part, 26, look)} ${Math.round(part * 100)} %${left}`);
      else if (now - told > 10_000) {
        told = now;
        say(`${title}, ${Math.round(part * 100)} %${left}`);
      }
    },
  });
  live?.clear();
  say(
    `Engine: TensorFlow for CPU fetched in ${duration((Date.now() - began) / 1000)}, checked against its pinned sha256`,
  );
  return { location, installed: true };
}
