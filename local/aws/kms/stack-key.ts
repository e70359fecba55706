import type { ServiceResponse } from "../service-request.ts";

export type LocalKeyState = "Enabled" | "Disabled" | "PendingDeletion";

/** The stack's own KMS key, as far as its state goes: nothing of this machine is encrypted with it. */
export class LocalStackKey {
  readonly #keyArn: string;
  state: LocalKeyState = "Enabled";

  constructor(keyArn: string) {
    this.#keyArn = keyArn;
  }

  /** Returns the answer to an operation on this key, or undefined for one on another key. */
  handle(operation: string, { KeyId }: Record<string, unknown>): ServiceResponse | undefined {
    if (KeyId !== this.#keyArn) return undefined;
    switch (operation) {
      case "DescribeKey":
        return { status: 200, body: { KeyMetadata: { KeyId, KeyState: this.state } } };
      case "CancelKeyDeletion":
        if (this.state !== "PendingDeletion") return invalidState;
        this.state = "Disabled";
        return { status: 200, body: { KeyId } };
      case "EnableKey":
        if (this.state === "PendingDeletion") return invalidState;
        this.state = "Enabled";
        return { status: 200, body: {} };
      default:
        return { status: 400, body: { __type: "UnsupportedOperationException" } };
    }
  }
}

const invalidState: ServiceResponse = { status: 400, body: { __type: "KMSInvalidStateException" } };
