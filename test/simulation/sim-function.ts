import type { FunctionName } from "../../scripts/bundle.ts";
import type { Code } from "./bundle.ts";
import type { SimClock } from "./clock.ts";
import { clientOf } from "./doubles/client-double.ts";
import type { AwsPort } from "./doubles/perform.ts";
import type { Call } from "./fate.ts";
import { type Handler, Instance } from "./instance.ts";
import type { Answer } from "./local.ts";
import type { Network } from "./network.ts";
import type { Random } from "./random.ts";
import { scopeOf } from "./sandbox.ts";
import { sdkTransport } from "./sdk-transport.ts";

export interface FunctionOptions {
  readonly name: FunctionName;
  readonly code: Code;
  /** Name of the exported handler. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: SimClock;
  readonly random: Random;
  readonly network: Network;
  /** Carries out the calls of doubles of clients. */
  readonly perform: (call: Call) => Answer;
  /** What `reprieve:build` holds for an environment that starts now. */
  readonly facts: () => object;
  /** How far (ms) the clock of an environment that starts now is ahead. */
  readonly skewMs: () => number;
  readonly onLine: (line: string) => void;
  /** Counts for CloudWatch: invocations that failed, or found no environment. */
  readonly count: (metric: "Errors" | "Throttles") => void;
}

/** A Lambda function: cold starts, one invocation at a time for each environment, timeout, limited concurrency. */
export class SimFunction {
  readonly #options: FunctionOptions;
  readonly #instances = new Set<Instance>();
  #requests = 0;

  constructor(options: FunctionOptions) {
    this.#options = options;
  }

  get name(): FunctionName {
    return this.#options.name;
  }

  get concurrency(): number {
    return this.#options.concurrency;
  }

  get running(): number {
    return [...this.#instances].filter(({ busy }) => busy).length;
  }

  /** Runs the handler; throws what it throws, or that it timed out or died. */
  async invoke(event: unknown): Promise<unknown> {
    const { concurrency, count } = this.#options;
    const idle = [...this.#instances].find(({ busy }) => !busy);
    if (idle === undefined && this.#instances.size >= concurrency) {
      count("Throttles");
      throw new Error("Rate Exceeded: no concurrency is left");
    }
    const instance = idle ?? (await this.#start());
    instance.busy = true;
    try {
      return await this.#run(instance, event);
    } catch (error) {
      count("Errors");
      throw error;
    }
  }

  /** Lets the next invocations begin in new environments; what is under way goes on in the old ones. */
  deploy(): void {
    for (const instance of this.#instances) if (!instance.busy) instance.dead = true;
    this.#instances.clear();
  }

  /** Ends every environment at once, also in the middle of an invocation. */
  async kill(): Promise<void> {
    for (const instance of [...this.#instances]) this.#end(instance, "the execution environment ended");
  }

  async #start(): Promise<Instance> {
    const { clock, random, skewMs } = this.#options;
    const instance = new Instance(clock, skewMs());
    this.#instances.add(instance);
    await clock.sleep(200 + random.upTo(600));
    if (!instance.dead) this.#load(instance);
    return instance;
  }

  async #run(instance: Instance, event: unknown): Promise<unknown> {
    const { clock, timeoutMs } = this.#options;
    return await new Promise((resolve, reject) => {
      const timer = clock.after(timeoutMs, () => this.#end(instance, "Task timed out"));
      instance.fail = (why) => {
        timer.cancel();
        reject(new Error(why));
      };
      if (instance.dead) return instance.fail("the execution environment ended");
      const settled = (settle: () => void) => {
        if (instance.dead) return;
        timer.cancel();
        instance.busy = false;
        settle();
      };
      instance.handler(event, this.#context(clock.now() + timeoutMs)).then(
        (result) => settled(() => resolve(result)),
        (error: unknown) => settled(() => reject(error instanceof Error ? error : new Error(String(error)))),
      );
    });
  }

  #context(deadline: number): object {
    const { clock, name } = this.#options;
    return {
      awsRequestId: `${name}-${++this.#requests}`,
      functionName: name,
      functionVersion: "$LATEST",
      invokedFunctionArn: `arn:aws:lambda:us-east-1:111122223333:function:${name}`,
      memoryLimitInMB: "512",
      getRemainingTimeInMillis: () => deadline - clock.now(),
    };
  }

  #end(instance: Instance, why: string): void {
    this.#instances.delete(instance);
    instance.end(why);
  }

  #load(instance: Instance): void {
    const { name, code, handler, clock, random, network, perform, environment, facts, onLine } = this.#options;
    const accessKeyId = environment["AWS_ACCESS_KEY_ID"] ?? "";
    const caller = { instance, accessKeyId, kill: (why: string) => this.#end(instance, why) };
    const { values, exported } = scopeOf({
      ...{ name, clock, instance, random, environment, onLine },
      fetch: network.fetchFor(caller),
      signals: network.signals,
      simulation: {
        send: sdkTransport(network, caller),
        facts: facts(),
        clientOf: (port: AwsPort) => clientOf(port, { network, clock, random, caller, perform }),
      },
    });
    code(...values);
    const found = (exported() as Record<string, Handler>)[handler];
    if (found === undefined) throw new Error(`${name} exports no \`${handler}\``);
    instance.handler = found;
  }
}
