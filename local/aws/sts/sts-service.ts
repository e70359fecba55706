import { headerOf, type ServiceRequest, type ServiceResponse } from "../service-request.ts";
import { type KnownCaller, stsAnswer } from "./sts.ts";

export interface LocalStsOptions {
  readonly region: string;
  readonly now: () => number;
  /** By access key. */
  readonly callers: Readonly<Record<string, KnownCaller>>;
}

/** Answers as the regional STS does, for the callers it is given. */
export function createLocalSts({ region, now, callers }: LocalStsOptions) {
  return async (request: ServiceRequest, body: Buffer): Promise<ServiceResponse> => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const arrived = { method: request.method ?? "", path, query, headers, body: body.toString("utf8") };
    // Anyone who calls from outside signs by the time of this machine, however far the clock of the world was moved.
    const outside = headerOf(request, "authorization")?.includes("Credential=local/") === true;
    const answered = stsAnswer(arrived, { region, now: outside ? Date.now : now, callers });
    // STS speaks XML, and JSON to anyone who asks for it.
    if (headerOf(request, "accept")?.includes("json"))
      return { ...answered, headers: { "content-type": "application/json" } };
    return {
      status: answered.status,
      body: xmlOf(JSON.parse(answered.body) as object),
      headers: { "content-type": "text/xml" },
    };
  };
}

/** Elements without attributes; of an error the envelope that STS gives it. */
function xmlOf(value: object): string {
  const elements = (parent: object): string =>
    Object.entries(parent)
      .map(
        ([name, inner]) =>
          `<${name}>${typeof inner === "object" ? elements(inner as object) : String(inner)}</${name}>`,
      )
      .join("");
  return "Error" in value ? `<ErrorResponse>${elements(value)}</ErrorResponse>` : elements(value);
}
