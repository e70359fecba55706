/** What was typed is not understood; the message says which part. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/**
 * Returns what `read` makes of the command line. On `--help` shows `usage` and ends the process with 0; where `read` throws or makes nothing of it,
 * says what is wrong, shows `usage` and ends the process with 2.
 */
export function optionsOrUsage<Options>(usage: string, read: () => Options | undefined): Options {
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    const options = read();
    if (options !== undefined) return options;
    console.error(usage);
  } catch (error) {
    console.error(`✗ ${faultIn(error)}\n\n${usage}`);
  }
  process.exit(2);
}

/** Returns the fault that was thrown; what is neither ours nor parseArgs' is a defect, and is thrown again. */
function faultIn(error: unknown): string {
  if (error instanceof OptionError) return error.message;
  if (!(error instanceof Error) || !String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS"))
    throw error;
  const [first = ""] = error.message.split(". ");
  return first.charAt(0).toLowerCase() + first.slice(1).replaceAll("'", "`");
}
