import type { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { anyOperation } from "./any-operation.ts";
import type { Operations } from "./api.ts";
import { toGuardError } from "./control-plane-error.ts";
import type { Pace } from "./pace.ts";
import { paceEveryAttempt } from "./paced-client.ts";

/** The control plane's operations, by name, with the input and output of AWS's API model. */
export interface ControlPlaneOperations {
  /**
   * Calls one operation. Rejects with ACCESS_DENIED, CONTROL_PLANE_REFUSED (the cause's `name` is the service's error)
   * or CONTROL_PLANE_UNAVAILABLE. The answer's members are the service's: what they hold has not been checked.
   */
  readonly call: <Name extends keyof Operations>(
    operation: Name,
    input: Operations[Name]["input"],
  ) => Promise<Operations[Name]["output"]>;
}

/** Returns all operations over `client`, each attempt kept to `pace`, together with whatever else the client sends. */
export function createControlPlaneOperations(client: PaymentCryptographyClient, pace: Pace): ControlPlaneOperations {
  paceEveryAttempt(client, pace);
  return {
    call: async (operation, input) => {
      try {
        const sent: unknown = await client.send(anyOperation(operation, input));
        return (sent as { answer: Operations[typeof operation]["output"] }).answer;
      } catch (error) {
        throw toGuardError(error);
      }
    },
  };
}
