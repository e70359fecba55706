import { readFileSync } from "node:fs";
import { build } from "esbuild";

export interface PageFile {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** The page's files by the path they are asked for, built from its sources. Nothing of it comes from elsewhere. */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const at = (name: string) => new URL(`page/${name}`, import.meta.url);
  const { outputFiles } = await build({
    entryPoints: { app: at("app.tsx").pathname, style: at("style.css").pathname },
    outdir: "/",
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "error",
  });
  const built = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))?.contents ?? "";
  const html = { type: "text/html; charset=utf-8", content: readFileSync(at("index.html")) };
  return new Map<string, PageFile>([
    ["/", html],
    ["/index.html", html],
    ["/app.js", { type: "text/javascript; charset=utf-8", content: built("app.js") }],
    ["/style.css", { type: "text/css; charset=utf-8", content: built("style.css") }],
    ["/icon.svg", { type: "image/svg+xml", content: readFileSync(at("icon.svg")) }],
  ]);
}
