import { textOf } from "../documents/pages.ts";

/** The fields of an object, as docs/command.md lists them. */
export interface Shape {
  readonly always: readonly string[];
  readonly sometimes: readonly string[];
}

/** Returns what docs/command.md says of the JSON output of each command, by the command. */
export function documentedShapes(): ReadonlyMap<string, Shape> {
  const [, section = ""] = textOf("docs/command.md").split("## JSON output");
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.flatMap((row) => {
      const [, commands = "", cell = ""] = row.split("|");
      // What is in parentheses are the fields of a field.
      const fields = spans(cell.replaceAll(/\([^)]*\)/g, ""));
      const always = fields.filter((field) => !field.endsWith("?"));
      const sometimes = fields.filter((field) => field.endsWith("?")).map((field) => field.slice(0, -1));
      return spans(commands).map((command) => [command, { always, sometimes }] as const);
    }),
  );
}

function spans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}
