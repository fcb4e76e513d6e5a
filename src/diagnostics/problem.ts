/**
 * Something outside the `.dl` file that went wrong and that the user can mend: a missing image, a full disk, no network. What is
 * wrong in the message, what to do next in the hint. Everything else that is thrown is a bug of ours.
 */
export class Problem extends Error {
  override readonly name: string = "Problem";
  /** In the imperative. */
  readonly hint: string | undefined;
  constructor(message: string, hint?: string, options?: { cause?: unknown }) {
    super(message, options);
    this.hint = hint;
  }
}
