import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "esbuild";
import { bundle, bundleFunctions, type FunctionName, root } from "../../scripts/bundle.ts";

/** Folders of bundles: our functions, and by the name of a file of bench/floors what they are measured against. */
export interface Bundles {
  readonly functions: Readonly<Record<FunctionName, string>>;
  readonly floor: (file: string, credentials?: "environment" | "default chain") => Promise<string>;
}

/** What `work` makes of bundles that are gone afterwards. They lie in the repository, as esbuild looks for packages from there. */
export async function withBundles<Made>(policyFile: string, work: (bundles: Bundles) => Promise<Made>): Promise<Made> {
  const folder = mkdtempSync(join(root, ".bench-"));
  try {
    return await work({
      functions: await bundleFunctions(resolve(root, policyFile), folder),
      floor: async (file, credentials = "environment") => {
        const made = join(folder, "floors", `${file} ${credentials}`);
        const plugins = credentials === "environment" ? [] : [withDefaultChain];
        await bundle(resolve(root, "bench/floors", file), made, plugins);
        return made;
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The credential provider that our bundles replace. */
const withDefaultChain: Plugin = {
  name: "with-default-chain",
  setup({ initialOptions }) {
    delete initialOptions.alias?.["@aws-sdk/credential-provider-node"];
  },
};
