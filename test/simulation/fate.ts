import type { Answer, ServiceName } from "./local.ts";

export type Port = ServiceName | "slack";

/**
 * What may happen to one request. `hanging` is never answered, so that the caller's own timeout ends it; `stalled` answers with a body
 * that never ends, so that Lambda's timeout does. `repeated` carries the request out twice and answers for the second copy: the answer to
 * someone else's retry. `stale` answers a read as it was answered some seconds ago. `page-cut` lets a list end after one element.
 */
export const fates = [
  ...(["refused", "denied", "expired-credentials", "throttled", "slow", "hanging", "stalled", "failed"] as const),
  ...(["failed-after", "answer-lost", "repeated", "stale", "too-large", "page-cut", "truncated"] as const),
  ...(["crash-before", "crash-after"] as const),
] as const;
export type Fate = (typeof fates)[number];

/** Fates with which a request does not come to a good end for its caller. */
export const failing: readonly Fate[] = fates.filter(
  (fate) => !["slow", "repeated", "stale", "page-cut", "answer-lost"].includes(fate),
);

/** Fates with which a request is carried out, and its caller receives no success. */
export const unanswered: readonly Fate[] = ["failed-after", "answer-lost", "truncated", "stalled", "crash-after"];

/** One call on its way to a service. */
export interface Call {
  readonly port: Port;
  readonly operation: string;
  readonly accessKeyId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Whether a call reads and changes nothing. */
export function isRead({ port, operation }: Call): boolean {
  return port === "sts" || /^(Get|List|Describe|Query|Scan|Lookup|GET)/.test(operation);
}

/** What reaches the caller: an answer, a broken connection, nothing at all, or the end of its environment. */
export type Delivery =
  | { readonly answer: Answer; readonly truncated?: true; readonly stalled?: true }
  | "reset"
  | "silence"
  | "crash";

/** Whether `fate` makes this call fail: only what the store is to keep can be too large for it. */
export function isFailing(fate: Fate, call: Call): boolean {
  return failing.includes(fate) && (fate !== "too-large" || (call.port === "store" && !isRead(call)));
}

/** Carries `call` out as `fate` wants; `perform` has the effect. */
export async function underFate(
  fate: Fate | undefined,
  call: Call,
  perform: (call: Call) => Promise<Answer>,
  recent: () => Answer | undefined,
): Promise<Delivery> {
  switch (fate) {
    case "refused":
      return "reset";
    case "hanging":
      return "silence";
    case "crash-before":
      return "crash";
    case "denied":
    case "expired-credentials":
    case "throttled":
    case "failed":
      return { answer: errorAnswer(call.port, fate) };
    case "too-large":
      return { answer: isFailing(fate, call) ? errorAnswer(call.port, fate) : await perform(call) };
    case "stale":
      return { answer: (isRead(call) && recent()) || (await perform(call)) };
    case "page-cut":
      return { answer: await perform(cutPages(call)) };
    case "repeated":
      await perform(call);
      return { answer: await perform(call) };
    default:
      return afterEffect(fate, call, await perform(call));
  }
}

function afterEffect(fate: Fate | undefined, { port }: Call, answer: Answer): Delivery {
  if (fate === "answer-lost") return "reset";
  if (fate === "crash-after") return "crash";
  if (fate === "failed-after") return { answer: errorAnswer(port, "failed") };
  if (fate === "truncated") return { answer, truncated: true };
  return fate === "stalled" ? { answer, stalled: true } : { answer };
}

/** The parameter that limits a page of each service. */
const pageLimits: Partial<Record<Port, string>> = {
  store: "Limit",
  "control-plane": "MaxResults",
  history: "MaxResults",
};

function cutPages(call: Call): Call {
  const limit = pageLimits[call.port];
  const lists = /^(List|Query|Scan|Lookup)/.test(call.operation);
  return limit !== undefined && lists ? { ...call, body: { ...call.body, [limit]: 1 } } : call;
}

type ErrorFate = "denied" | "expired-credentials" | "throttled" | "failed" | "too-large";

const errors: Readonly<Record<ErrorFate, { readonly status: number; readonly code: string }>> = {
  denied: { status: 400, code: "AccessDeniedException" },
  "expired-credentials": { status: 400, code: "ExpiredTokenException" },
  throttled: { status: 400, code: "ThrottlingException" },
  failed: { status: 500, code: "InternalServerError" },
  "too-large": { status: 400, code: "ValidationException" },
};

/** Returns the error in the protocol of the service. */
function errorAnswer(port: Port, fate: ErrorFate): Answer {
  const { status, code } = errors[fate];
  if (port === "slack")
    return fate === "throttled"
      ? { status: 429, body: { ok: false, error: "ratelimited" }, headers: { "retry-after": "3" } }
      : { status: fate === "failed" ? 500 : 200, body: { ok: false, error: "fatal_error" } };
  const error = `<Error><Code>${code}</Code><Message>simulated</Message></Error>`;
  if (port === "archive") return { status: fate === "throttled" ? 503 : Math.max(status, 403), body: error };
  if (port === "topic" || port === "sts") return { status, body: `<ErrorResponse>${error}</ErrorResponse>` };
  return { status, body: { __type: code, Message: "simulated" } };
}
