import type { Approval } from "../../functions/approval/callback.ts";
import type { ProvenVoting } from "../../functions/approval/proven-vote.ts";
import { handleRequest, type Routes } from "../../functions/approval/requests.ts";
import { countingFailures } from "../../functions/shared/log-table.ts";
import { handleBatch } from "../../functions/votes/batch.ts";
import type { VotesDeps } from "../../functions/votes/judge-request.ts";
import type { CaseName } from "../../lib/domain/ledger/case-name.ts";
import { type ChangeName, changeNameText } from "../../lib/domain/ledger/change-name.ts";
import { type ChangePermitName, changePermitText } from "../../lib/domain/ledger/change-permit-name.ts";
import type { PermitName } from "../../lib/domain/ledger/permit-name.ts";
import { signatureOf } from "../../lib/slack/verify-signature.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { announceVerdict } from "../../lib/workflows/notify/announce-verdict.ts";
import type { Log } from "../../lib/workflows/ports/guard.ts";
import type { CaseChannel } from "../../lib/workflows/ports/notices.ts";
import type { ReceiptBook } from "../../lib/workflows/ports/votes.ts";
import { createMemoryChangeBook, createMemoryChangePermits } from "./change-world.ts";
import { createTestGuard, policyWith } from "./guard.ts";
import { createKeyWorld, deletionRequest, keyArn, t0 } from "./key-world.ts";
import { createMemoryReceiptBook } from "./memory-receipt-book.ts";
import { createMemoryStackBook } from "./stack-records.ts";
import { voteDepsOf } from "./vote-deps.ts";
import { createVoteQueue } from "./vote-queue.ts";

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

type Overrides = Partial<Approval & ProvenVoting & VotesDeps>;

/** The approval and the votes function over doubles, with one case in which alice's deletion is asked about. */
export async function createTestApproval(overrides: Overrides = {}, keys = createKeyWorld()) {
  const made = createTestGuard(keys, t0 + 1000, { policy: ask });
  await guardDeletion(made.guard, { source: "event", request: deletionRequest(), deliveries: 1 });
  made.time.now = now;
  const receipts = createMemoryReceiptBook();
  const heard = createHeard(receipts, made.guard.log);
  const voteQueue = createVoteQueue(() => made.time.now);
  const { policy, cases, clock, log } = made.guard;
  const common = {
    voteDeps: voteDepsOf(made.guard),
    pauseDeps: {
      pauses: made.pauses,
      directory: policy.directory,
      terms: { from: "custodians", atMostMs: 4 * 3_600_000 },
      clock,
    },
    permitDeps: { cases, policy, stack: { account: "111122223333", region: "us-east-1" }, clock },
    exportDeps: { book: createMemoryStackBook(), directory: policy.directory, clock },
    changePermitDeps: {
      ...{ permits: createMemoryChangePermits(), policy, clock },
      stack: { account: "111122223333", region: "us-east-1" },
    },
    keyStartDeps: { changes: createMemoryChangeBook(), directory: policy.directory, clock },
    signingSecret: { read: async () => secret, readAgain: async () => undefined },
    previousSecret: async () => undefined,
    workspace,
    proof: {
      region: "us-east-1",
      stsUrl: "https://sts.us-east-1.amazonaws.com/",
      audience: "https://votes.example.com",
      fetch: async () => await Promise.reject(new Error("no STS here")),
    },
    log: countingFailures(log, { count: (event) => heard.counted.push(event) }),
  };
  const approval = { ...common, slack: heard.slack, sendRequest: voteQueue.sendRequest, ...overrides };
  const votes: VotesDeps = { ...common, ...heard.published, receipts, clock, ...overrides };
  const routes: Routes = { approval, provenVoting: async () => approval, readReceipt: receipts.read };
  const timeLeft = { getRemainingTimeInMillis: () => 30_000 };
  /** Hands out batches until nothing is visible. */
  const judge = async (): Promise<void> => {
    for (let handed = 1; handed > 0; )
      handed = await voteQueue.deliver(async (event) => {
        const batch = { queue: voteQueue.workQueue, maxReceives: 100, votes: world.votes };
        return await handleBatch(batch, event, timeLeft);
      });
  };
  /** What came in is on record: entries of the case, by kind. */
  const kinds = () => made.kinds()[0] ?? [];
  const codes = () =>
    made.logged.flatMap(({ code, fields }) =>
      ["CALLBACK_REFUSED", "CALLBACK_FAILED", "REQUEST_UNPROVEN"].includes(code) ? [fields["code"]] : [],
    );
  /** What judges may be replaced between two deliveries. */
  const world = { ...made, ...heard, approval, votes, routes, receipts, voteQueue, judge, kinds, codes };
  return world;
}

/** What people and others learn of it; a verdict reaches its person as the notify function tells it. */
function createHeard(receipts: ReceiptBook, log: Log) {
  const whispers: [user: string, text: string][] = [];
  const dialogs: [trigger: string, view: object][] = [];
  const counted: string[] = [];
  const looked: CaseName[] = [];
  const told: number[] = [];
  const toldPermits: (PermitName | string)[] = [];
  const judged: string[] = [];
  const slack: Approval["slack"] = {
    whisper: async (_channel, user, text) => void whispers.push([user, text]),
    openDialog: async (trigger, view) => void dialogs.push([trigger, view]),
  };
  const channel = {
    whisper: async (userId: string, text: string) => await slack.whisper("C0CUSTODIANS", userId, text),
  } as CaseChannel;
  const published = {
    reEvaluate: async (name: CaseName) => void looked.push(name),
    notifyPauseChanged: async (pauseNumber: number) => void told.push(pauseNumber),
    notifyPermitChanged: async (name: PermitName) => void toldPermits.push(name),
    notifyChangePermit: async (name: ChangePermitName) => void toldPermits.push(changePermitText(name)),
    actOnChange: async (name: ChangeName) => void toldPermits.push(changeNameText(name)),
    notifyJudged: async (requestId: string) => {
      judged.push(requestId);
      await announceVerdict({ channel, log }, receipts.read, requestId);
    },
  };
  return { whispers, dialogs, counted, looked, told, toldPermits, judged, slack, published };
}

export type TestApproval = Awaited<ReturnType<typeof createTestApproval>>;

export interface Sent {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly base64?: boolean;
  readonly route?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
}

/** Hands `sent` to the function as API Gateway does, and leaves what it sends in the queue. */
export async function post({ routes }: Pick<TestApproval, "routes">, sent: Sent) {
  const { body, headers = {}, base64 = false, route = "POST /slack/interactions", pathParameters } = sent;
  const bytes = Buffer.from(body);
  const event = {
    routeKey: route,
    headers,
    body: bytes.toString(base64 ? "base64" : "utf8"),
    isBase64Encoded: base64,
    ...(pathParameters && { pathParameters }),
  };
  return await handleRequest(routes, event as unknown as Parameters<typeof handleRequest>[1]);
}

/** Hands `sent` to the function as API Gateway does, and has what it sends judged; answers what the sender was answered at once. */
export async function send(world: Pick<TestApproval, "routes" | "judge">, sent: Sent) {
  const answer = await post(world, sent);
  await world.judge();
  return answer;
}

/** The verdict on a request that AWS proves, as its sender reads it by the receipt. */
export async function verdictOn(world: Pick<TestApproval, "routes" | "judge">, sent: Sent) {
  const { statusCode, body } = await send(world, sent);
  if (statusCode !== 202) return { statusCode, ...JSON.parse(body) };
  const pathParameters = { id: String(JSON.parse(body).receipt) };
  const read = await post(world, { body: "", route: "GET /receipts/{id}", pathParameters });
  return { statusCode: read.statusCode, ...JSON.parse(read.body) };
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
