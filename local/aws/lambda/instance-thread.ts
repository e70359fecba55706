/** One execution environment: loads the packaged bundle once, then runs one invocation at a time. */
import { parentPort, workerData } from "node:worker_threads";
import type { SharedClock } from "../../clock/world-clock.ts";
import { installClock } from "./clock-shim.ts";

export interface InstanceData {
  readonly clock: SharedClock;
  readonly bundleUrl: string;
  readonly handler: string;
  readonly functionName: string;
}

export interface Invocation {
  readonly event: unknown;
  /** ms since the epoch, on the world's clock. */
  readonly deadline: number;
  readonly requestId: string;
}

export type InvocationResult = { readonly result: unknown } | { readonly error: string };

type Handler = (event: unknown, context: object) => Promise<unknown>;

const data = workerData as InstanceData;
installClock(data.clock);

const loaded = await load().catch((error: unknown) => textOf(error));
parentPort?.on("message", (invocation: Invocation) => {
  void run(invocation).then((outcome) => parentPort?.postMessage(outcome));
});
parentPort?.postMessage("ready");

async function load(): Promise<Handler> {
  const module = (await import(data.bundleUrl)) as Record<string, unknown>;
  const handler = module[data.handler];
  if (typeof handler !== "function") throw new Error(`the bundle exports no \`${data.handler}\``);
  return handler as Handler;
}

async function run({ event, deadline, requestId }: Invocation): Promise<InvocationResult> {
  if (typeof loaded === "string") return { error: loaded };
  const context = {
    awsRequestId: requestId,
    functionName: data.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:111122223333:function:${data.functionName}`,
    memoryLimitInMB: "512",
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    return { result: await loaded(event, context) };
  } catch (error) {
    return { error: textOf(error) };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
