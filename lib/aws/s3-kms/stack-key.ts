import { CancelKeyDeletionCommand, DescribeKeyCommand, EnableKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { GuardError } from "../../domain/guard-error.ts";
import type { KmsKeyState, StackKey } from "../../workflows/ports/remediation.ts";

const states: Readonly<Record<string, KmsKeyState>> = {
  Enabled: "enabled",
  Disabled: "disabled",
  PendingDeletion: "pending-deletion",
};

/** The stack's own KMS key. `arn` is its ARN. */
export function createStackKey(client: Pick<KMSClient, "send">, arn: string): StackKey {
  const KeyId = arn;
  const orThrow = async <Answer>(answer: Promise<Answer>) =>
    await answer.catch((error: unknown) => {
      const name = error instanceof Error ? error.name : "unknown";
      const code = name === "AccessDeniedException" ? "ACCESS_DENIED" : "KMS_UNAVAILABLE";
      throw new GuardError(code, "retry", `KMS answered with \`${name}\``, { cause: error });
    });
  return {
    arn,
    state: async () => {
      const { KeyMetadata } = await orThrow(client.send(new DescribeKeyCommand({ KeyId })));
      return states[KeyMetadata?.KeyState ?? ""] ?? "other";
    },
    cancelDeletion: async () => {
      await orThrow(client.send(new CancelKeyDeletionCommand({ KeyId })));
    },
    enable: async () => {
      await orThrow(client.send(new EnableKeyCommand({ KeyId })));
    },
  };
}
