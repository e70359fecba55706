import { createHash } from "node:crypto";

/** Lies in every released folder, in the form that `sha256sum --check` reads. */
export const checksumsFile = "SHA256SUMS";

/** Returns the SHA-256 of `bytes`, as hex. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Returns the text of SHA256SUMS for `files`, in the order of their names. */
export function checksumsText(files: Readonly<Record<string, Uint8Array | string>>): string {
  const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, bytes]) => `${sha256Of(bytes)}  ${name}\n`).join("");
}

/** Returns the checksum that SHA256SUMS states for each file. */
export function readChecksums(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").flatMap((line) => {
    const [, sum = "", name = ""] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    return name === "" ? [] : [[name, sum] as const];
  });
  return new Map(lines);
}
