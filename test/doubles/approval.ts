import type { Approval } from "../../functions/approval/callback.ts";
import type { ProvenVoting } from "../../functions/approval/proven-vote.ts";
import { handleRequest } from "../../functions/approval/requests.ts";
import { countingFailures } from "../../functions/shared/log-table.ts";
import type { CaseName } from "../../lib/domain/ledger/case-name.ts";
import type { PermitName } from "../../lib/domain/ledger/permit-name.ts";
import { signatureOf } from "../../lib/slack/verify-signature.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { createTestGuard, policyWith } from "./guard.ts";
import { createKeyWorld, deletionRequest, keyArn, t0 } from "./key-world.ts";
import { voteDepsOf } from "./vote-deps.ts";

export const secret = "8f742231b10e8888abcd99yyyzzz85a5";
export const workspace = { teamId: "T0LOCAL", appId: "A0REPRIEVE" };
export const caseOne = `${keyArn()}#1`;
export const now = t0 + 60_000;

const ask = policyWith([
  {
    id: "ask",
    when: { key: { usage: "TR31_C0_CARD_VERIFICATION_KEY" } },
    then: "ask",
    approval: { from: "custodians", quorum: 2, within: "24h" },
  },
]);

/** The approval function over doubles, with one case in which alice's deletion is asked about. */
export async function createTestApproval(overrides: Partial<Approval & ProvenVoting> = {}, keys = createKeyWorld()) {
  const made = createTestGuard(keys, t0 + 1000, { policy: ask });
  await guardDeletion(made.guard, { source: "event", request: deletionRequest(), deliveries: 1 });
  made.time.now = now;
  const whispers: [user: string, text: string][] = [];
  const dialogs: [trigger: string, view: object][] = [];
  const counted: string[] = [];
  const looked: CaseName[] = [];
  const told: number[] = [];
  const toldPermits: PermitName[] = [];
  const approval: Approval & ProvenVoting = {
    voteDeps: voteDepsOf(made.guard),
    pauseDeps: {
      pauses: made.pauses,
      directory: made.guard.policy.directory,
      terms: { from: "custodians", atMostMs: 4 * 3_600_000 },
      clock: made.guard.clock,
    },
    notifyPauseChanged: async (pauseNumber) => void told.push(pauseNumber),
    permitDeps: {
      cases: made.guard.cases,
      policy: made.guard.policy,
      stack: { account: "111122223333", region: "us-east-1" },
      clock: made.guard.clock,
    },
    notifyPermitChanged: async (name) => void toldPermits.push(name),
    reEvaluate: async (name) => {
      looked.push(name);
    },
    slack: {
      whisper: async (_channel, user, text) => {
        whispers.push([user, text]);
      },
      openDialog: async (trigger, view) => {
        dialogs.push([trigger, view]);
      },
    },
    signingSecret: { read: async () => secret, readAgain: async () => undefined },
    workspace,
    proof: {
      region: "us-east-1",
      stsUrl: "https://sts.us-east-1.amazonaws.com/",
      audience: "https://votes.example.com",
      fetch: async () => await Promise.reject(new Error("no STS here")),
    },
    log: countingFailures(made.guard.log, { count: (event) => counted.push(event) }),
    ...overrides,
  };
  /** What came in is on record: entries of the case, by kind. */
  const kinds = () => made.kinds()[0] ?? [];
  const codes = () =>
    made.logged.flatMap(({ code, fields }) =>
      code === "CALLBACK_REFUSED" || code === "CALLBACK_FAILED" ? [fields["code"]] : [],
    );
  return { ...made, approval, whispers, dialogs, counted, looked, told, toldPermits, kinds, codes };
}

export type TestApproval = Awaited<ReturnType<typeof createTestApproval>>;

export interface Sent {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly base64?: boolean;
  readonly route?: string;
}

/** Hands `sent` to the function as API Gateway does. */
export async function send({ approval }: Pick<TestApproval, "approval">, sent: Sent) {
  const { body, headers = {}, base64 = false, route = "POST /slack/interactions" } = sent;
  const bytes = Buffer.from(body);
  const event = {
    routeKey: route,
    headers,
    body: bytes.toString(base64 ? "base64" : "utf8"),
    isBase64Encoded: base64,
  };
  return await handleRequest(approval, event as unknown as Parameters<typeof handleRequest>[1]);
}

/** A callback as Slack sends it, signed with `key` at `at` (ms). */
export function signed(payload: unknown, { at = now, key = secret } = {}): Sent {
  const body = new URLSearchParams({
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  }).toString();
  return { body, headers: signatureHeaders(body, at, key) };
}

export function signatureHeaders(body: string | Uint8Array, at = now, key = secret): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  return {
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signatureOf(key, timestamp, Buffer.from(body)),
  };
}

const common = (user: string) => ({
  team: { id: workspace.teamId },
  user: { id: `U0${user.toUpperCase()}` },
  api_app_id: workspace.appId,
});

export function click(user: string, action: string, value = caseOne, overrides: object = {}): object {
  return {
    type: "block_actions",
    ...common(user),
    trigger_id: "1.2.3",
    channel: { id: "C0CUSTODIANS" },
    actions: [{ action_id: action, value }],
    ...overrides,
  };
}

export function submission(user: string, reason: string, overrides: object = {}): object {
  const values = { reason: { reason: { type: "plain_text_input", value: reason } } };
  return {
    type: "view_submission",
    ...common(user),
    view: { id: "V0ONE", callback_id: "approve-deletion", private_metadata: caseOne, state: { values } },
    ...overrides,
  };
}
