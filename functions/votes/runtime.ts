import { randomUUID } from "node:crypto";
import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createChangeBook } from "../../lib/aws/dynamodb/change-book.ts";
import { createChangePermitBook } from "../../lib/aws/dynamodb/change-permit-book.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createReceiptBook } from "../../lib/aws/dynamodb/receipt-book.ts";
import { createStackBook } from "../../lib/aws/dynamodb/stack-book.ts";
import {
  createActOnChange,
  createNotifyChangePermit,
  createNotifyJudged,
  createNotifyPauseChanged,
  createNotifyPermitChanged,
  createReEvaluate,
} from "../../lib/aws/events/event-bus.ts";
import { createWorkQueue } from "../../lib/aws/events/work-queue.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import { environment } from "../shared/environment.ts";
import { type Foundation, layFoundation } from "../shared/runtime.ts";
import { createReadPrevious, createSecret } from "../shared/secret.ts";
import { readSettings, type Settings, settingsOf } from "../shared/settings.ts";
import type { VotesBatch } from "./batch.ts";
import type { VotesDeps } from "./judge-request.ts";

/** The votes function's clients, made once per execution environment: none of them reaches a key. */
export function createVotesRuntime(): Foundation & { readonly batch: VotesBatch } {
  const settings = readSettings(settingsOf.votes, environment);
  const foundation = layFoundation();
  const { VOTE_QUEUE_URL, DEAD_LETTER_QUEUE_URL, MAX_RECEIVE_COUNT: maxReceives } = settings;
  const queue = createWorkQueue(new SQSClient(clientTimeouts), VOTE_QUEUE_URL, DEAD_LETTER_QUEUE_URL);
  return { ...foundation, batch: { queue, maxReceives, votes: votesDepsOf(settings, foundation) } };
}

function votesDepsOf(settings: Settings<"votes">, { policy, clock, pause, log }: Foundation): VotesDeps {
  const { CASES_TABLE, EVENT_BUS_NAME, ACCOUNT_ID, AWS_REGION: region, STS_URL: stsUrl } = settings;
  const { SLACK_TEAM_ID: teamId, SLACK_APP_ID: appId, VOTE_AUDIENCE: audience } = settings;
  const { directory } = policy;
  const store = new DynamoDBClient(clientTimeouts);
  const bus = new EventBridgeClient(clientTimeouts);
  const provider = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(clientTimeouts) });
  const cases = createCaseStore(store, CASES_TABLE);
  const pauses = createPauseBook(store, CASES_TABLE);
  return {
    voteDeps: { directory, cases, clock, pause, newRunId: randomUUID },
    pauseDeps: { pauses, directory, ...(policy.pause && { terms: policy.pause }), clock },
    permitDeps: { cases, policy, stack: { account: ACCOUNT_ID, region }, clock },
    exportDeps: { book: createStackBook(store, CASES_TABLE), directory, clock },
    changePermitDeps: {
      ...{ policy, stack: { account: ACCOUNT_ID, region }, clock },
      permits: createChangePermitBook(store, CASES_TABLE),
    },
    keyStartDeps: { changes: createChangeBook(store, CASES_TABLE), directory, clock },
    receipts: createReceiptBook(store, CASES_TABLE),
    reEvaluate: createReEvaluate(bus, EVENT_BUS_NAME),
    notifyPauseChanged: createNotifyPauseChanged(bus, EVENT_BUS_NAME),
    notifyPermitChanged: createNotifyPermitChanged(bus, EVENT_BUS_NAME),
    notifyChangePermit: createNotifyChangePermit(bus, EVENT_BUS_NAME),
    actOnChange: createActOnChange(bus, EVENT_BUS_NAME),
    notifyJudged: createNotifyJudged(bus, EVENT_BUS_NAME),
    signingSecret: createSecret(provider, settings.SIGNING_SECRET_ID, clock, 0),
    previousSecret: createReadPrevious(provider, settings.SIGNING_SECRET_ID),
    ...(teamId !== "none" && appId !== "none" && { workspace: { teamId, appId } }),
    proof: { region, stsUrl, audience, fetch },
    clock,
    log,
  };
}
