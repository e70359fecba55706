import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { printableText } from "../../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";
import { InputError } from "./input-error.ts";

/** What a config file may say. Options and the environment win over it. */
export interface Config {
  readonly stage?: string;
  readonly region?: string;
  /** The stack's HTTP API. */
  readonly endpoint?: string;
}

export const configName = "reprieve.yaml";

/**
 * Returns what the config file says: that of --config in `args`, else `reprieve.yaml` in `folder` or above it. The search ends with the
 * repository (a folder that holds .git), so that no stranger's file above it counts. Throws an InputError that names every fault.
 */
export async function readConfig(args: readonly string[], folder: string): Promise<Config> {
  const named = namedIn(args);
  const file = named === undefined ? foundFrom(folder) : resolve(folder, named);
  if (file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new InputError(`\`${printableText(file, 200)}\` cannot be read`);
  }
  const { readPlainYaml } = await import("../../lib/domain/policy/yaml/plain-yaml.ts");
  const yaml = readPlainYaml(text);
  if (!yaml.ok)
    throw invalid(
      file,
      yaml.faults.map(({ line, column, message }) => `${line}:${column} ${message}`),
    );
  const faults = faultsOf(yaml.value);
  if (faults.length > 0) throw invalid(file, faults);
  return (yaml.value ?? {}) as Config;
}

function namedIn(args: readonly string[]): string | undefined {
  const at = args.indexOf("--config");
  return at < 0 ? args.find((arg) => arg.startsWith("--config="))?.slice("--config=".length) : args[at + 1];
}

function foundFrom(folder: string): string | undefined {
  const file = join(folder, configName);
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, ".git")) ? undefined : foundFrom(parent);
}

const expectations: Readonly<Record<keyof Config, readonly [(text: string) => boolean, string]>> = {
  stage: [isStage, "a stage such as prod"],
  region: [isRegion, "a region such as us-east-1"],
  endpoint: [(text) => URL.parse(text) !== null, "the URL of the stack's HTTP API"],
};

function faultsOf(value: unknown): readonly string[] {
  if (value === null) return [];
  if (typeof value !== "object" || Array.isArray(value)) return ["expected fields: stage, region, endpoint"];
  return Object.entries(value).flatMap(([name, field]) => {
    if (!isField(name)) return [`there is no field ${name}; expected stage, region or endpoint`];
    const [isValid, expected] = expectations[name];
    return typeof field === "string" && isValid(field) ? [] : [`${name}: expected ${expected}`];
  });
}

function isField(name: string): name is keyof Config {
  return Object.hasOwn(expectations, name);
}

function invalid(file: string, faults: readonly string[]): InputError {
  const lines = faults.map((fault) => `  ${printableText(fault, 300)}`);
  return new InputError([`\`${printableText(file, 200)}\` is not a valid config file:`, ...lines].join("\n"));
}
