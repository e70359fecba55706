import type { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { causeOf, GuardError } from "../../lib/domain/guard-error.ts";
import { minuteMs } from "../../lib/domain/time.ts";

/** How long a secret is cached before it is read again. */
const maxAgeSeconds = 900;
/** A secret of Secrets Manager, cached; never in a log, never in the environment. */
export interface Secret {
  /** Throws SECRET_UNAVAILABLE. */
  readonly read: () => Promise<string>;
  /**
   * Reads it again, because the one at hand did not fit: it may have been rotated. Undefined when that was done within a minute: a sender
   * of forgeries must not run up the calls.
   */
  readonly readAgain: () => Promise<string | undefined>;
}

/**
 * Returns the secret `id`. `rereadIntervalMs`: 0 where strangers cannot cause a read out of turn, and a verdict for good depends on it.
 */
export function createSecret(
  provider: Pick<SecretsProvider, "get">,
  id: string,
  clock: () => number,
  rereadIntervalMs = minuteMs,
): Secret {
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

/**
 * Returns what reads the value that the secret `id` had before the one of now: undefined where there was none. It is never cached. Throws
 * SECRET_UNAVAILABLE.
 */
export function createReadPrevious(provider: Pick<SecretsProvider, "get">, id: string) {
  return async (): Promise<string | undefined> => {
    // Not cached: the cache knows a secret by its name alone, whatever its version.
    const request = { forceFetch: true, maxAge: 0, sdkOptions: { VersionStage: "AWSPREVIOUS" } };
    const value: unknown = await provider.get(id, request).catch((error: unknown) => {
      if (causeOf(error).cause?.startsWith("ResourceNotFoundException:")) return undefined;
      throw new GuardError("SECRET_UNAVAILABLE", "retry", "a secret cannot be read", { cause: error });
    });
    return typeof value === "string" ? value.trim() : undefined;
  };
}
