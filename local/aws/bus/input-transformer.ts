/** How a target turns an event into what it gets: paths into the event by name, and a text that holds `<name>` for each. */
export interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/**
 * Returns the lines of text that a template of quoted lines makes of an event, the only kind of template that the stack has. A path that the
 * event does not have leaves nothing behind. Throws an Error for a placeholder that no path is given for, or a line that is not quoted.
 */
export function renderInput({ InputPathsMap = {}, InputTemplate }: InputTransformer, event: unknown): string {
  return InputTemplate.split("\n")
    .map((line) => {
      if (!/^".*"$/.test(line)) throw new Error(`expected a quoted line: ${line}`);
      return line.slice(1, -1).replace(/<([\w-]+)>/g, (_, name: string) => {
        const path = InputPathsMap[name];
        if (path === undefined) throw new Error(`the template names \`${name}\`, for which there is no path`);
        return textAt(event, path);
      });
    })
    .join("\n");
}

/** The value at a path such as `$.detail.eventName` as text; empty if there is none. */
function textAt(event: unknown, path: string): string {
  let value: unknown = event;
  for (const name of path.split(".").slice(1))
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined;
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
