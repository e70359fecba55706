import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { canonicalJson, sha256Hex } from "../lib/domain/ledger/canonical-json.ts";
import type { PolicyDocument } from "../lib/domain/policy/schema.ts";
import { readPolicyYaml } from "../lib/domain/policy/yaml/policy-yaml.ts";
import { printableText } from "../lib/domain/printable-text.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The functions of the stack: each is functions/<name>.ts, and becomes <name>.zip. */
export const functionNames = ["guard", "approval", "votes", "notify", "sweep", "remediation"] as const;
export type FunctionName = (typeof functionNames)[number];

/** A policy file that cannot be built in; the message lists every fault as `file:line:column field: what was expected`. */
export class PolicyFileError extends Error {
  override readonly name = "PolicyFileError";
}

/** Bundles every function with the policy of `policyFile`, and answers the folder of each: `index.mjs` and what it loads later. */
export async function bundleFunctions(policyFile: string, outDir: string): Promise<Record<FunctionName, string>> {
  const facts = buildFacts(policyFile);
  const bundled = functionNames.map(async (name) => {
    const folder = resolve(outDir, name);
    await bundle(resolve(root, "functions", `${name}.ts`), folder, [facts]);
    return [name, folder] as const;
  });
  return Object.fromEntries(await Promise.all(bundled)) as Record<FunctionName, string>;
}

/** One entry file as minified ES modules for Lambda: `index.mjs`, and a chunk for whatever is imported later. */
export async function bundle(entry: string, folder: string, plugins: readonly Plugin[] = []): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: { index: entry },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // Without it the SDK's CommonJS is taken, and dies on Lambda with `Dynamic require of "os" is not supported`.
    mainFields: ["module", "main"],
    alias: {
      "@aws-sdk/credential-provider-node": resolve(root, "functions/shared/environment-credentials.ts"),
      "@aws-sdk/signature-v4-multi-region": resolve(root, "functions/shared/one-region-signature.ts"),
      "@smithy/core/event-streams": resolve(root, "functions/shared/no-event-streams.ts"),
      "mnemonist/lru-cache": resolve(root, "functions/shared/endpoint-map.ts"),
    },
    plugins: [nameAndVersionOnly, onePartition, ...plugins],
    absWorkingDir: root,
    legalComments: "none",
    logLevel: "error",
  });
}

/** Of a package.json the code reads name and version only; the rest is 3 KB per SDK client. */
const nameAndVersionOnly: Plugin = {
  name: "name-and-version-only",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, "utf8")) as { name: string; version: string };
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

interface Partitions {
  readonly partitions: readonly { readonly id: string; readonly regions: object }[];
  readonly version: string;
}

/** The stack runs in the partition `aws` alone, and no code reads how AWS describes a Region: 4 KB that every cold start would load. */
const onePartition: Plugin = {
  name: "one-partition",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]util-endpoints[/\\].*[/\\]partitions\.json$/ }, ({ path }) => {
      const { partitions, version } = JSON.parse(readFileSync(path, "utf8")) as Partitions;
      const own = partitions
        .filter(({ id }) => id === "aws")
        .map((each) => ({ ...each, regions: withoutTexts(each.regions) }));
      return { contents: JSON.stringify({ partitions: own, version }), loader: "json" };
    });
  },
};

function withoutTexts(regions: object): object {
  return Object.fromEntries(Object.keys(regions).map((region) => [region, {}]));
}

/** `reprieve:build`: policy and version as data in the bundle, so that nothing is fetched on the hot path, or can be tampered with there. */
function buildFacts(policyFile: string): Plugin {
  const policy = readPolicyFile(policyFile);
  const { version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as { version: string };
  // As a text, which is hashed as it is and parsed faster than as code.
  const policyText = canonicalJson(policy);
  const values = { policyText, policyHash: sha256Hex(policyText), guardVersion: version };
  const contents = Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`);
  return {
    name: "reprieve:build",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^reprieve:build$/ }, ({ path }) => ({ path, namespace: "reprieve" }));
      onLoad({ filter: /.*/, namespace: "reprieve" }, () => ({ contents: contents.join("\n"), loader: "js" }));
    },
  };
}

/** The policy of a file. Throws a PolicyFileError. */
export function readPolicyFile(policyFile: string): PolicyDocument {
  let text: string;
  try {
    text = readFileSync(policyFile, "utf8");
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
