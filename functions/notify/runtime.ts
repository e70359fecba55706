import { randomUUID } from "node:crypto";
import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createChangeBook } from "../../lib/aws/dynamodb/change-book.ts";
import { createDeletionLedger } from "../../lib/aws/dynamodb/deletion-ledger.ts";
import { createLabelsSeen } from "../../lib/aws/dynamodb/label-part.ts";
import { createNoticeBoard } from "../../lib/aws/dynamodb/notice-board.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createReadPermit } from "../../lib/aws/dynamodb/permit-item.ts";
import { createReadReceipt } from "../../lib/aws/dynamodb/receipt-book.ts";
import { createStackBook } from "../../lib/aws/dynamodb/stack-book.ts";
import { createRaiseAlarm } from "../../lib/aws/events/event-bus.ts";
import { createNoticeTopic } from "../../lib/aws/events/notice-topic.ts";
import { createWorkQueue } from "../../lib/aws/events/work-queue.ts";
import { createCaseChannel } from "../../lib/slack/case-channel.ts";
import { createSlackClient } from "../../lib/slack/client.ts";
import type { CaseChannel } from "../../lib/workflows/ports/notices.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import { environment } from "../shared/environment.ts";
import { type Foundation, layFoundation } from "../shared/runtime.ts";
import { createSecret } from "../shared/secret.ts";
import { readSettings, type Settings, settingsOf } from "../shared/settings.ts";
import type { NotifyBatch } from "./batch.ts";

/** Nobody waits for the answer but a queue. */
const slackTimeoutMs = 5_000;

/** The notify function's clients, made once per execution environment: none of them reaches a key. */
export function createNotifyRuntime(): Foundation & { readonly batch: NotifyBatch } {
  const settings = readSettings(settingsOf.notify, environment);
  const foundation = layFoundation();
  const { clock, log, policy } = foundation;
  const dynamo = new DynamoDBClient(clientTimeouts);
  const channel = channelOf(settings, foundation);
  return {
    ...foundation,
    batch: {
      announcer: {
        cases: createCaseStore(dynamo, settings.CASES_TABLE),
        board: createNoticeBoard(dynamo, settings.CASES_TABLE),
        labelsSeen: createLabelsSeen(dynamo, settings.CASES_TABLE),
        ...(channel && { channel }),
        mail: createNoticeTopic(new SNSClient(clientTimeouts), settings.NOTICE_TOPIC_ARN),
        directory: policy.directory,
        clock,
        newRunId: randomUUID,
        log,
      },
      ledger: createDeletionLedger(dynamo, settings.CASES_TABLE),
      raise: createRaiseAlarm(new EventBridgeClient(clientTimeouts), settings.EVENT_BUS_NAME),
      pauses: createPauseBook(dynamo, settings.CASES_TABLE),
      changes: createChangeBook(dynamo, settings.CASES_TABLE),
      readPermit: createReadPermit(dynamo, settings.CASES_TABLE),
      book: createStackBook(dynamo, settings.CASES_TABLE),
      readReceipt: createReadReceipt(dynamo, settings.CASES_TABLE),
      queue: createWorkQueue(new SQSClient(clientTimeouts), settings.NOTIFY_QUEUE_URL, settings.DEAD_LETTER_QUEUE_URL),
      stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
      maxReceives: settings.MAX_RECEIVE_COUNT,
    },
  };
}

/** Without a channel, mail is the only way out. */
function channelOf(settings: Settings<"notify">, { policy, clock }: Foundation): CaseChannel | undefined {
  const { SLACK_CHANNEL, SLACK_ESCALATION, SLACK_API_URL, BOT_TOKEN_SECRET_ID } = settings;
  if (SLACK_CHANNEL === "none") return undefined;
  const provider = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(clientTimeouts) });
  const { read: token, readAgain: tokenAgain } = createSecret(provider, BOT_TOKEN_SECRET_ID, clock);
  const slack = createSlackClient({ apiUrl: SLACK_API_URL, token, tokenAgain, fetch, timeoutMs: slackTimeoutMs });
  return createCaseChannel(slack, policy.directory, {
    channel: SLACK_CHANNEL,
    ...(SLACK_ESCALATION !== "none" && { escalation: SLACK_ESCALATION }),
  });
}
