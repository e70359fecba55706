import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A call as the fake AWS received it. */
export interface FakeCall {
  /** An action, or method and path for S3. */
  readonly action: string;
  /** The access key that signed it. */
  readonly accessKey: string;
  readonly body: string;
  readonly path: string;
}

/** What the fake AWS answers to an action: a body, or an error. */
type Answer =
  | { readonly status: number; readonly code: string; readonly message: string }
  | { readonly xml: string }
  | { readonly json: unknown };
export type Answers = Readonly<Record<string, (call: FakeCall) => Answer>>;

/** An AWS of a few actions on one port of this machine. Every other action is refused by name. */
export async function startFakeAws(answers: Answers) {
  const calls: FakeCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const target = request.headers["x-amz-target"];
      const query = new URLSearchParams(body).get("Action");
      const action = typeof target === "string" ? (target.split(".").at(-1) ?? "") : (query ?? `${request.method} S3`);
      const accessKey = /Credential=(\w+)/.exec(request.headers.authorization ?? "")?.[1] ?? "unsigned";
      const call = { action, accessKey, body, path: request.url ?? "/" };
      calls.push(call);
      const answer = answers[action]?.(call) ?? { status: 403, code: "AccessDenied", message: `no ${action}` };
      if ("json" in answer) {
        response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer.json));
      } else if ("xml" in answer) {
        const xml = `<${action}Response><${action}Result>${answer.xml}</${action}Result></${action}Response>`;
        response.writeHead(200, { "content-type": "text/xml" }).end(answer.xml === "" ? "" : xml);
      } else if (typeof target === "string") {
        const { code, message, status } = answer;
        const error = JSON.stringify({ __type: code, message });
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(error);
      } else {
        const { code, message, status } = answer;
        const error = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
        response.writeHead(status, { "content-type": "text/xml" }).end(error);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: async () => await new Promise<unknown>((stopped) => server.close(stopped).closeAllConnections()),
  };
}
