import type { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import type { Pace } from "./pace.ts";

/** How long (ms) an attempt waits for the whole answer: the SDK's own timeout ends with the headers, and a body that stalls would use up the Lambda's time. */
const answerMs = 4_000;

/** Has every attempt of `client`, the SDK's own retries included, wait for `pace`, and end without a whole answer in 4 s. Called again, it replaces the pace. */
export function paceEveryAttempt(client: PaymentCryptographyClient, pace: Pace): void {
  const paced =
    <Args, Output>(next: (args: Args) => Promise<Output>) =>
    async (args: Args) => {
      await pace();
      return await inTime(next(args));
    };
  client.middlewareStack.addRelativeTo(paced, {
    ...{ relation: "after", toMiddleware: "retryMiddleware", name: "pace" },
    override: true,
  });
}

/** Throws a TimeoutError, which the SDK retries. */
async function inTime<Output>(answer: Promise<Output>): Promise<Output> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error("the service did not answer in time"), { name: "TimeoutError" });
    timer = setTimeout(() => reject(error), answerMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
