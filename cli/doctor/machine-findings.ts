import { asked, type Finding } from "./doctor-finding.ts";
import type { Probes } from "./probes.ts";

type Fetch = typeof globalThis.fetch;

/** In the place of all checks that call AWS: each would fail for the same reason. */
export const withoutCredentials: Finding = {
  subject: "account and stack",
  verdict: "unknown",
  found: "not checked: this needs credentials",
};

/** Returns who calls, and whether there are any credentials. Never throws. */
export async function callerFinding({ caller }: Probes): Promise<{ caller: Finding; hasCredentials: boolean }> {
  let hasCredentials = true;
  const probe = async () => {
    try {
      return await caller();
    } catch (error) {
      hasCredentials = !(error instanceof Error && error.name === "CredentialsProviderError");
      throw error;
    }
  };
  const finding = await asked("credentials", probe, "sign in with `aws sso login`, or set AWS_PROFILE");
  return { caller: finding, hasCredentials };
}

/** Returns what this machine can read of the account. Never throws. */
export async function placeFindings(probes: Probes): Promise<readonly Finding[]> {
  return [
    await asked("Payment Cryptography", probes.keys, "take a region that has it, and a role that may list keys (scan)"),
    await asked(
      "cases",
      probes.table,
      "deploy the stack, name its --stage, or take a role that may read the table (cases, audit)",
    ),
    await asked(
      "audit bucket",
      probes.bucket,
      "take a role that may list the bucket (audit), or --without-checkpoints",
    ),
    await administratorsFinding(probes),
  ];
}

/** Returns whether the stack's API answers at `endpoint`. Never throws. */
export async function votesFinding(endpoint: string | undefined, fetch: Fetch): Promise<Finding> {
  const subject = "votes";
  if (endpoint !== undefined)
    return await asked(
      subject,
      async () => await apiAt(endpoint, fetch),
      "set REPRIEVE_ENDPOINT to the stack's HTTP API",
    );
  return {
    subject,
    verdict: "left-out",
    found: "REPRIEVE_ENDPOINT is not set: approve, keep and pause take --endpoint",
  };
}

/** Warns of a stack that anyone with permissions of their own may change. */
async function administratorsFinding({ changesAreRefused }: Probes): Promise<Finding> {
  const subject = "administrators";
  const advice = "take a role with sqs:GetQueueUrl and sqs:GetQueueAttributes";
  const found = await asked(subject, async () => String(await changesAreRefused()), advice);
  if (found.verdict === "bad") return found;
  return found.found === "true"
    ? { subject, verdict: "good", found: "nobody but two roles may change the queues and secrets" }
    : {
        subject,
        verdict: "warning",
        found:
          "every administrator of the account may change the queues and secrets: name deployerRole and breakGlassRole in the stage's file (docs/deployment.md)",
      };
}

/** The HTTP API answers a path that it does not have; anything else that answers is not an HTTP API. */
async function apiAt(endpoint: string, fetch: Fetch): Promise<string> {
  const { status } = await fetch(`${endpoint.replace(/\/+$/, "")}/votes`, {
    method: "GET",
    signal: AbortSignal.timeout(10_000),
  });
  if (status === 404) return `${endpoint} answers`;
  throw new Error(`it answered ${status}, and is not the API of the stack`);
}
