/** What passes from `check/` on are handed. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { Host } from "../modules/host.ts";
import type { NamedDecl } from "../syntax/ast.ts";
import type { Trace } from "./trace.ts";

export interface Context {
  readonly host: Host;
  readonly reporter: Reporter;
  /** Told what the passes find on their way, where somebody wants to know. */
  readonly trace?: Trace | undefined;
  /** Models, blocks, losses and metrics that were expanded so far. */
  readonly expanded?: Set<NamedDecl> | undefined;
}
