import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { serve } from "../../lsp/server.ts";
import { type ExitCode, exit } from "../exit.ts";
import { diskHost } from "../host.ts";
import { packageRoot } from "../root.ts";

/** Returns at once; the process ends when the editor says so or goes away. */
export async function lsp(): Promise<ExitCode> {
  // What is known of a file lives until the next key. V8 takes that for long, and would keep it until it collects the whole heap.
  setFlagsFromString("--no-allocation-site-pretenuring");
  serve({ host: diskHost, standardFolder: join(packageRoot, "std") });
  return exit.fine;
}
