import { join } from "node:path";
import { serve } from "../../lsp/server.ts";
import { type ExitCode, exit } from "../exit.ts";
import { diskHost } from "../host.ts";
import { packageRoot } from "../root.ts";

/** Returns at once; the process ends when the editor says so or goes away. */
export async function lsp(): Promise<ExitCode> {
  serve({ host: diskHost, standardFolder: join(packageRoot, "std") });
  return exit.fine;
}
