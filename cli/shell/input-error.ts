/** What the person at the terminal can mend: nothing was sent. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** The command was not typed as it should be. */
export class UsageError extends InputError {}

/** Why a place has no result, with a code that scripts can compare. */
export class PlaceError extends InputError {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
