import { resolve } from "node:path";
import { compileFunction } from "node:vm";
import { build, type Plugin } from "esbuild";
import { type FunctionName, functionNames, root } from "../../scripts/bundle.ts";
import { buildFacts, cachedMiddleware, noSignature, transport } from "./bundle-plugins.ts";
import { clientDoubles } from "./doubles/client-plugin.ts";

/** What a bundle sees instead of Node's own: its parameters, in this order. */
export const scopeNames = [
  ...["exports", "module", "require", "process", "globalThis", "global", "Date", "Math", "setTimeout", "clearTimeout"],
  ...["setInterval", "clearInterval", "setImmediate", "clearImmediate", "queueMicrotask", "fetch", "AbortSignal"],
  ...["crypto", "performance", "__simulation"],
];

/** A compiled bundle: each run of it is a cold start with module state of its own. */
export type Code = (...values: unknown[]) => void;
export type Codes = Readonly<Record<FunctionName, Code>>;

/** Whether the functions run with the SDK's clients, on the simulated network, or with doubles of them. */
export type Clients = "sdk" | "doubles";

/** Bundles every function and compiles it once. */
export async function compileFunctions(clients: Clients = "sdk"): Promise<Codes> {
  const compiled = functionNames.map(async (name) => [name, await compileFunctionCode(name, clients)] as const);
  return Object.fromEntries(await Promise.all(compiled)) as Record<FunctionName, Code>;
}

/** Bundles and compiles one function; `plugins` come first. */
export async function compileFunctionCode(
  name: FunctionName,
  clients: Clients,
  plugins: readonly Plugin[] = [],
): Promise<Code> {
  const { outputFiles } = await build({
    entryPoints: [resolve(root, "functions", `${name}.ts`)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    alias: {
      "@aws-sdk/credential-provider-node": resolve(root, "functions/shared/environment-credentials.ts"),
      "@smithy/core/event-streams": resolve(root, "functions/shared/no-event-streams.ts"),
      "mnemonist/lru-cache": resolve(root, "functions/shared/endpoint-map.ts"),
    },
    plugins: [
      ...plugins,
      buildFacts,
      ...(clients === "sdk" ? [transport, cachedMiddleware, noSignature] : [clientDoubles]),
    ],
    absWorkingDir: root,
    logLevel: "error",
  });
  return compileFunction(outputFiles[0]?.text ?? "", scopeNames, { filename: `simulated/${name}.cjs` }) as Code;
}
