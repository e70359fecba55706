import { useEffect, useState } from "preact/hooks";
import type { ChainPart } from "../parts.ts";

/** What this browser found of each entry: its own SHA-256, and whether the next entry, or the head, names it. */
export interface CheckedEntry {
  readonly hash: string;
  readonly holds: boolean;
}

const genesis = "0".repeat(64);

/** Checks the chain of a case here, over the very texts: nothing that the server says of it is believed. */
export async function checkChain({
  entries,
  head,
}: Pick<ChainPart, "entries" | "head">): Promise<readonly CheckedEntry[]> {
  const hashes = await Promise.all(entries.map(async ({ text }) => await sha256(text)));
  return entries.map(({ text, seq }, n) => {
    const hash = hashes[n] ?? "";
    const followed = n === entries.length - 1 ? head === hash : prevOf(entries[n + 1]?.text ?? "") === hash;
    const preceded = prevOf(text) === (n === 0 ? genesis : hashes[n - 1]);
    return { hash, holds: followed && preceded && seq === n + 1 };
  });
}

export function useCheckedChain(shown: Pick<ChainPart, "entries" | "head">): readonly CheckedEntry[] {
  const [checked, set] = useState<readonly CheckedEntry[]>([]);
  useEffect(() => {
    let current = true;
    void checkChain(shown).then((found) => {
      if (current) set(found);
    });
    return () => {
      current = false;
    };
  }, [shown.head, shown.entries.length]);
  return checked;
}

function prevOf(text: string): string {
  return String((JSON.parse(text) as { prev?: unknown }).prev);
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
