import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { account, guard, region } from "../../../local/world/people.ts";
import { environmentOf } from "../../../local/world/template/functions.ts";
import { Template } from "../../../local/world/template/template.ts";
import type { World } from "../../../local/world/world.ts";
import { root } from "../../../scripts/bundle.ts";
import type { PackagedStack } from "../../../scripts/package.ts";
import { sqsRecord } from "../../doubles/sqs.ts";
import { pythonTools, type Ran, runProgram } from "../cache.ts";

export const version = "0.9.53";

/** What one new process took for one event, in ms. */
export interface Took {
  readonly importMs: number;
  readonly eventMs: number;
}

/** A way to react to a deletion: a process of its own for each event. */
export interface Side {
  /** Whose calls are its own. */
  readonly accessKeyId: string;
  readonly handle: (envelope: object) => Promise<Took>;
}

const custodianKey = "AKIACUSTODIAN0000000";

/** Cloud Custodian, with the most that its policies can do about a payment key whose deletion is scheduled: tag it. */
export function custodianSide(world: World, folder: string): Side {
  const python = join(pythonTools(`c7n==${version}`), "python");
  writeFileSync(join(folder, "config.json"), JSON.stringify(custodianConfig));
  const env = {
    AWS_ENDPOINT_URL: world.endpoint,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: custodianKey,
    AWS_SECRET_ACCESS_KEY: "local",
    C7N_DEBUG_EVENT: "no",
  };
  const script = resolve(root, "test/interop/custodian/one_event.py");
  return {
    accessKeyId: custodianKey,
    handle: async (envelope) => {
      const file = written(folder, envelope);
      return tookIn(await runProgram(python, [script, file], { env, cwd: folder }));
    },
  };
}

const custodianConfig = {
  "execution-options": { account_id: account },
  policies: [
    {
      name: "payment-keys",
      resource: "aws.payment-cryptography-key",
      mode: {
        type: "cloudtrail",
        role: `arn:aws:iam::${account}:role/custodian`,
        events: [
          { source: "payment-cryptography.amazonaws.com", event: "DeleteKey", ids: "responseElements.key.keyArn" },
        ],
      },
      actions: [{ type: "tag", key: "deletion-seen", value: "yes" }],
    },
  ],
};

/** The packaged guard, in the environment that the template gives it, at the template's pace or without one. */
export function guardSide(world: World, stack: PackagedStack, folder: string, pace: "deployed" | "none"): Side {
  const { endpoint, slackUrl, place } = world;
  const queueUrl = (name: string) => `${endpoint}/${account}/${name}`;
  const template = new Template(stack.templateFile, { account, region, queueUrl, apiUrl: () => endpoint });
  const functions = template.ofType("AWS::Lambda::Function").map(({ properties }) => properties);
  const properties = functions.find(({ FunctionName }) => String(FunctionName).endsWith("-guard")) ?? {};
  const deployed = environmentOf(properties, "guard", { endpoint, slackUrl, place });
  const env = pace === "deployed" ? deployed : { ...deployed, CONTROL_PLANE_CALLS_PER_SECOND: "1000000000" };
  const script = resolve(root, "test/interop/custodian/one-event.mjs");
  return {
    accessKeyId: guard.accessKeyId,
    handle: async (envelope) => {
      const file = written(folder, { Records: [sqsRecord(JSON.stringify(envelope))] });
      const bundle = join(stack.bundles.guard, "index.mjs");
      return tookIn(await runProgram(process.execPath, [script, bundle, file], { env, cwd: folder }));
    },
  };
}

function written(folder: string, event: object): string {
  const file = join(folder, "event.json");
  writeFileSync(file, JSON.stringify(event));
  return file;
}

/** Both programs print a line of JSON last. */
function tookIn({ status, stdout, stderr }: Ran): Took {
  const line = `${stderr}\n${stdout}`.split("\n").find((each) => each.startsWith('{"importMs"'));
  if (status !== 0 || line === undefined) throw new Error(`the process failed: ${stdout}${stderr}`);
  return JSON.parse(line) as Took;
}
