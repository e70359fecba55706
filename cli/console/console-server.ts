import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, isJson, pageHeaders, sendJson } from "../loopback/page-requests.ts";
import { createLoopbackServer, type LoopbackServer } from "../loopback/server.ts";
import { errorText } from "../shell/error-text.ts";
import { isOfOurPage, statesSecret } from "./page-door.ts";

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** What is behind the doors. Each answers an object for the page, or undefined where there is nothing. */
export interface Doors {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly secret: string;
  readonly get: (path: string, query: URLSearchParams) => Promise<object | undefined>;
  readonly post: (path: string, body: string) => Promise<object | undefined>;
  /** Is called for each request that states the secret. */
  readonly used: () => void;
}

/** The console's page, for the browser of the person who started it and nobody else. The page's files hold nothing of the stack; all else takes the secret. */
export class ConsoleServer {
  readonly #doors: Doors;
  readonly #server: LoopbackServer;
  #host = "";

  constructor(doors: Doors) {
    this.#doors = doors;
    this.#server = createLoopbackServer(
      async (request, response) => await this.#route(request, response),
      (response, error) => sendJson(response, 500, { ok: false, text: errorText(error) }),
    );
  }

  /** Listens on 127.0.0.1; 0 takes any free port. Returns the URL without the secret. Throws a PortInUseError. */
  async listen(port: number): Promise<string> {
    const url = await this.#server.listen(port);
    this.#host = new URL(url).host;
    return url;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "" } = request;
    if (!isOfOurPage(request, this.#host)) return refuse(response, 403, "this page is for this machine only");
    const [path = "", query = ""] = url.split("?", 2);
    const file = this.#doors.files.get(path);
    if (file !== undefined && method === "GET")
      return void response.writeHead(200, { ...pageHeaders, "content-type": file.type }).end(file.content);
    if (!statesSecret(request, this.#doors.secret))
      return refuse(response, 401, "open the URL that reprieve console printed: it holds the secret of this start");
    this.#doors.used();
    if (method === "GET") return answer(response, await this.#doors.get(path, new URLSearchParams(query)));
    if (method !== "POST") return refuse(response, 405, "only GET and POST");
    if (!isJson(request)) return refuse(response, 415, "expected JSON");
    const body = await bodyOf(request);
    if (body === undefined) return refuse(response, 413, "the request is too large");
    answer(response, await this.#doors.post(path, body));
  }
}

function answer(response: ServerResponse, body: object | undefined): void {
  if (body === undefined) refuse(response, 404, "there is nothing here");
  else sendJson(response, 200, body);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  sendJson(response, status, { ok: false, text });
}
