import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build, type Metafile } from "esbuild";
import type { PageFile } from "../cli/console/console-server.ts";
import { root } from "./bundle.ts";

/** A page's files by the path they are asked for, and how its script was made. */
export interface BuiltPage {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly metafile: Metafile;
}

/** Returns the files of the page of the `reprieve console` command, built from its sources. */
export async function consolePage(): Promise<ReadonlyMap<string, PageFile>> {
  return (await buildPage("cli/console/page")).files;
}

/** Builds the page in a folder of this repository. Nothing of it comes from elsewhere. */
export async function buildPage(folder: string): Promise<BuiltPage> {
  const at = (name: string) => resolve(root, folder, name);
  const { outputFiles, metafile } = await build({
    entryPoints: { app: at("app.tsx"), style: at("style.css") },
    absWorkingDir: root,
    outdir: "/",
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "error",
  });
  const built = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? "";
  const shared = (name: string) => readFileSync(resolve(root, "cli/console/page", name), "utf8");
  const html = { type: "text/html; charset=utf-8", content: shared("index.html") };
  const files = new Map<string, PageFile>([
    ["/", html],
    ["/index.html", html],
    ["/app.js", { type: "text/javascript; charset=utf-8", content: built("app.js") }],
    ["/style.css", { type: "text/css; charset=utf-8", content: built("style.css") }],
    ["/icon.svg", { type: "image/svg+xml", content: shared("icon.svg") }],
  ]);
  return { files, metafile };
}
