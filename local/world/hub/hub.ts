import type { IncomingMessage, ServerResponse } from "node:http";
import { createLoopbackServer, type LoopbackServer } from "../../../cli/loopback/server.ts";
import type { ServiceResponse } from "../../aws/service-request.ts";
import { Faults } from "./faults.ts";
import { answer, isLocal, readBody } from "./request.ts";
import { type ServiceRouter, serviceCallOf } from "./service-router.ts";
import { unknownService } from "./services.ts";
import type { Carried, Transport } from "./transport.ts";

export interface HubOptions {
  readonly router: ServiceRouter;
  /** Whether a function of the stack uses the access key. */
  readonly isFunction: (accessKeyId: string) => boolean;
  /** Ends at once the caller that uses the access key. */
  readonly crash: (accessKeyId: string) => Promise<void>;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** How long a slow service takes. */
const slownessMs = 2_000;

/** One HTTP endpoint on loopback for every AWS service of the local world, distinguished by target, action or path. */
export class Hub implements Transport {
  readonly faults = new Faults();
  readonly #server: LoopbackServer;
  readonly #options: HubOptions;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#server = createLoopbackServer(
      async (request, response) => await this.#route(request, response),
      (response, error) =>
        answer(response, { status: 500, body: { __type: "InternalServerException", Message: String(error) } }),
    );
  }

  /** Listens on 127.0.0.1 and answers the endpoint's URL. Throws a PortInUseError. */
  async listen(port: number): Promise<string> {
    return await this.#server.listen(port);
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  get denied(): readonly string[] {
    return this.#options.router.denied;
  }

  observe(observer: (carried: Carried) => void): () => void {
    return this.#options.router.observe(observer);
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Of this world's clock: anyone who signs by another one corrects theirs, as the AWS SDKs do.
    response.setHeader("date", new Date(this.#options.now()).toUTCString());
    if (!isLocal(request))
      return answer(response, { status: 403, body: { __type: "AccessDeniedException", Message: "loopback only" } });
    const call = serviceCallOf(request, await readBody(request));
    if (call === undefined) return answer(response, unknownService);
    const fault = this.faults.next(call.service, this.#options.isFunction(call.accessKeyId));
    if (fault === "refuse") return void request.socket.destroy();
    if (fault === "hang") return;
    if (fault === "error" || fault === "throttle") return answer(response, faultAnswers[fault]);
    if (fault === "slow") await this.#options.sleep(slownessMs);
    if (fault === "crash-before") return await this.#crash(call.accessKeyId, request);
    const answered = await this.#options.router.carryOut(call);
    if (fault === "crash-after") return await this.#crash(call.accessKeyId, request);
    answer(response, answered);
  }

  /** The caller dies, and with it the connection; anyone who is no function of ours loses the connection alone. */
  async #crash(accessKeyId: string, request: IncomingMessage): Promise<void> {
    await this.#options.crash(accessKeyId);
    request.socket.destroy();
  }
}

const faultAnswers: Readonly<Record<"error" | "throttle", ServiceResponse>> = {
  error: { status: 500, body: { __type: "InternalServerError", Message: "fault on demand" } },
  throttle: { status: 400, body: { __type: "ThrottlingException", Message: "Rate exceeded" } },
};
