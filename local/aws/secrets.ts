import { randomUUID } from "node:crypto";
import type { ServiceResponse } from "./service-request.ts";

/** Secrets Manager on this machine, as far as GetSecretValue. */
export class LocalSecrets {
  readonly #values = new Map<string, string>();
  readonly #previous = new Map<string, string>();

  /** Gives the secret of this ARN a value; it may be rotated at any time. */
  set(arn: string, value: string): void {
    const before = this.#values.get(arn);
    if (before !== undefined) this.#previous.set(arn, before);
    this.#values.set(arn, value);
  }

  handle(operation: string, { SecretId, VersionStage }: Record<string, unknown>): ServiceResponse {
    if (operation !== "GetSecretValue") return { status: 400, body: { __type: "UnknownOperationException" } };
    const values = VersionStage === "AWSPREVIOUS" ? this.#previous : this.#values;
    const value = values.get(String(SecretId));
    if (value === undefined)
      return {
        status: 400,
        body: { __type: "ResourceNotFoundException", Message: "Secrets Manager can't find the specified secret." },
      };
    return { status: 200, body: { ARN: SecretId, SecretString: value, VersionId: randomUUID() } };
  }
}
