import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import type { Template } from "../../../local/world/template/template.ts";
import { root } from "../../../scripts/bundle.ts";
import { motoTools, version } from "../moto/moto.ts";
import { withPackagedTemplate } from "../packaged-template.ts";
import { equal, type Outcome, type Part } from "../part.ts";

/** Has moto's validators, which follow IAM's own refusals, read every policy of the stack's roles. */
export const iam: Part = { name: "iam", software: `moto ${version}`, run };

interface Policy {
  readonly name: string;
  readonly kind: "permissions" | "trust";
  readonly document: unknown;
}

/** Refused by IAM, to see that the validators refuse at all. */
const unsound: readonly Policy[] = [
  {
    name: "no version",
    kind: "permissions",
    document: { Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] },
  },
  {
    name: "no prefix",
    kind: "permissions",
    document: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "GetKey", Resource: "*" }] },
  },
  {
    name: "an action that is no assumption",
    kind: "trust",
    document: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "s3:GetObject" }],
    },
  },
];

async function run(): Promise<Outcome> {
  const sound = await withPackagedTemplate(async (template) => policiesOf(template));
  const errors = validated([...sound, ...unsound]);
  const refused = unsound.filter(({ name }) => errors.get(name) !== null).map(({ name }) => name);
  const found = sound.filter(({ name }) => errors.get(name) !== null).map(({ name }) => `${name}: ${errors.get(name)}`);
  return {
    checks: [
      { name: "the stack has policies", holds: sound.length > 0, found: `${sound.length} policies` },
      equal(
        "moto refuses what IAM refuses",
        refused,
        unsound.map(({ name }) => name),
      ),
      equal("moto takes every policy of the stack's roles", found, []),
    ],
    deviations: [],
  };
}

function policiesOf(template: Template): readonly Policy[] {
  const roles = template.ofType("AWS::IAM::Role").flatMap(({ id, properties }): Policy[] => {
    const inline = (properties["Policies"] ?? []) as readonly { PolicyName: string; PolicyDocument: unknown }[];
    return [
      { name: `${id} trust`, kind: "trust", document: properties["AssumeRolePolicyDocument"] },
      ...inline.map(({ PolicyName, PolicyDocument: document }) => ({
        name: `${id} ${PolicyName}`,
        kind: "permissions" as const,
        document,
      })),
    ];
  });
  const added = template.ofType("AWS::IAM::Policy").map(({ id, properties }) => ({
    name: id,
    kind: "permissions" as const,
    document: properties["PolicyDocument"],
  }));
  return [...roles, ...added];
}

/** Returns why moto refuses each policy, null for one that it takes. */
function validated(policies: readonly Policy[]): ReadonlyMap<string, string | null> {
  const script = resolve(root, "test/interop/iam/validate.py");
  const output = execFileSync(join(motoTools(), "python"), [script], {
    input: JSON.stringify(policies),
    encoding: "utf8",
  });
  const answers = JSON.parse(output) as readonly { name: string; error: string | null }[];
  return new Map(answers.map(({ name, error }) => [name, error]));
}
