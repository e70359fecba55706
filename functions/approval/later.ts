import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createChangeBook } from "../../lib/aws/dynamodb/change-book.ts";
import { createChangePermitBook } from "../../lib/aws/dynamodb/change-permit-book.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createReadReceipt } from "../../lib/aws/dynamodb/receipt-book.ts";
import { createSendRequest } from "../../lib/aws/events/vote-queue.ts";
import type { Foundation } from "../shared/runtime.ts";
import type { Settings } from "../shared/settings.ts";
import { callbackTimeouts } from "./client-timeouts.ts";

/** Returns what sends requests, made once the first is verified: a cold start that refuses a forgery does without it. */
export function sendRequestOf({ VOTE_QUEUE_URL }: Settings<"approval">) {
  return createSendRequest(new SQSClient(callbackTimeouts), VOTE_QUEUE_URL);
}

/** Returns what reads receipts, pauses and permits: callbacks of Slack do without it. */
export function readersOf(store: DynamoDBClient, settings: Settings<"approval">, { policy, clock }: Foundation) {
  const { CASES_TABLE, ACCOUNT_ID, AWS_REGION } = settings;
  return {
    readReceipt: createReadReceipt(store, CASES_TABLE),
    pauseDeps: {
      pauses: createPauseBook(store, CASES_TABLE),
      directory: policy.directory,
      ...(policy.pause && { terms: policy.pause }),
      clock,
    },
    keyStartDeps: { changes: createChangeBook(store, CASES_TABLE), directory: policy.directory },
    changePermitDeps: {
      permits: createChangePermitBook(store, CASES_TABLE),
      policy,
      stack: { account: ACCOUNT_ID, region: AWS_REGION },
      clock,
    },
    permitDeps: {
      cases: createCaseStore(store, CASES_TABLE),
      policy,
      stack: { account: ACCOUNT_ID, region: AWS_REGION },
      clock,
    },
  };
}
