import { codeOf, GuardError } from "../../domain/guard-error.ts";
import { keyIn } from "../../domain/key/payment-key.ts";
import { membersOf } from "../../domain/operations/call.ts";
import type { ChangePlane } from "../../workflows/ports/change.ts";
import type { Operations } from "./api.ts";
import { observationFrom } from "./key-observation.ts";
import type { ControlPlaneOperations } from "./operations-client.ts";

/** Calls of the control plane by name, as operations look at a state and bring it back. */
export function createChangePlane({ call }: ControlPlaneOperations): ChangePlane {
  return {
    call: async ({ call: name, input }) => {
      try {
        // INVARIANT: only an operation of ours names calls, and its input follows AWS's model; what it holds of a record is checked by the service.
        return { answer: membersOf(await call(name as keyof Operations, input as never)) };
      } catch (error) {
        if (codeOf(error) !== "CONTROL_PLANE_REFUSED") throw error;
        return { error: errorNameOf(error) };
      }
    },
    keyIn: (shown) => {
      if ("error" in shown) return undefined;
      try {
        const seen = observationFrom(shown.answer["Key"]);
        const key = keyIn(seen);
        // AWS answers `Enabled: true` also for a key that is pending deletion.
        return key && seen.kind !== "live" ? { ...key, enabled: false } : key;
      } catch {
        return undefined;
      }
    },
  };
}

function errorNameOf(error: unknown): string {
  const cause = error instanceof GuardError ? error.cause : undefined;
  return cause instanceof Error ? cause.name : "unknown";
}
