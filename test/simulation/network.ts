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
    const { clock, random, callOf, fate: fateOf, trace } = this.#options;
    const read = callOf(sent);
    // Calls of Slack carry no access key.
    const call = read.port === "slack" ? { ...read, accessKeyId: caller.accessKeyId } : read;
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
      const { timeoutMs } = sent;
      const timer =
        timeoutMs > 0 ? clock.after(timeoutMs, () => settle("timeout", () => reject(timedOut()))) : undefined;
      const deliver = (delivery: Delivery) => {
        if (delivery === "silence") return;
        if (delivery === "crash") return caller.kill("crashed");
        clock.after(latencyMs(random, fate), () => {
          if (delivery === "reset") return settle("reset", () => reject(reset()));
          const answered = answeredOf(delivery, clock.now());
          settle(`${answered.status} ${answered.body}`, () => resolve(answered));
        });
      };
      clock.after(latencyMs(random, fate), () => {
        trace(`${clock.now()} > ${label} ${fate ?? "up"} ${sent.body}`);
        const perform = async (changed: Call) => await this.#perform(sent, changed, fate);
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

  async #perform(sent: Sent, call: Call, fate: Fate | undefined): Promise<Answer> {
    const answer = await this.#options.serve(sent, call);
    this.#recent.keep(call, answer);
    const isAnswerLost = fate !== undefined && unanswered.includes(fate);
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
