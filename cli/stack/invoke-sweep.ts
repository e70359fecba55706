import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { errorText } from "../shell/error-text.ts";
import { InputError } from "../shell/input-error.ts";
import { type AwsPlace, clientSettings } from "./aws-place.ts";
import { callTimeouts } from "./call-timeouts.ts";

/** What the stack answers to an invocation of its sweep. */
export type Invocation =
  | { readonly kind: "answered"; readonly payload: unknown }
  /** A sweep is at work, and there is one at a time. */
  | { readonly kind: "busy" };

export type InvokeSweep = (stack: AwsPlace & { readonly stage: string }, order: object) => Promise<Invocation>;

/** Longer than the sweep's own timeout (ms). A call that was lost must not be made twice unseen. */
const oneAttempt = {
  maxAttempts: 1,
  requestHandler: { ...callTimeouts.requestHandler, requestTimeout: 300_000 },
};

/** Invokes the sweep of a stack and waits for its answer. Throws an InputError for whatever AWS refuses. */
export const invokeSweep: InvokeSweep = async (stack, order) => {
  const client = new LambdaClient({ ...clientSettings(stack), ...oneAttempt });
  const FunctionName = `reprieve-${stack.stage}-sweep`;
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(order) }));
    const payload: unknown = JSON.parse(Buffer.from(answer.Payload ?? "null").toString("utf8"));
    if (answer.FunctionError === undefined) return { kind: "answered", payload };
    throw new Error((payload as { errorMessage?: string } | null)?.errorMessage ?? answer.FunctionError);
  } catch (error) {
    if (error instanceof Error && error.name === "TooManyRequestsException") return { kind: "busy" };
    throw new InputError(`\`${FunctionName}\` in ${stack.region} failed: ${errorText(error)}`);
  } finally {
    client.destroy();
  }
};
