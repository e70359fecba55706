import { signingKeyArn } from "./aws/signing-key.ts";
import { slackParameters } from "./slack/local-workspace.ts";

/** What the packaged stack has to know of this machine: the variables that serverless.yml reads. */
export const localParameters = { ...slackParameters, REPRIEVE_AUDIT_SIGNING_KEY: signingKeyArn };
