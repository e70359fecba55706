import type { ResourcePolicies } from "../../workflows/ports/remediation.ts";
import type { ControlPlaneOperations } from "./operations-client.ts";

/** Resource policies of keys, by the operations of the control plane. */
export function createResourcePolicies({ call }: ControlPlaneOperations): ResourcePolicies {
  return {
    read: async (arn) => (await call("GetResourcePolicy", { ResourceArn: arn })).Policy,
    put: async (arn, text) => {
      await call("PutResourcePolicy", { ResourceArn: arn, Policy: text });
    },
    remove: async (arn) => {
      await call("DeleteResourcePolicy", { ResourceArn: arn });
    },
  };
}
