import { readFileSync } from "node:fs";
import { policyHashFile, policyTextFile } from "../../lib/release/policy-files.ts";

/** The policy beside the bundle, and the SHA-256 that its build stated. Empty where the file is missing: no function starts with that. */
export const policyText = textOf(policyTextFile);
export const policyHash = textOf(policyHashFile).slice(0, 64);

function textOf(name: string): string {
  try {
    return readFileSync(new URL(name, import.meta.url), "utf8");
  } catch {
    return "";
  }
}
