import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { WorldClock } from "../../clock/world-clock.ts";
import type { InstanceData, Invocation, InvocationResult } from "./instance-thread.ts";
import type { Invocable } from "./invocable.ts";

export interface LocalFunctionOptions {
  readonly name: string;
  /** The packaged bundle. */
  readonly bundleFile: string;
  /** Name of the exported handler. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: WorldClock;
  /** Gets every line the function writes. */
  readonly onLine: (line: string) => void;
}

/** One execution environment of a function. */
interface Instance {
  readonly worker: Worker;
  busy: boolean;
}

/** A Lambda function on this machine: execution environments are threads that run the packaged bundle. */
export class LocalFunction implements Invocable {
  readonly #options: LocalFunctionOptions;
  readonly #instances = new Set<Instance>();
  #bundleFile: string;

  constructor(options: LocalFunctionOptions) {
    this.#options = options;
    this.#bundleFile = options.bundleFile;
  }

  get concurrency(): number {
    return this.#options.concurrency;
  }

  get running(): number {
    return [...this.#instances].filter(({ busy }) => busy).length;
  }

  async invoke(event: unknown): Promise<unknown> {
    const instance = await this.#take();
    try {
      const outcome = await this.#run(instance, event);
      if ("error" in outcome) throw new Error(outcome.error);
      return outcome.result;
    } finally {
      instance.busy = false;
      if (!this.#instances.has(instance)) void instance.worker.terminate();
    }
  }

  /** Other code from the next invocation on; what is under way comes to its end with the old one. */
  deploy(bundleFile: string): void {
    this.#bundleFile = bundleFile;
    for (const { busy, worker } of this.#instances) if (!busy) void worker.terminate();
    this.#instances.clear();
  }

  /** Ends every execution environment at once, also in the middle of an invocation. */
  async kill(): Promise<void> {
    const instances = [...this.#instances];
    this.#instances.clear();
    await Promise.all(instances.map(async ({ worker }) => await worker.terminate()));
  }

  /** An instance that is busy from here on: nothing may come between finding it idle and taking it. */
  async #take(): Promise<Instance> {
    for (const instance of this.#instances)
      if (!instance.busy) {
        instance.busy = true;
        return instance;
      }
    if (this.#instances.size >= this.#options.concurrency) throw new Error("Rate Exceeded: no concurrency is left");
    return await this.#start();
  }

  async #start(): Promise<Instance> {
    const { handler, name, clock, environment, onLine } = this.#options;
    const workerData: InstanceData = {
      clock: clock.shared,
      bundleUrl: pathToFileURL(this.#bundleFile).href,
      handler,
      functionName: name,
    };
    const worker = new Worker(new URL("./instance-thread.ts", import.meta.url), {
      workerData,
      env: { ...environment },
      stdout: true,
      stderr: true,
    });
    for (const stream of [worker.stdout, worker.stderr]) forEachLine(stream, onLine);
    const instance = { worker, busy: true };
    this.#instances.add(instance);
    worker.once("exit", () => this.#instances.delete(instance));
    await new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the execution environment ended")));
    });
    return instance;
  }

  async #run(instance: Instance, event: unknown): Promise<InvocationResult> {
    const { worker } = instance;
    const { clock, timeoutMs } = this.#options;
    const invocation: Invocation = { event, deadline: clock.now() + timeoutMs, requestId: randomUUID() };
    return await new Promise<InvocationResult>((resolve) => {
      const end = (outcome: InvocationResult) => {
        timer.cancel();
        worker.off("message", end);
        worker.off("exit", died);
        worker.off("error", failed);
        resolve(outcome);
      };
      const died = () => end({ error: "the execution environment ended" });
      const failed = (error: unknown) => end({ error: String(error) });
      const timer = clock.after(timeoutMs, () => {
        end({ error: `Task timed out after ${timeoutMs / 1000} seconds` });
        // At once, so that no further invocation is given to what is about to end.
        this.#instances.delete(instance);
        void worker.terminate();
      });
      worker.once("message", end);
      worker.once("exit", died);
      worker.once("error", failed);
      worker.postMessage(invocation);
    });
  }
}

function forEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
}
