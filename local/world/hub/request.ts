import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { headerOf, jsonObject, type ServiceRequest, type ServiceResponse } from "../../aws/service-request.ts";

/** Largest request (bytes) that the endpoint reads. */
const maxBody = 1_000_000;

/** A page in someone's browser must not reach the endpoint, neither by a foreign origin nor by a name that resolves to loopback. */
export function isLocal({ headers }: IncomingMessage): boolean {
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  return ["127.0.0.1", "localhost", "[::1]"].includes(host) && headers.origin === undefined;
}

export function accessKeyOf(request: ServiceRequest): string {
  return /Credential=([A-Za-z0-9]{1,128})\//.exec(headerOf(request, "authorization") ?? "")?.[1] ?? "";
}

/** The body, or undefined for one that is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > maxBody) return undefined;
  }
  return Buffer.concat(chunks);
}

export function answer(response: ServerResponse, { status, body, headers = {} }: ServiceResponse): void {
  const type = typeof body === "string" ? "text/xml" : "application/x-amz-json-1.0";
  response.writeHead(status, { "content-type": type, "x-amzn-requestid": randomUUID(), ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** Has `server`, which reads requests by itself, answer one that has been read already. */
export async function requestAgain(server: Server, request: ServiceRequest, body: Buffer): Promise<ServiceResponse> {
  const { method, url, headers } = request;
  const again = Object.assign(Readable.from([body]), { method, url, headers });
  return await new Promise<ServiceResponse>((resolve) => {
    const response = {
      statusCode: 200,
      setHeader: () => {},
      removeHeader: () => {},
      end: (text: string | Buffer = "") =>
        resolve({ status: response.statusCode, body: jsonObject(String(text)) ?? {} }),
    };
    server.emit("request", again, response);
  });
}
