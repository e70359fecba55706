import { codeOf, GuardError } from "../../domain/guard-error.ts";
import { membersOf } from "../../domain/operations/call.ts";
import type { ApiCall, Shown } from "../../domain/operations/operation.ts";
import type { Operations } from "./api.ts";
import { nameOf } from "./control-plane-error.ts";
import type { ControlPlaneOperations } from "./operations-client.ts";

/** Returns what makes one call by name: a refusal of the service is a value. It throws ACCESS_DENIED or CONTROL_PLANE_UNAVAILABLE. */
export function createShownCall({ call }: ControlPlaneOperations): (apiCall: ApiCall) => Promise<Shown> {
  return async ({ call: name, input }) => {
    try {
      return { answer: membersOf(await call(name as keyof Operations, input as never)) };
    } catch (error) {
      if (error instanceof GuardError && codeOf(error) === "CONTROL_PLANE_REFUSED")
        return { error: nameOf(error.cause) };
      throw error;
    }
  };
}
