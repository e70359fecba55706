import type { SimClock } from "../clock.ts";
import type { Call, Delivery } from "../fate.ts";
import type { Answer } from "../local.ts";
import type { Caller, Network } from "../network.ts";
import type { Random } from "../random.ts";
import type { AwsPort } from "./perform.ts";
import { errorNameOf, outputOf, translated } from "./translate.ts";

/** What the doubles of one environment's clients stand on. */
export interface ClientSurroundings {
  readonly network: Network;
  readonly clock: SimClock;
  readonly random: Random;
  readonly caller: Caller;
  readonly perform: (call: Call) => Answer;
}

interface Wire {
  readonly headers: Readonly<Record<string, string>>;
}

interface Command {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** Only of a command that stands in for another operation. */
  readonly serialize?: (input: unknown, context: object) => Promise<Wire>;
  readonly deserialize?: (response: object, context: object) => Promise<unknown>;
}

type Middleware = (next: (args: object) => Promise<unknown>) => (args: object) => Promise<unknown>;

interface ClientConfiguration {
  readonly maxAttempts?: number;
  readonly requestHandler?: { readonly requestTimeout?: number };
}

/** The SDK's quota of retries for each client: what a retry costs, and what the client has at most. */
const quota = { tokens: 500, retry: 5, timeout: 10 };

/** How long (ms) `wholeAnswers` waits for a body that stalls. */
const bodyMs = 2_500;
const retriedNames = ["ThrottlingException", "TimeoutError", "ProvisionedThroughputExceededException"];

/** Returns the classes that stand for those of one SDK client: attempts, timeouts and errors as the SDK has them. */
export function clientOf(port: AwsPort, surroundings: ClientSurroundings) {
  const errors = new Map<string, new (message: string) => Error>();
  const errorClass = (name: string) => {
    const known = errors.get(name) ?? class extends Error {};
    errors.set(name, known);
    return known;
  };
  const send = sender(port, surroundings, (name, message) =>
    Object.assign(new (errorClass(name))(message), { name, $metadata: {} }),
  );
  class Client {
    readonly config: ClientConfiguration;
    readonly #retries = new RetryQuota();
    #paced: Middleware | undefined;
    readonly middlewareStack = {
      add: () => {},
      use: () => {},
      identify: () => [],
      addRelativeTo: (middleware: Middleware, { name }: { readonly name?: string }) => {
        if (name === "pace") this.#paced = middleware;
      },
    };

    constructor(config: ClientConfiguration = {}) {
      this.config = config;
    }

    async send(command: Command): Promise<unknown> {
      return await send(command, this.config, this.#retries, this.#paced);
    }
  }
  return { Client, commandOf, errorClass };
}

function commandOf(operation: string) {
  return class {
    readonly operation = operation;
    readonly input: unknown;
    serialize = async () => ({ headers: {} });

    constructor(input: unknown) {
      this.input = input;
    }
  };
}

function sender(
  port: AwsPort,
  { network, clock, random, caller, perform }: ClientSurroundings,
  errorOf: (name: string, message: string) => Error,
) {
  const sleep = async (ms: number) =>
    await new Promise<void>((resolve) => {
      clock.after(ms, () => {
        if (!caller.instance.dead) resolve();
      });
    });
  const read = async ({ answer, truncated, stalled }: Exclude<Delivery, string>): Promise<Answer> => {
    if (stalled) {
      await sleep(bodyMs);
      throw errorOf("TimeoutError", "the answer did not end in time");
    }
    if (answer.status >= 300)
      throw Object.assign(errorOf(errorNameOf(answer), JSON.stringify(answer.body)), { status: answer.status });
    if (truncated) throw errorOf("SyntaxError", "the answer is cut off");
    return answer;
  };
  return async (
    command: Command,
    config: ClientConfiguration,
    retries: RetryQuota,
    paced: Middleware | undefined,
  ): Promise<unknown> => {
    const wanted = await operationOf(command);
    const call = { port, accessKeyId: caller.accessKeyId, ...translated(port, wanted, command.input) };
    const timeoutMs = config.requestHandler?.requestTimeout ?? 0;
    const attempt = async () => await read(await network.call(call, caller, timeoutMs, perform));
    const each = paced === undefined ? attempt : paced(attempt);
    for (let n = 1; ; n++)
      try {
        const answer = (await each({})) as Answer;
        retries.succeeded();
        return await answerTo(command, port, wanted, answer);
      } catch (error) {
        if (n >= (config.maxAttempts ?? 3) || !isRetried(error) || !retries.grants(error)) throw error;
        await sleep(random.next() * 100 * 2 ** n);
      }
  };
}

/** A client whose service keeps failing does not retry any more, as with the SDK's. */
class RetryQuota {
  #left = quota.tokens;
  #taken = 0;

  grants(error: unknown): boolean {
    const cost = (error as Error).name === "TimeoutError" ? quota.timeout : quota.retry;
    if (cost > this.#left) return false;
    this.#left -= cost;
    this.#taken = cost;
    return true;
  }

  succeeded(): void {
    this.#left = Math.min(quota.tokens, this.#left + (this.#taken || 1));
    this.#taken = 0;
  }
}

/** The SDK gives an operation that it does not know through another one's command. */
async function operationOf({ operation, serialize, input }: Command): Promise<string> {
  const { headers } = (await serialize?.(input, {})) ?? { headers: {} };
  return headers["x-amz-target"]?.split(".").at(-1) ?? operation;
}

async function answerTo(command: Command, port: AwsPort, operation: string, answer: Answer): Promise<unknown> {
  if (command.deserialize === undefined) return outputOf(port, operation, answer);
  const response = { statusCode: answer.status, body: Buffer.from(JSON.stringify(answer.body)) };
  return await command.deserialize(response, { utf8Encoder: (bytes: Buffer) => bytes.toString("utf8") });
}

function isRetried(error: unknown): boolean {
  const { name, code, status = 0 } = error as { name?: string; code?: string; status?: number };
  return code === "ECONNRESET" || status >= 500 || retriedNames.includes(name ?? "");
}
