import pc from "picocolors";
import { type Check, lineOf } from "./check.ts";

/** Something that a deployment command shows. */
export type Shown =
  | ({ readonly kind: "check" } & Check)
  | { readonly kind: "changes"; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: "place"; readonly account: string; readonly region: string; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "error"; readonly text: string };

/** Returns it as text for a terminal, or as one JSON object. */
export function shownText(shown: Shown, json: boolean): string {
  if (json) return JSON.stringify(shown);
  switch (shown.kind) {
    case "check":
      return lineOf(shown);
    case "changes":
      return [`\n${shown.title}`, ...shown.lines.map((line) => `  ${colored(line)}`)].join("\n");
    case "place":
      return pc.bold(`\n${shown.text}`);
    case "text":
      return shown.text;
    case "error":
      return `${pc.red("✗")} ${shown.text}`;
  }
}

function colored(line: string): string {
  return (line.startsWith("+") ? pc.green : line.startsWith("-") ? pc.red : pc.yellow)(line);
}

export type Show = (shown: Shown) => void;

/** Returns what prints for people, or with `json` one object a line; what is wrong goes to standard error, as an object to standard output. */
export function printing(json: boolean): Show {
  return (shown) => {
    const text = shownText(shown, json);
    if (shown.kind === "error" && !json) console.error(text);
    else console.log(text);
  };
}
