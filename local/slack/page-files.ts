import { readFileSync } from "node:fs";

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** Content types of the page's files, by the path they are asked for. */
const types: ReadonlyMap<string, string> = new Map([
  ["/index.html", "text/html; charset=utf-8"],
  ["/page.css", style],
  ["/layout.css", style],
  ["/message.css", style],
  ["/controls.css", style],
  ["/icon.svg", "image/svg+xml"],
  ["/page.js", script],
  ["/elements.js", script],
  ["/messages.js", script],
  ["/dialog.js", script],
]);

export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

/** A file of the page; read anew each time, so that a reload shows what was changed. */
export function pageFile(path: string): PageFile | undefined {
  const name = path === "/" ? "/index.html" : path;
  const type = types.get(name);
  if (type === undefined) return undefined;
  return { type, content: readFileSync(new URL(`page${name}`, import.meta.url)) };
}
