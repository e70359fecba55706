import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, isJson, isOurs, sendJson } from "../../cli/loopback/page-requests.ts";
import { createLoopbackServer, type LoopbackServer } from "../../cli/loopback/server.ts";
import type { SlackFault } from "./slack-fault.ts";

/** What is behind the door. */
export interface Door {
  readonly fault: () => SlackFault;
  readonly api: (method: string, authorization: string | undefined, body: string) => object;
}

/** Slack's API, on loopback. */
export class WorkspaceServer {
  readonly #door: Door;
  readonly #server: LoopbackServer;

  constructor(door: Door) {
    this.#door = door;
    this.#server = createLoopbackServer(
      async (request, response) => await this.#route(request, response),
      (response, error) => sendJson(response, 500, { ok: false, error: "fatal_error", detail: String(error) }),
    );
  }

  /** Throws a PortInUseError. */
  async listen(port: number): Promise<string> {
    return await this.#server.listen(port);
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOurs(request)) return sendJson(response, 403, { ok: false, error: "loopback only" });
    const [, method] = /^\/api\/([\w.]{1,60})$/.exec(request.url ?? "") ?? [];
    if (method === undefined) return sendJson(response, 404, { ok: false, error: "not_found" });
    if (request.method !== "POST") return sendJson(response, 405, { ok: false, error: "method_not_allowed" });
    if (this.#faulty(request, response)) return;
    if (!isJson(request)) return sendJson(response, 200, { ok: false, error: "invalid_post_type" });
    const body = await bodyOf(request);
    if (body === undefined) return sendJson(response, 413, { ok: false, error: "request_too_large" });
    sendJson(response, 200, this.#door.api(method, request.headers.authorization, body));
  }

  /** Behaves as told to, and answers whether that is the end of the request. */
  #faulty(request: IncomingMessage, response: ServerResponse): boolean {
    const fault = this.#door.fault();
    if (fault === "refuse") request.socket.destroy();
    if (fault === "hang") request.resume();
    if (fault === "error") sendJson(response, 500, { ok: false, error: "internal_error" });
    if (fault === "rate-limited") {
      response.setHeader("retry-after", "3");
      sendJson(response, 429, { ok: false, error: "ratelimited" });
    }
    return fault !== "up";
  }
}
