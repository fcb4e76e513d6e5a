/** What passes from `check/` on are handed. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { Host } from "../modules/host.ts";

export interface Context {
  readonly host: Host;
  readonly reporter: Reporter;
}
