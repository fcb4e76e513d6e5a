/** What passes from `check/` on are handed. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { Host } from "../modules/host.ts";
import type { Trace } from "./trace.ts";

export interface Context {
  readonly host: Host;
  readonly reporter: Reporter;
  /** Told what the passes find on their way, where somebody wants to know. */
  readonly trace?: Trace | undefined;
}
