import type { IncomingMessage } from "node:http";
import type { Answer } from "../../world/hub/request.ts";
import { people, you } from "../../world/people.ts";
import { type KnownCaller, stsAnswer } from "./sts.ts";

/** The regional STS on this machine: knows everybody of the local world by access key; the secret of each is `local`. */
export function createLocalSts(now: () => number, region: string) {
  const callers = Object.fromEntries(
    [...people, { ...you, accessKeyId: "local" }].map((person) => [person.accessKeyId, callerOf(person.userIdentity)]),
  );
  return async (request: IncomingMessage, body: Buffer): Promise<Answer> => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const arrived = { method: request.method ?? "", path, query, headers, body: body.toString("utf8") };
    // Whoever calls from outside signs by the time of this machine, however far the clock of the world was moved.
    const outside = headers["authorization"]?.includes("Credential=local/") === true;
    const said = stsAnswer(arrived, { region, now: outside ? Date.now : now, callers });
    // STS speaks XML, and JSON to whoever asks for it.
    if (headers["accept"]?.includes("json")) return { ...said, headers: { "content-type": "application/json" } };
    return {
      status: said.status,
      body: xmlOf(JSON.parse(said.body) as object),
      headers: { "content-type": "text/xml" },
    };
  };
}

/** Elements without attributes; of an error the envelope that STS gives it. */
function xmlOf(value: object): string {
  const elements = (of: object): string =>
    Object.entries(of)
      .map(
        ([name, inner]) =>
          `<${name}>${typeof inner === "object" ? elements(inner as object) : String(inner)}</${name}>`,
      )
      .join("");
  return "Error" in value ? `<ErrorResponse>${elements(value)}</ErrorResponse>` : elements(value);
}

function callerOf(identity: object): KnownCaller {
  const { accountId, arn, principalId } = identity as { accountId: string; arn: string; principalId: string };
  return { secret: "local", identity: { Account: accountId, Arn: arn, UserId: principalId } };
}
