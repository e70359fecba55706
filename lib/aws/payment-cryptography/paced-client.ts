import type { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import type { Pace } from "./pace.ts";

/** Has every attempt of `client`, the SDK's own retries included, wait for `pace`. Called again, it replaces the pace. */
export function paceEveryAttempt(client: PaymentCryptographyClient, pace: Pace): void {
  const paced =
    <Args, Output>(next: (args: Args) => Promise<Output>) =>
    async (args: Args) => {
      await pace();
      return await next(args);
    };
  client.middlewareStack.addRelativeTo(paced, {
    ...{ relation: "after", toMiddleware: "retryMiddleware", name: "pace" },
    override: true,
  });
}
