import { homedir } from "node:os";
import { join } from "node:path";

/** Where engines are kept for this user: `DLC_CACHE`, else `$XDG_CACHE_HOME/dlc`, else `~/.cache/dlc`. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.DLC_CACHE) return environment.DLC_CACHE;
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "dlc");
}
