/** A word of a shell's command line, to be pasted: in quotes where it needs them. */
export function shellWord(word: string): string {
  return /^[\p{L}\p{N}_./:=@%+,-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
