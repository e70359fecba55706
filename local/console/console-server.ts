import type { IncomingMessage, ServerResponse } from "node:http";
import type { PageFile } from "../../cli/console/console-server.ts";
import { bodyOf, isJson, isOurs, pageHeaders, sendJson } from "../../cli/loopback/page-requests.ts";
import { createLoopbackServer, type LoopbackServer } from "../../cli/loopback/server.ts";
import type { ActAnswer } from "./acts.ts";
import type { Acting } from "./parts.ts";

/** What is behind the doors. */
export interface Doors {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly act: (name: string, body: string) => Promise<ActAnswer>;
  /** Opens a page that acts as a person, with so many days of notice. */
  readonly events: (page: ServerResponse, acting: Acting) => void;
}

/** The console's page, on loopback, for a browser on this machine and nobody else. */
export class ConsoleServer {
  readonly #doors: Doors;
  readonly #server: LoopbackServer;

  constructor(doors: Doors) {
    this.#doors = doors;
    this.#server = createLoopbackServer(
      async (request, response) => await this.#route(request, response),
      (response, error) => sendJson(response, 500, { trouble: String(error) }),
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
    const { method, url = "" } = request;
    if (!isOurs(request)) return sendJson(response, 403, { trouble: "loopback only" });
    const [, name] = /^\/act\/([a-z-]{1,30})$/.exec(url) ?? [];
    if (name !== undefined) return await this.#act(name, request, response);
    const [path = "", query = ""] = url.split("?", 2);
    const file = this.#doors.files.get(path);
    if (method !== "GET") return sendJson(response, 405, { trouble: "only to be looked at" });
    if (path === "/events") {
      response.writeHead(200, { ...pageHeaders, "content-type": "text/event-stream" });
      this.#doors.events(response, actingIn(new URLSearchParams(query)));
    } else if (file === undefined) sendJson(response, 404, { trouble: "there is nothing here" });
    else response.writeHead(200, { ...pageHeaders, "content-type": file.type }).end(file.content);
  }

  async #act(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST") return sendJson(response, 405, { trouble: "an act is a POST" });
    if (!isJson(request)) return sendJson(response, 415, { trouble: "an act is JSON" });
    const body = await bodyOf(request);
    if (body === undefined) return sendJson(response, 413, { trouble: "that is too much" });
    const { status, body: answered } = await this.#doors.act(name, body);
    sendJson(response, status, answered);
  }
}

function actingIn(query: URLSearchParams): Acting {
  const days = Number(query.get("days"));
  const isPeriod = Number.isInteger(days) && days >= 3 && days <= 180;
  return { person: (query.get("as") ?? "").slice(0, 60), days: isPeriod ? days : 3 };
}
