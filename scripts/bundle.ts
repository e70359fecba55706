import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, type Plugin } from "esbuild";
import { canonicalJson, sha256Hex } from "../lib/domain/ledger/canonical-json.ts";
import type { PolicyDocument } from "../lib/domain/policy/schema.ts";
import { readPolicyYaml } from "../lib/domain/policy/yaml/policy-yaml.ts";
import { printableText } from "../lib/domain/printable-text.ts";
import { policyFiles } from "../lib/release/policy-files.ts";
import { nameAndVersionOnly, onePartition } from "./bundle-plugins.ts";
import { licensesFile, licensesText } from "./release/bundled-licenses.ts";
import { bundledPackages } from "./release/bundled-packages.ts";
import { readTextFile } from "./text-file.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The functions of the stack: each is functions/<name>.ts, and becomes <name>.zip. */
export const functionNames = ["guard", "approval", "votes", "notify", "sweep", "remediation"] as const;
export type FunctionName = (typeof functionNames)[number];

/** A policy file that cannot be built in; the message lists every fault as `file:line:column field: what was expected`. */
export class PolicyFileError extends Error {
  override readonly name = "PolicyFileError";
}

/** A bundled function: its folder, with `index.mjs` and what it loads later, and how esbuild made it. */
export interface BundledFunction {
  readonly folder: string;
  readonly metafile: Metafile;
}

/** Bundles every function with the policy of `policyFile`, and returns the folder of each. Throws a PolicyFileError. */
export async function bundleFunctions(policyFile: string, outDir: string): Promise<Record<FunctionName, string>> {
  const files = policyFiles(readPolicyFile(policyFile));
  const bundled = await bundleWithoutPolicy(outDir);
  const folders = functionNames.map((name) => {
    const { folder } = bundled[name];
    for (const [file, content] of Object.entries(files)) writeFileSync(resolve(folder, file), content);
    return [name, folder] as const;
  });
  return Object.fromEntries(folders) as Record<FunctionName, string>;
}

/** Bundles the witness, which runs in another account, and without a policy. */
export async function bundleWitness(outDir: string): Promise<BundledFunction> {
  return await bundleFunction("witness", outDir);
}

/** Bundles every function without a policy, as a release holds it: none of them starts before a policy lies beside it. */
export async function bundleWithoutPolicy(outDir: string): Promise<Record<FunctionName, BundledFunction>> {
  const bundled = functionNames.map(async (name) => [name, await bundleFunction(name, outDir)] as const);
  return Object.fromEntries(await Promise.all(bundled)) as Record<FunctionName, BundledFunction>;
}

async function bundleFunction(name: FunctionName | "witness", outDir: string): Promise<BundledFunction> {
  const folder = resolve(outDir, name);
  const metafile = await bundle(resolve(root, "functions", `${name}.ts`), folder, [buildFacts()]);
  writeFileSync(resolve(folder, licensesFile), licensesText(bundledPackages(root, [metafile])));
  return { folder, metafile };
}

/** Bundles one entry file as minified ES modules for Lambda: `index.mjs`, and a chunk for whatever is imported later. */
export async function bundle(entry: string, folder: string, plugins: readonly Plugin[] = []): Promise<Metafile> {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...esModules,
    entryPoints: { index: entry },
    outdir: folder,
    splitting: true,
    target: "node24",
    alias: {
      "@aws-sdk/credential-provider-node": resolve(root, "functions/shared/environment-credentials.ts"),
      "@aws-sdk/signature-v4-multi-region": resolve(root, "functions/shared/one-region-signature.ts"),
      "@smithy/core/event-streams": resolve(root, "functions/shared/no-event-streams.ts"),
      "mnemonist/lru-cache": resolve(root, "functions/shared/endpoint-map.ts"),
    },
    plugins: [nameAndVersionOnly, onePartition, ...plugins],
  });
  return metafile;
}

/** How everything here is bundled. */
export const esModules = {
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  // Without it the SDK's CommonJS is taken, and dies on Lambda with `Dynamic require of "os" is not supported`.
  mainFields: ["module", "main"] as string[],
  absWorkingDir: root,
  legalComments: "none",
  logLevel: "error",
  metafile: true,
} as const;

/**
 * `reprieve:build`: the policy as files beside the bundle, so that nothing is fetched on the hot path and a release takes a policy without a
 * bundler; and the version as data.
 */
function buildFacts(): Plugin {
  const { version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as { version: string };
  const contents = `export * from ${JSON.stringify(resolve(root, "functions/shared/policy-beside.ts"))};
    export const guardVersion = ${JSON.stringify(version)};`;
  return {
    name: "reprieve:build",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^reprieve:build$/ }, ({ path }) => ({ path, namespace: "reprieve" }));
      onLoad({ filter: /.*/, namespace: "reprieve" }, () => ({ contents, loader: "js", resolveDir: root }));
    },
  };
}

/** The policy of a file. Throws a PolicyFileError. */
export function readPolicyFile(policyFile: string): PolicyDocument {
  let text: string;
  try {
    text = readTextFile(policyFile);
  } catch {
    throw new PolicyFileError(`${policyFile}: cannot be read`);
  }
  const policy = readPolicyYaml(text);
  if (policy.ok) return policy.document;
  const faults = policy.faults.map(({ line, column, field, message }) =>
    printableText(`${policyFile}:${line}:${column} ${field === "" ? "" : `${field}: `}${message}`, 500),
  );
  throw new PolicyFileError(faults.join("\n"));
}

/** Returns the SHA-256 that a stack states of its policy. */
export function policyHashOf(policy: PolicyDocument): string {
  return sha256Hex(canonicalJson(policy));
}
