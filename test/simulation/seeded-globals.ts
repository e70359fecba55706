import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import type { Random } from "./random.ts";

const original = { randomUUID: crypto.randomUUID, randomBytes: crypto.randomBytes };
const originalTimeout = AbortSignal.timeout;

/** Gives the fakes of the local world seeded ids, and people timeouts on virtual time, until the returned function is called. */
export function seedGlobals(random: Random, timeout: typeof AbortSignal.timeout): () => void {
  const seeded = { randomUUID: () => random.uuid(), randomBytes: (length: number) => random.bytes(length) };
  Object.assign(crypto, seeded);
  syncBuiltinESMExports();
  AbortSignal.timeout = timeout;
  return () => {
    Object.assign(crypto, original);
    syncBuiltinESMExports();
    AbortSignal.timeout = originalTimeout;
  };
}
