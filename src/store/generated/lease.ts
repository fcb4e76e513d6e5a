/* Generated from grammar/schemas/lease.json by setup/generate.mjs. */

/**
 * Who works on a trial: runs/trials/ab/<trialKey>.lease.<fence>.
 */
export interface Lease {
  boot: string | null;
  pidns: string | null;
  pid: number;
  start: string | null;
  w: string;
  run: string;
  /**
   * The attempt's folder, relative to the runs folder.
   */
  attempt: string;
}
