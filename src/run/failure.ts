/** Failures of trials that no attempt at training could record: its process died, or it could not begin. */
import { endAttempt, openAttempt } from "../store/attempts.ts";
import { layout } from "../store/layout.ts";
import { endLease, type Lease, takeLease } from "../store/leases.ts";
import type { Writer } from "../store/writer.ts";

/** Makes an attempt that says that the trial failed, and returns its path. Undefined where another process holds the trial. */
export function recordFailure(
  writer: Writer,
  run: string,
  { ordinal, key, slotKey }: { readonly ordinal: number; readonly key: string; readonly slotKey: string },
  message: string,
  abandoned: (holder: Lease) => boolean,
): string | undefined {
  const attemptPath = (fence: number) => layout.attempt(run, ordinal, key, fence, writer.id);
  const taken = takeLease(writer, slotKey, run, attemptPath, () => false, abandoned);
  if (taken.state !== "taken") return undefined;
  const { fence } = taken;
  const attempt = openAttempt(writer, run, taken.attempt, { trialKey: key, slotKey, ordinal, fence });
  endAttempt(attempt, { state: "failed", step: 0, seconds: 0, message });
  endLease(writer, slotKey, fence);
  return taken.attempt;
}
