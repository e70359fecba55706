import { packageStack } from "../../scripts/package.ts";
import { type Clients, compileFunctions } from "./bundle.ts";
import { localSettings } from "./local.ts";
import type { Tools } from "./play.ts";
import { policyFile } from "./policies.ts";

/** Packages the stack into `outDir` and compiles its functions. */
export async function makeTools(outDir: string, clients: Clients = "sdk"): Promise<Tools> {
  const source = { policyFile, stage: "dev", settings: localSettings, outDir };
  const [{ templateFile }, codes] = await Promise.all([packageStack(source), compileFunctions(clients)]);
  return { templateFile, codes, clients };
}
