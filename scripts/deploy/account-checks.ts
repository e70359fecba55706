import { stackFunctions } from "../../cli/health/stack-health.ts";
import { bad, type Check, doubtful, good, notMade, type Unchecked, unknown } from "./check.ts";
import type { Cloud } from "./cloud.ts";
import { keyCountText } from "./count-keys.ts";
import { type Leftover, removalOf } from "./leftovers.ts";
import { outcome } from "./outcome.ts";
import type { StackSettings } from "./settings.ts";

/** Executions at a time that the stack's functions reserve. */
const reservedConcurrency = Object.values(stackFunctions).reduce((sum, { reserved }) => sum + reserved, 0);
/** Lambda refuses a reservation that leaves less than so many to everything else. */
const keptUnreserved = 100;
/** AWS's name of the quota. */
const concurrencyQuota = "L-B99A9384";

/** Checks that Lambda will accept reservations that the stack does not have yet; without them, warns of what shares the executions. */
export async function concurrencyCheck(
  cloud: Pick<Cloud, "unreservedConcurrency">,
  region: string,
  reserved: StackSettings["reservedConcurrency"],
): Promise<Check> {
  const subject = "concurrency";
  const asked = await outcome(cloud.unreservedConcurrency());
  if (!asked.ok) return notMade(subject, asked.why, "lambda:GetAccountSettings", "concurrency");
  if (reserved === "off")
    return unknown(
      subject,
      `none is reserved: everything else in the account shares ${asked.value} executions with the guard, and can use them up`,
    );
  const needed = reservedConcurrency + keptUnreserved;
  if (asked.value >= needed)
    return good(subject, `${asked.value} executions are unreserved; the stack reserves ${reservedConcurrency}`);
  return bad(
    subject,
    `${asked.value} executions are unreserved, and the stack needs ${needed}: it reserves ${reservedConcurrency}, and Lambda keeps ${keptUnreserved} for everything else. Set reservedConcurrency: "off", or ask for more: \`aws service-quotas request-service-quota-increase --region ${region} --service-code lambda --quota-code ${concurrencyQuota} --desired-value 1000\``,
  );
}

/** Checks that nothing bears the names that a new stack will take; `bucket` is the audit bucket's. */
export async function leftoversCheck(
  cloud: Pick<Cloud, "bucketExists" | "leftovers">,
  stage: string,
  bucket: string,
  region: string,
): Promise<Check> {
  const subject = "leftovers";
  const taken = await outcome(cloud.bucketExists(bucket));
  if (!taken.ok) return notMade("audit bucket", taken.why, "a connection to S3", "audit-bucket");
  const asked = await outcome(cloud.leftovers(stage, taken.value ? bucket : ""));
  if (asked.ok)
    return asked.value.length === 0
      ? good(subject, `nothing of an earlier reprieve-${stage}`)
      : inTheWay(asked.value, stage, region);
  // A bucket that cannot be listed is in the way nonetheless.
  if (taken.value) return bad(subject, `\`${bucket}\` exists and cannot be looked into (${asked.why}): ${otherwise}`);
  return notMade(subject, asked.why, "dynamodb:DescribeTable, dynamodb:Scan, secretsmanager:ListSecrets", "leftovers");
}

const otherwise = "take another --stage, or import it into the stack";

function inTheWay(found: readonly Leftover[], stage: string, region: string): Check {
  const lines = found.map(({ kind, name, isEmpty }) =>
    isEmpty ? `${kind} \`${name}\` (empty)` : `${kind} \`${name}\` HOLDS something: ${otherwise}`,
  );
  const commands = found.flatMap((each) => removalOf(each, region));
  const removal = commands.length === 0 ? [] : ["to remove what is empty:", ...commands.map((each) => `  ${each}`)];
  return bad(
    "leftovers",
    [`an earlier reprieve-${stage} left these under the names that a new one takes:`, ...lines, ...removal].join(
      "\n  ",
    ),
  );
}

/** Warns of other stages in the same account and region: each of them acts on every key. */
export async function otherStagesCheck(cloud: Pick<Cloud, "stages">, stage: string): Promise<Check> {
  const subject = "other stages";
  const asked = await outcome(cloud.stages());
  if (!asked.ok) return notMade(subject, asked.why, "events:ListEventBuses", "second-stage");
  const others = asked.value.filter((each) => each !== stage);
  if (others.length === 0) return good(subject, "there is no other stage here");
  return doubtful(
    subject,
    `${others.join(", ")} ${others.length === 1 ? "is" : "are"} deployed here too: every stage acts on every key, and they share 5 control-plane calls a second. Keep one per account and region`,
    "second-stage",
  );
}

/** Checks that the KMS keys of the stage's file do what they are for. */
export async function kmsChecks(
  cloud: Pick<Cloud, "kmsKey">,
  { signingKey, auditKey }: StackSettings,
): Promise<readonly Check[]> {
  return [
    signingKey === "none"
      ? unknown("signing key", "the log has no checkpoints: signingKey is none (docs/audit-trail.md)")
      : await keyCheck(
          cloud,
          "signing key",
          signingKey,
          { spec: "ECC_NIST_EDWARDS25519", usage: "SIGN_VERIFY" },
          "signing-key",
        ),
    ...(auditKey === "none"
      ? []
      : [
          await keyCheck(
            cloud,
            "audit key",
            auditKey,
            { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT" },
            "audit-key",
          ),
        ]),
  ];
}

async function keyCheck(
  cloud: Pick<Cloud, "kmsKey">,
  subject: string,
  arn: string,
  wanted: { readonly spec: string; readonly usage: string },
  name: Unchecked,
): Promise<Check> {
  const asked = await outcome(cloud.kmsKey(arn));
  if (!asked.ok)
    return /^NotFound/.test(asked.why)
      ? bad(subject, `${arn} does not exist: correct the stage's file`)
      : notMade(subject, asked.why, `kms:DescribeKey on ${arn}, in its key policy too`, name);
  const { spec, usage, state } = asked.value;
  if (spec !== wanted.spec || usage !== wanted.usage)
    return bad(
      subject,
      `${arn} is a key of ${spec} for ${usage}, and the stack needs ${wanted.spec} for ${wanted.usage}: name another key`,
    );
  return state === "Enabled"
    ? good(subject, `${spec}, enabled`)
    : bad(subject, `${arn} is ${state}: enable it, or name another key`);
}

/** Checks that the service answers in the region, and whether there is room for more keys. */
export async function regionCheck(cloud: Pick<Cloud, "countKeys">, region: string, maxCalls: number): Promise<Check> {
  const subject = "Payment Cryptography";
  const asked = await outcome(cloud.countKeys(maxCalls));
  if (asked.ok) {
    const { text, isMany } = keyCountText(asked.value);
    return (isMany ? unknown : good)(subject, `answers in ${region}: ${text}`);
  }
  if (/ENOTFOUND|EAI_AGAIN|UnknownEndpoint|getaddrinfo/.test(asked.why))
    return bad(subject, `does not answer in ${region}: deploy where the keys are`);
  return notMade(subject, asked.why, "payment-cryptography:ListKeys", "region");
}
