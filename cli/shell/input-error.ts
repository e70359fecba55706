/** What the person at the terminal can mend: nothing was sent. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** The command was not typed as it should be. */
export class UsageError extends InputError {}
