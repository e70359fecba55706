import { randomUUID } from "node:crypto";
import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createSlackClient } from "../../lib/slack/client.ts";
import { environment, type Foundation, layFoundation, once } from "../shared/runtime.ts";
import { createSecret } from "../shared/secret.ts";
import { readSettings, settingsOf } from "../shared/settings.ts";
import type { Approval } from "./callback.ts";
import { callbackTimeouts, slackTimeoutMs } from "./client-timeouts.ts";
import type { ProvenVoting } from "./proven-vote.ts";

/** The approval function's clients, made once per execution environment: none of them reaches a key. */
export function createApprovalRuntime(): Foundation & { readonly approval: Approval & ProvenVoting } {
  const settings = readSettings(settingsOf.approval, environment);
  const foundation = layFoundation();
  const { clock, pause, log, policy } = foundation;
  const provider = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(callbackTimeouts) });
  const botToken = createSecret(provider, settings.BOT_TOKEN_SECRET_ID, clock);
  // The bus hears of a vote once it is on record: a cold start that refuses a forgery does without it.
  const bus = once(async () => (await import("./bus.ts")).busOf(settings.EVENT_BUS_NAME));
  const store = new DynamoDBClient(callbackTimeouts);
  const cases = createCaseStore(store, settings.CASES_TABLE);
  return {
    ...foundation,
    approval: {
      voteDeps: {
        directory: policy.directory,
        cases,
        clock,
        pause,
        newRunId: randomUUID,
      },
      pauseDeps: {
        pauses: createPauseBook(store, settings.CASES_TABLE),
        directory: policy.directory,
        ...(policy.pause && { terms: policy.pause }),
        clock,
      },
      permitDeps: {
        cases,
        policy,
        stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
        clock,
      },
      reEvaluate: async (name) => await (await bus()).reEvaluate(name),
      notifyPauseChanged: async (pauseNumber) => await (await bus()).notifyPauseChanged(pauseNumber),
      notifyPermitChanged: async (name) => await (await bus()).notifyPermitChanged(name),
      slack: createSlackClient({
        apiUrl: settings.SLACK_API_URL,
        token: botToken.read,
        fetch,
        timeoutMs: slackTimeoutMs,
      }),
      signingSecret: createSecret(provider, settings.SIGNING_SECRET_ID, clock),
      workspace: { teamId: settings.SLACK_TEAM_ID, appId: settings.SLACK_APP_ID },
      proof: { region: settings.AWS_REGION, stsUrl: settings.STS_URL, audience: settings.VOTE_AUDIENCE, fetch },
      log,
    },
  };
}
