import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listenOn } from "../loopback.ts";
import type { ActAnswer } from "./page-acts.ts";
import { pageFile } from "./page-files.ts";

/** `rate-limited` answers 429, `error` 500, `refuse` resets the connection, `hang` never answers. */
export type SlackFault = "up" | "rate-limited" | "error" | "refuse" | "hang";

/** What is behind the doors. */
export interface Doors {
  readonly fault: () => SlackFault;
  readonly api: (method: string, authorization: string | undefined, body: string) => object;
  readonly act: (act: string, body: string) => Promise<ActAnswer>;
  readonly events: (page: ServerResponse) => void;
}

/** Largest request that is read. */
const maxBody = 1_000_000;

const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Slack's API, and the page that shows the workspace, on loopback. */
export class WorkspaceServer {
  readonly #doors: Doors;
  readonly #server: Server;

  constructor(doors: Doors) {
    this.#doors = doors;
    this.#server = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => {
        if (!response.headersSent) json(response, 500, { ok: false, error: "fatal_error", detail: String(error) });
      });
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  /** Throws a PortInUseError. */
  async listen(port: number): Promise<string> {
    return await listenOn(this.#server, port);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOurs(request)) return json(response, 403, { ok: false, error: "loopback only" });
    const [, folder = "", name = ""] = /^\/(api|act)\/([\w.]{1,60})$/.exec(request.url ?? "") ?? [];
    if (folder === "") return this.#show(request, response);
    if (request.method !== "POST") return json(response, 405, { ok: false, error: "method_not_allowed" });
    if (folder === "api" && this.#faulty(request, response)) return;
    // A form of a foreign page could come without an origin, but never as JSON.
    if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
      return json(response, folder === "api" ? 200 : 415, { ok: false, error: "invalid_post_type" });
    const body = await bodyOf(request);
    if (body === undefined) return json(response, 413, { ok: false, error: "request_too_large" });
    if (folder === "api") return json(response, 200, this.#doors.api(name, request.headers.authorization, body));
    const { status, body: said } = await this.#doors.act(name, body);
    json(response, status, said);
  }

  /** Behaves as told to, and answers whether that is the end of the request. */
  #faulty(request: IncomingMessage, response: ServerResponse): boolean {
    const fault = this.#doors.fault();
    if (fault === "refuse") request.socket.destroy();
    if (fault === "hang") request.resume();
    if (fault === "error") json(response, 500, { ok: false, error: "internal_error" });
    if (fault === "rate-limited") {
      response.setHeader("retry-after", "3");
      json(response, 429, { ok: false, error: "ratelimited" });
    }
    return fault !== "up";
  }

  #show(request: IncomingMessage, response: ServerResponse): void {
    const path = request.method === "GET" ? (request.url ?? "") : "";
    const file = pageFile(path);
    if (path === "/events") {
      response.writeHead(200, { ...pageHeaders, "content-type": "text/event-stream" });
      this.#doors.events(response);
    } else if (file === undefined) json(response, 404, { ok: false, error: "not_found" });
    else response.writeHead(200, { ...pageHeaders, "content-type": file.type }).end(file.content);
  }
}

/** A page in somebody's browser must not reach this, neither by a foreign origin nor by a name that resolves to loopback. */
function isOurs({ headers: { host = "", origin } }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`);
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) {
    text += chunk;
    if (text.length > maxBody) return undefined;
  }
  return text;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...pageHeaders, "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
