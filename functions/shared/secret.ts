import type { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { minuteMs } from "../../lib/domain/time.ts";

/** How long a secret is cached before it is read again. */
const maxAgeSeconds = 900;
/** How often a secret may be read out of turn: a sender of forgeries must not run up the calls. */
const rereadIntervalMs = minuteMs;

/** A secret of Secrets Manager, cached; never in a log, never in the environment. */
export interface Secret {
  /** Throws SECRET_UNAVAILABLE. */
  readonly read: () => Promise<string>;
  /** Reads it again, because the one at hand did not fit: it may have been rotated. Undefined when that was done within a minute. */
  readonly readAgain: () => Promise<string | undefined>;
}

export function createSecret(provider: Pick<SecretsProvider, "get">, id: string, clock: () => number): Secret {
  let lastReread = Number.NEGATIVE_INFINITY;
  const get = async (again: boolean): Promise<string> => {
    const reading = again ? provider.get(id, { forceFetch: true }) : provider.get(id, { maxAge: maxAgeSeconds });
    const value: unknown = await reading.catch((error: unknown) => {
      throw new GuardError("SECRET_UNAVAILABLE", "retry", "a secret cannot be read", { cause: error });
    });
    if (typeof value === "string") return value.trim();
    throw new GuardError("SECRET_UNAVAILABLE", "retry", "a secret has no text");
  };
  return {
    read: async () => await get(false),
    readAgain: async () => {
      const now = clock();
      // A clock that was set back must not lock the door on a rotated secret.
      if (now >= lastReread && now - lastReread < rereadIntervalMs) return undefined;
      lastReread = now;
      return await get(true);
    },
  };
}
