import { jsonObject, type ServiceRequest, type ServiceResponse } from "../service-request.ts";
import type { Invocable } from "./invocable.ts";

/** Lambda's Invoke, as far as an operator uses it: waits for the answer of the function that the path names. */
export async function invokeByName(
  functions: ReadonlyMap<string, Invocable>,
  { url = "" }: ServiceRequest,
  body: Buffer,
): Promise<ServiceResponse> {
  const [, named = ""] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/.exec(url) ?? [];
  const target = functions.get(decodeURIComponent(named).split("-").at(-1) ?? "");
  const json = { "content-type": "application/json" };
  const refused = (status: number, type: string, Message: string): ServiceResponse => ({
    status,
    body: { Message },
    headers: { ...json, "x-amzn-errortype": type },
  });
  if (target === undefined) return refused(404, "ResourceNotFoundException", `there is no function ${named}`);
  if (target.running >= target.concurrency) return refused(429, "TooManyRequestsException", "Rate Exceeded.");
  try {
    const answered = await target.invoke(jsonObject(body.toString("utf8")));
    return { status: 200, body: JSON.stringify(answered ?? null), headers: json };
  } catch (error) {
    return {
      status: 200,
      body: { errorMessage: String(error) },
      headers: { ...json, "x-amz-function-error": "Unhandled" },
    };
  }
}
