import { readFile } from "node:fs/promises";
import type { PolicyDocument } from "../../lib/domain/policy/schema.ts";
import { type PolicyFile, type PolicyFileFault, readPolicyYaml } from "../../lib/domain/policy/yaml/policy-yaml.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { fileErrorText } from "../shell/file-error.ts";
import { InputError } from "../shell/input-error.ts";

/** A file as a policy, or its faults. Throws an InputError for one that cannot be read. */
export async function readPolicy(file: string): Promise<PolicyFile> {
  return readPolicyYaml(await textOf(file));
}

/** Returns the checked document of a policy file. Throws an InputError that names its faults. */
export async function documentOf(file: string): Promise<PolicyDocument> {
  const read = await readPolicy(file);
  if (read.ok) return read.document;
  throw new InputError(
    [`\`${file}\` is no policy:`, ...read.faults.map((fault) => `  ${faultLine(file, fault)}`)].join("\n"),
  );
}

/** Returns the text of a file; `-` is standard input. Throws an InputError. */
export async function textOf(file: string): Promise<string> {
  return await (file === "-" ? standardInput() : readFile(file, "utf8")).catch((error: NodeJS.ErrnoException) => {
    const hint = error.code === "ENOENT" ? " here; name another, or change to its folder" : "";
    throw new InputError(`\`${printableText(file, 200)}\` cannot be read: ${fileErrorText(error)}${hint}`);
  });
}

async function standardInput(): Promise<string> {
  return await (await import("node:stream/consumers")).text(process.stdin);
}

/** One line for a terminal, in the form that editors jump to. */
export function faultLine(file: string, { line, column, field, message }: PolicyFileFault): string {
  return printableText(`${file}:${line}:${column} ${field === "" ? "" : `${field}: `}${message}`, 500);
}
