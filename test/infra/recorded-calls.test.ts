import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demandOf } from "../../local/aws/iam/demand.ts";
import type { Demand, FunctionRole } from "../../local/aws/iam/role.ts";
import { DemoWorld } from "../../local/stories/demo/demo-world.ts";
import { scenarios } from "../../local/stories/demo/scenarios.ts";
import type { ObservedCalls } from "../../local/world/hub/transport.ts";
import { account, here, region } from "../../local/world/people.ts";
import { localSettings } from "../../local/world/settings.ts";
import { startWorld } from "../../local/world/start-world.ts";
import { nameOfFunction, rolesOf } from "../../local/world/template/functions.ts";
import { Template } from "../../local/world/template/template.ts";
import { root } from "../../scripts/bundle.ts";
import { packageStack } from "../../scripts/package.ts";
import { planOf } from "../simulation/generate.ts";
import { play } from "../simulation/play.ts";
import { makeTools } from "../simulation/tools.ts";

/** Takes two minutes: `npm run test:infra`, not `npm test`. */
const wanted = process.env["REPRIEVE_INFRA"] !== undefined;

/** Plans that are played beside the demo. */
const simulatedSeeds = 15;

const outDir = mkdtempSync(join(tmpdir(), "reprieve-recorded-"));
let roles: ReadonlyMap<string, FunctionRole>;
const calls: { readonly by: string; readonly demand: Demand }[] = [];
let tablePolicy: unknown;

beforeAll(async () => {
  if (!wanted) return;
  const policyFile = resolve(root, "local/policy.yaml");
  const packaged = await packageStack({ policyFile, stage: "dev", settings: localSettings, outDir });
  const template = new Template(packaged.templateFile, {
    account,
    region,
    queueUrl: (name) => name,
    apiUrl: () => "",
  });
  roles = rolesOf(template);
  tablePolicy = template.ofType("AWS::DynamoDB::Table")[0]?.properties["ResourcePolicy"];
  const world = await startWorld({ ...packaged, port: 0, slackTimeoutMs: 120_000 });
  record(world.hub);
  try {
    for (const scenario of scenarios.filter(({ observe }) => observe === undefined)) {
      const demoWorld = new DemoWorld(world);
      await scenario.run(demoWorld);
      demoWorld.close();
    }
    // What is refused is not carried out, so it would not be among the calls.
    expect(world.hub.denied).toEqual([]);
  } finally {
    await world.stop();
  }
  await recordSimulations();
}, 1_800_000);

/** Records every call that a function makes. */
function record(hub: ObservedCalls): void {
  hub.observe(({ service, operation, accessKeyId, body }) => {
    const demand = demandOf(service, operation, body, here);
    const by = nameOfFunction(accessKeyId);
    if (by !== "" && demand !== undefined) calls.push({ by, demand });
  });
}

/** Plays plans of the simulation, with faults, crashes and people: what only trouble leads to is called too. */
async function recordSimulations(): Promise<void> {
  const tools = await makeTools(outDir);
  for (let seed = 1; seed <= simulatedSeeds; seed++) {
    const denied: (readonly string[])[] = [];
    await play(planOf(seed), {
      ...tools,
      onStart: (sim) => {
        record(sim.hub);
        denied.push(sim.denied);
      },
    });
    expect(denied.flat()).toEqual([]);
  }
}
afterAll(() => rmSync(outDir, { recursive: true }));

const principal = (name: string) => `arn:aws:sts::${account}:assumed-role/reprieve-dev-${name}-${region}/session`;

async function simulate(name: string, { action, resource, leadingKeys, prefix }: Demand): Promise<string> {
  const answer = await runSimulation(
    {
      request: {
        principal: principal(name),
        action,
        resource: { resource, accountId: account },
        contextVariables: {
          "lambda:SourceFunctionArn": roles.get(name)?.functionArn ?? "",
          "aws:PrincipalArn": `arn:aws:iam::${account}:role/reprieve-dev-${name}-${region}`,
          ...(prefix !== undefined && { "s3:prefix": prefix }),
          ...(leadingKeys.length > 0 && { "dynamodb:LeadingKeys": [...leadingKeys] }),
        },
      },
      identityPolicies: [
        {
          name,
          policy: {
            Version: "2012-10-17",
            Statement: roles.get(name)?.statements.map((statement) => ({ ...statement })),
          },
        },
      ],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(action.startsWith("dynamodb:") && {
        resourcePolicy: (tablePolicy as { PolicyDocument: unknown }).PolicyDocument,
      }),
      ...(action.startsWith("kms:") && { resourcePolicy: accountMayDelegate }),
    },
    {},
  );
  return answer.resultType === "error" ? JSON.stringify(answer.errors) : answer.overallResult;
}

/** What the policy of a KMS key says at least: that the account's own policies decide. */
const accountMayDelegate = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" }],
};

/** What Lambda itself does in a function's name, and what only a day of failure leads to; with whom it is needed. */
const unused: Readonly<Record<string, string>> = {
  "logs:CreateLogStream": "Lambda writes the log",
  "logs:PutLogEvents": "Lambda writes the log",
  "sqs:ReceiveMessage": "Lambda polls the queue",
  "sqs:DeleteMessage": "Lambda polls the queue",
  "sqs:GetQueueAttributes": "Lambda polls the queue",
  "guard sqs:SendMessage": "a message that is not understood, or failed for a day, is put aside (end-to-end test)",
  "notify sqs:SendMessage": "a notice that failed for a day is put aside",
  "notify sqs:ChangeMessageVisibility": "a notice that failed comes back later",
  "votes sqs:SendMessage": "a request that carries none, or failed for a day, is put aside",
  "votes sqs:ChangeMessageVisibility": "a request that failed comes back later",
  "remediation sqs:SendMessage": "a message that is not understood, or failed for a day, is put aside",
  "remediation sqs:ChangeMessageVisibility": "a message that failed comes back later",
  "sweep sqs:SendMessage": "Lambda puts a sweep that failed aside; a redrive (end-to-end test)",
  "sweep sqs:ReceiveMessage": "a redrive",
  "sweep sqs:DeleteMessage": "a redrive",
  "sweep payment-cryptography:StartKeyUsage": "a key that its deletion stopped, found by the sweep",
};

describe.runIf(wanted)("every call of the demo and of simulated plans", () => {
  it("is allowed by the packaged role of the function that makes it, as IAM evaluates it", async () => {
    const seen = new Map<string, { by: string; demand: Demand }>();
    for (const call of calls) {
      // One key and one case of each kind stand for all.
      const { action, resource, leadingKeys } = call.demand;
      const kind = [
        call.by,
        action,
        resource.replace(/key\/\w+$/, "key/x"),
        ...leadingKeys.map((key) => key.split("#")[0]),
      ];
      seen.set(kind.join(" "), call);
    }
    const refused: string[] = [];
    for (const [kind, { by, demand }] of seen) {
      const result = await simulate(by, demand);
      if (result !== "Allowed") refused.push(`${kind}: ${result}`);
    }
    expect(refused).toEqual([]);
    expect(seen.size).toBeGreaterThan(25);
  });

  it("uses every permission that is granted, but for those listed with a reason", () => {
    const granted = [...roles].flatMap(([name, { statements }]) =>
      statements.flatMap(({ Action }) => [Action].flat().map((action) => [name, action] as const)),
    );
    const used = new Set(calls.map(({ by, demand }) => `${by} ${demand.action}`));
    const idle = granted
      .filter(([name, action]) => !used.has(`${name} ${action}`))
      .filter(([name, action]) => unused[action] === undefined && unused[`${name} ${action}`] === undefined);
    expect(idle.map((each) => each.join(" "))).toEqual([]);
  });

  it("of another kind is denied to all of them", async () => {
    const key = `arn:aws:payment-cryptography:${region}:${account}:key/kwapwa6qaifllw2h`;
    const role = `arn:aws:iam::${account}:role/reprieve-dev-guard-${region}`;
    const forbidden: readonly (readonly [string, string])[] = [
      ...["DeleteKey", "StopKeyUsage", "ExportKey", "TagResource", "UntagResource"].map(
        (name) => [`payment-cryptography:${name}`, key] as const,
      ),
      ["payment-cryptography:PutResourcePolicy", key],
      ["payment-cryptography:DeleteResourcePolicy", key],
      ["payment-cryptography:ImportKey", "*"],
      ["iam:PutRolePolicy", role],
      ["iam:AttachRolePolicy", role],
      ["lambda:UpdateFunctionCode", `arn:aws:lambda:${region}:${account}:function:reprieve-dev-guard`],
      ["lambda:UpdateFunctionConfiguration", `arn:aws:lambda:${region}:${account}:function:reprieve-dev-guard`],
      ["events:PutRule", `arn:aws:events:${region}:${account}:rule/reprieve-dev-delete-key`],
      ["events:DisableRule", `arn:aws:events:${region}:${account}:rule/reprieve-dev-delete-key`],
      ["lambda:InvokeFunction", `arn:aws:lambda:${region}:${account}:function:reprieve-dev-votes`],
      ["dynamodb:DeleteItem", `arn:aws:dynamodb:${region}:${account}:table/reprieve-dev-cases`],
      ["dynamodb:DeleteTable", `arn:aws:dynamodb:${region}:${account}:table/reprieve-dev-cases`],
    ];
    const allowed: string[] = [];
    for (const name of roles.keys())
      for (const [action, resource] of forbidden) {
        const result = await simulate(name, { action, resource, leadingKeys: [] });
        if (!result.endsWith("Denied")) allowed.push(`${name} ${action}: ${result}`);
      }
    // What remediation is for, and nobody else.
    expect(allowed).toEqual(
      ["TagResource", "UntagResource", "PutResourcePolicy", "DeleteResourcePolicy"].map(
        (name) => `remediation payment-cryptography:${name}: Allowed`,
      ),
    );
  });
});
