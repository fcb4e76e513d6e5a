export interface RunsOption {
  readonly runs?: string;
}

export function runsFolder({ runs }: RunsOption): string {
  return runs ?? process.env.DLC_RUNS ?? "runs";
}
