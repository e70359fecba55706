import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import type { Random } from "./random.ts";

const original = { randomUUID: crypto.randomUUID, randomBytes: crypto.randomBytes };
const originalFetch = globalThis.fetch;
const originalTimeout = AbortSignal.timeout;

/** Gives the fakes of the local world seeded ids, and the simulated network, until the returned function is called. */
export function seedGlobals(random: Random, fetch: typeof globalThis.fetch, timeout: typeof AbortSignal.timeout) {
  const seeded = { randomUUID: () => random.uuid(), randomBytes: (length: number) => random.bytes(length) };
  Object.assign(crypto, seeded);
  syncBuiltinESMExports();
  globalThis.fetch = fetch;
  AbortSignal.timeout = timeout;
  return (): void => {
    Object.assign(crypto, original);
    syncBuiltinESMExports();
    globalThis.fetch = originalFetch;
    AbortSignal.timeout = originalTimeout;
  };
}
