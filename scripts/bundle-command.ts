import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build, type Metafile } from "esbuild";
import { esModules, root } from "./bundle.ts";
import { nameAndVersionOnly } from "./bundle-plugins.ts";
import { type BuiltPage, buildPage } from "./page-files.ts";
import { licensesFile, licensesText } from "./release/bundled-licenses.ts";
import { bundledPackages } from "./release/bundled-packages.ts";

/** Commands run on every Node.js that is supported, unlike the functions. */
const target = "node22";

/** Bundles the `reprieve` command into `folder`: `reprieve.mjs` and chunks that it loads when they are needed. */
export async function bundleCommand(folder: string): Promise<Metafile> {
  for (const file of readdirSync(folder)) if (file.endsWith(".mjs")) rmSync(resolve(folder, file));
  const { metafile } = await build({
    ...esModules,
    entryPoints: { reprieve: resolve(root, "cli/reprieve.ts") },
    outdir: folder,
    splitting: true,
    target,
    plugins: [nameAndVersionOnly],
  });
  const page = await buildPage("cli/console/page");
  writeFileSync(resolve(folder, "console-page.mjs"), pageModule(page));
  const both = {
    inputs: { ...metafile.inputs, ...page.metafile.inputs },
    outputs: { ...metafile.outputs, ...page.metafile.outputs },
  };
  writeFileSync(resolve(folder, licensesFile), licensesText(bundledPackages(root, [both])));
  return both;
}

/** Returns the page of `reprieve console` as a module: an installed command needs no esbuild. */
function pageModule({ files }: BuiltPage): string {
  return `const files = new Map(${JSON.stringify([...files])});\nexport const consolePage = async () => files;\n`;
}

/** Bundles the verifier of exports into one file, which needs nothing but Node.js. */
export async function bundleVerifier(file: string): Promise<Metafile> {
  const { metafile } = await build({
    ...esModules,
    entryPoints: [resolve(root, "cli/audit/verifier.ts")],
    outfile: file,
    // Readable: an assessor should be able to see what it does.
    minify: false,
    legalComments: "inline",
    target,
  });
  return metafile;
}
