import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials } from "../shell/credentials.ts";

/** How AWS is called. */
export interface ProbeSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly endpoint?: string;
  readonly credentials: () => Promise<Credentials>;
}

/** Returns the state of a schedule, ENABLED or DISABLED, at `now` (ms). One signed request: the SDK's client would be a dependency more. Throws what Scheduler answers. */
export async function scheduleState(
  name: string,
  { region, endpoint = `https://scheduler.${region}.amazonaws.com`, credentials }: ProbeSettings,
  now: number,
): Promise<string> {
  const { protocol, hostname, host } = new URL(endpoint);
  const path = `/schedules/${name}`;
  const signer = new SignatureV4({ service: "scheduler", region, credentials, sha256: Sha256 });
  const request = { method: "GET", protocol, hostname, path, query: {}, headers: { host } };
  const { headers } = await signer.sign(request, { signingDate: new Date(now) });
  const response = await fetch(`${protocol}//${host}${path}`, { headers, signal: AbortSignal.timeout(10_000) });
  if (response.ok) return stateIn(await response.json());
  const kind = response.headers.get("x-amzn-errortype") ?? `status ${response.status}`;
  throw Object.assign(new Error(`EventBridge Scheduler answered ${response.status}`), { name: kind.split(":")[0] });
}

function stateIn(answer: unknown): string {
  const state = (answer as { State?: unknown } | null)?.State;
  return typeof state === "string" ? state : "unknown";
}
