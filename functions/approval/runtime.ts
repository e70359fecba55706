import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createReadCase } from "../../lib/aws/dynamodb/read-case.ts";
import { createSlackClient } from "../../lib/slack/client.ts";
import { environment } from "../shared/environment.ts";
import { type Foundation, layFoundation, once } from "../shared/runtime.ts";
import { createSecret } from "../shared/secret.ts";
import { readSettings, settingsOf } from "../shared/settings.ts";
import { callbackTimeouts, slackTimeoutMs } from "./client-timeouts.ts";
import type { Routes } from "./requests.ts";

/** The approval function's clients, made once per execution environment: none of them reaches a key, and none writes to the table. */
export function createApprovalRuntime(): Foundation & { readonly routes: Routes } {
  const settings = readSettings(settingsOf.approval, environment);
  const foundation = layFoundation();
  const { clock, log, policy } = foundation;
  const { SLACK_TEAM_ID: teamId, SLACK_APP_ID: appId } = settings;
  const provider = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(callbackTimeouts) });
  const botToken = createSecret(provider, settings.BOT_TOKEN_SECRET_ID, clock);
  const store = new DynamoDBClient(callbackTimeouts);
  const later = once(async () => await import("./later.ts"));
  const sender = once(async () => (await later()).sendRequestOf(settings));
  const readers = once(async () => (await later()).readersOf(store, settings, foundation));
  const hasSlack = teamId !== "none" && appId !== "none";
  return {
    ...foundation,
    routes: {
      approval: {
        voteDeps: {
          directory: policy.directory,
          cases: { read: createReadCase(store, settings.CASES_TABLE) },
          clock,
        },
        sendRequest: async (...args) => await (await sender())(...args),
        slack: createSlackClient({
          apiUrl: settings.SLACK_API_URL,
          token: botToken.read,
          tokenAgain: botToken.readAgain,
          fetch,
          timeoutMs: slackTimeoutMs,
        }),
        signingSecret: createSecret(provider, settings.SIGNING_SECRET_ID, clock),
        ...(hasSlack && { workspace: { teamId, appId } }),
        log,
      },
      provenVoting: async () => {
        const { pauseDeps, permitDeps, changePermitDeps, keyStartDeps } = await readers();
        const { AWS_REGION: region, STS_URL: stsUrl, VOTE_AUDIENCE: audience } = settings;
        return { pauseDeps, permitDeps, changePermitDeps, keyStartDeps, proof: { region, stsUrl, audience, fetch } };
      },
      readReceipt: async (requestId) => await (await readers()).readReceipt(requestId),
    },
  };
}
