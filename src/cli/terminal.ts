/** What the terminal can show, and where output goes: answers to stdout, all that is said meanwhile to stderr. */

export interface Look {
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Columns, 100 at most. */
  readonly width: number;
}

export function lookOf(stream: NodeJS.WriteStream): Look {
  const utf8 = /utf-?8/i.test(process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || "");
  const plain = process.env.NO_COLOR || process.env.TERM === "dumb";
  return {
    colour: Boolean(stream.isTTY) && !plain,
    // Files and pipes are read later, by programs and editors that take UTF-8.
    unicode: stream.isTTY ? utf8 : true,
    width: Math.min(100, stream.isTTY ? (stream.columns ?? 80) : 100),
  };
}

export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function say(text: string): void {
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export function paint(text: string, colour: keyof typeof codes, look: Look): string {
  return look.colour ? `\x1b[${codes[colour]}m${text}\x1b[0m` : text;
}

/** How this command line was called: `./dlc` from a checkout, else `dlc`. Commands to be pasted begin with it. */
export const command = (): string => process.env.DLC_COMMAND ?? "dlc";
