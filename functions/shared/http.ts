import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** An answer of the HTTP API. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export function status(statusCode: number): HttpAnswer {
  return { statusCode, body: "" };
}

export function json(statusCode: number, body: object): HttpAnswer {
  return { statusCode, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(body) };
}

/** The body as it came over the wire: API Gateway gives it as text, or as base64 of its bytes. */
export function rawBody({
  body = "",
  isBase64Encoded,
}: Pick<APIGatewayProxyEventV2, "body" | "isBase64Encoded">): Uint8Array {
  return Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
}

/** A header, whatever the case of its name; API Gateway joins several of one name by a comma, and then none of them fits. */
export function header({ headers }: Pick<APIGatewayProxyEventV2, "headers">, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
