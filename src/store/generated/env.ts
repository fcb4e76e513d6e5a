/* Generated from grammar/schemas/env.json by setup/generate.mjs. */

/**
 * On what a run was started: env.json.
 */
export interface EnvironmentRecord {
  format: "dlc.env/1";
  dlc: string;
  node: string;
  platform: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  engine: {
    name: string;
    version: string;
    digest: string | null;
    devices: string[];
  };
  threads: number;
  git: {
    commit: string;
    dirty: boolean;
  } | null;
}
