/**
 * What `read` makes of the command line. On `--help`, and where `read` throws or makes nothing of it, shows `usage` instead and ends the
 * process, with 0 or 2.
 */
export function optionsOrUsage<Options>(usage: string, read: () => Options | undefined): Options {
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  const options = attempt(read);
  if (options !== undefined) return options;
  console.error(usage);
  process.exit(2);
}

function attempt<Options>(read: () => Options | undefined): Options | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
