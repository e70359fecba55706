import type { DeletionAttempt } from "../../lib/domain/deletion/request.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import { reaper, t0 } from "./key-world.ts";

/** The `n`-th DeleteKey call of a principal that failed. */
export function attempt(n: number, overrides: Partial<DeletionAttempt> = {}): DeletionAttempt {
  return {
    eventId: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    ...{ at: t0, errorCode: "AccessDenied", requester: reaper, ...overrides },
  };
}

/** A user of the account. */
export function userNamed(name: string): Requester {
  return { kind: "user", account: "111122223333", userArn: `arn:aws:iam::111122223333:user/${name}` };
}
