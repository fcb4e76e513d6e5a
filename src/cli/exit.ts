/** Exit codes, told to users in README.md. 69 and 75 are sysexits' EX_UNAVAILABLE and EX_TEMPFAIL, 70 is EX_SOFTWARE. */
export const exit = {
  fine: 0,
  specHasErrors: 1,
  usage: 2,
  trialFailed: 3,
  unavailable: 69,
  bug: 70,
  interrupted: 75,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** Wrong use of the command line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
