import type { SimClock } from "./clock.ts";
import { type Call, type Delivery, type Fate, unanswered, underFate } from "./fate.ts";
import type { Instance } from "./instance.ts";
import type { Answer } from "./local.ts";
import { Overlaps } from "./overlaps.ts";
import type { Random } from "./random.ts";
import { Recent } from "./recent.ts";
import { type Answered, answeredOf, latencyMs } from "./wire.ts";

/** A request on the wire. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How long (ms) the caller waits; 0 forever. */
  readonly timeoutMs: number;
}

/** Who makes a request, and how that environment is ended. */
export interface Caller {
  /** The access key of its environment; empty for people. */
  readonly accessKeyId: string;
  readonly instance: Pick<Instance, "dead">;
  readonly kill: (why: string) => void;
}

/** A call that a service has carried out. */
export interface Carried extends Call {
  readonly status: number;
  /** Its caller receives no success. */
  readonly isAnswerLost: boolean;
}

/** What reaches a caller, if anything does. */
export type Delivered = Exclude<Delivery, string>;

/** One call and its answer, in the form that its caller gets. */
interface Exchange<Got> {
  readonly call: Call;
  readonly caller: Caller;
  readonly timeoutMs: number;
  /** What is noted of the call, and of its answer. */
  readonly text: string;
  readonly serve: (call: Call) => Promise<Answer>;
  readonly answered: (delivery: Delivered) => Got;
  readonly shown: (got: Got) => string;
}

export interface NetworkOptions {
  readonly clock: SimClock;
  readonly random: Random;
  readonly callOf: (sent: Sent) => Call;
  readonly serve: (sent: Sent, call: Call) => Promise<Answer>;
  readonly fate: (call: Call) => Fate | undefined;
  readonly trace: (line: string) => void;
}

/** Every request of the simulation: the scheduler decides when it arrives, what happens to it, and when its answer arrives. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #observers = new Set<(carried: Carried) => void>();
  readonly #recent: Recent;
  /** `AbortSignal` on virtual time. */
  readonly signals;
  readonly overlaps: Overlaps;
  requests = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
    const { clock } = options;
    this.#recent = new Recent(() => clock.now());
    this.overlaps = new Overlaps(() => clock.now());
    const timeout = (ms: number): AbortSignal => {
      const controller = new AbortController();
      clock.after(ms, () => controller.abort(new DOMException("timed out", "TimeoutError")));
      return controller.signal;
    };
    this.signals = { timeout, any: AbortSignal.any.bind(AbortSignal), abort: AbortSignal.abort.bind(AbortSignal) };
  }

  /** Notifies `observer` of every call that was carried out. */
  observe(observer: (carried: Carried) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  async request(sent: Sent, caller: Caller): Promise<Answered> {
    const { clock, callOf, serve } = this.#options;
    const read = callOf(sent);
    // Calls of Slack carry no access key, and those of STS that of the person who proves something.
    const call = read.port === "slack" || read.port === "sts" ? { ...read, accessKeyId: caller.accessKeyId } : read;
    return await this.#exchange({
      ...{ call, caller, timeoutMs: sent.timeoutMs, text: String(sent.body) },
      serve: async (changed) => await serve(sent, changed),
      answered: (delivery) => answeredOf(delivery, clock.now()),
      shown: ({ status, body }) => `${status} ${body}`,
    });
  }

  /** Carries out a call that is no request: the double of a client makes it. The caller waits for `timeoutMs`, or forever if that is 0. */
  async call(call: Call, caller: Caller, timeoutMs: number, serve: (call: Call) => Answer): Promise<Delivered> {
    return await this.#exchange({
      ...{ call, caller, timeoutMs, text: "" },
      serve: async (changed) => serve(changed),
      answered: (delivery) => delivery,
      shown: ({ answer }) => String(answer.status),
    });
  }

  async #exchange<Got>({ call, caller, timeoutMs, text, serve, answered, shown }: Exchange<Got>): Promise<Got> {
    const { clock, random, fate: fateOf, trace } = this.#options;
    const fate = fateOf(call);
    const label = `${++this.requests} ${call.accessKeyId} ${call.port}.${call.operation}`;
    const ended = this.overlaps.begin(call, caller.instance);
    return await new Promise((resolve, reject) => {
      let settled = false;
      const settle = (how: string, done: () => void) => {
        if (settled || caller.instance.dead) return;
        settled = true;
        ended();
        timer?.cancel();
        trace(`${clock.now()} < ${label} ${how}`);
        done();
      };
      const timer =
        timeoutMs > 0 ? clock.after(timeoutMs, () => settle("timeout", () => reject(timedOut()))) : undefined;
      const deliver = (delivery: Delivery) => {
        if (delivery === "silence") return;
        if (delivery === "crash") return caller.kill("crashed");
        clock.after(latencyMs(random, fate), () => {
          if (delivery === "reset") return settle("reset", () => reject(reset()));
          const got = answered(delivery);
          settle(shown(got), () => resolve(got));
        });
      };
      clock.after(latencyMs(random, fate), () => {
        trace(`${clock.now()} > ${label} ${fate ?? "up"} ${text}`);
        let copies = 0;
        const perform = async (changed: Call) => {
          copies += 1;
          // Of a request that is carried out twice, the caller sees the second answer only.
          const isAnswerLost = fate === "repeated" ? copies === 1 : fate !== undefined && unanswered.includes(fate);
          return await this.#perform(changed, serve, isAnswerLost);
        };
        underFate(fate, call, perform, () => this.#recent.answerTo(call)).then(deliver, reject);
      });
    });
  }

  /** Returns `fetch` for one caller. */
  fetchFor(caller: Caller): typeof fetch {
    return async (input, init = {}) => {
      const { host, pathname, search } = new URL(input instanceof Request ? input.url : input);
      const headers = Object.fromEntries(new Headers(init.headers));
      const body = Buffer.from((init.body ?? "") as string);
      const sent = { method: init.method ?? "GET", url: pathname + search, host, headers, body, timeoutMs: 0 };
      const answer = await Promise.race([
        this.request({ ...sent, headers: { host, ...headers } }, caller),
        aborted(init.signal),
      ]);
      const text = answer.stalled ? new ReadableStream() : answer.body;
      return new Response(text, { status: answer.status, headers: answer.headers });
    };
  }

  async #perform(call: Call, serve: Exchange<never>["serve"], isAnswerLost: boolean): Promise<Answer> {
    const answer = await serve(call);
    this.#recent.keep(call, answer);
    for (const observer of this.#observers) observer({ ...call, status: answer.status, isAnswerLost });
    return answer;
  }
}

/** Rejects when `signal` is aborted. */
async function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return await new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

const reset = () => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
const timedOut = () => Object.assign(new Error("timed out"), { name: "TimeoutError" });
