import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from "@aws-sdk/client-cloudformation";

/** What CloudFormation says that an update would do to one resource. */
export interface ResourceChange {
  readonly action: "+" | "-" | "~";
  readonly id: string;
  readonly type: string;
  /** A new one takes its place: what it holds is gone. `perhaps` depends on what is only known while it happens. */
  readonly replaced: "yes" | "perhaps" | "no";
  readonly properties: readonly string[];
}

/** CreateChangeSet takes so much of a template (bytes) in the request itself; more would need a bucket. */
const longestTemplate = 51_200;
const tries = 60;
const pauseFor = 2_000;

/**
 * What an update of the stack `StackName` to `template` would do, by a change set that is made, read, and deleted, never executed. Throws what
 * CloudFormation answers, or a RangeError for a template that is too long to be asked about.
 */
export async function previewChanges(
  client: Pick<CloudFormationClient, "send">,
  StackName: string,
  template: string,
  pause: (ms: number) => Promise<unknown>,
): Promise<readonly ResourceChange[]> {
  const TemplateBody = JSON.stringify(JSON.parse(template));
  if (Buffer.byteLength(TemplateBody) > longestTemplate)
    throw new RangeError(
      `the template has ${Buffer.byteLength(TemplateBody)} bytes, and a change set takes ${longestTemplate}`,
    );
  const set = { StackName, ChangeSetName: "reprieve-preview" };
  const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
  await client.send(new CreateChangeSetCommand({ ...set, TemplateBody, Capabilities, ChangeSetType: "UPDATE" }));
  try {
    const described = await onceMade(client, set, pause);
    if (described.Status === "FAILED" && isEmpty(described)) return [];
    if (described.Status !== "CREATE_COMPLETE")
      throw new Error(`the change set is ${described.Status}: ${described.StatusReason ?? "no reason given"}`);
    return (await allChanges(client, set, described)).flatMap(changeOf);
  } finally {
    await client.send(new DeleteChangeSetCommand(set));
  }
}

interface NamedSet {
  readonly StackName: string;
  readonly ChangeSetName: string;
}

async function onceMade(
  client: Pick<CloudFormationClient, "send">,
  set: NamedSet,
  pause: (ms: number) => Promise<unknown>,
): Promise<DescribeChangeSetCommandOutput> {
  for (let n = 0; ; n++) {
    const described = await client.send(new DescribeChangeSetCommand(set));
    const made = described.Status !== "CREATE_PENDING" && described.Status !== "CREATE_IN_PROGRESS";
    if (made || n === tries) return described;
    await pause(pauseFor);
  }
}

/** Where nothing changes, CloudFormation lets the change set fail. */
function isEmpty({ StatusReason = "" }: DescribeChangeSetCommandOutput): boolean {
  return /didn't contain changes|No updates are to be performed/i.test(StatusReason);
}

async function allChanges(
  client: Pick<CloudFormationClient, "send">,
  set: NamedSet,
  first: DescribeChangeSetCommandOutput,
): Promise<readonly Change[]> {
  const changes = [...(first.Changes ?? [])];
  let next = first.NextToken;
  while (next !== undefined) {
    const page = await client.send(new DescribeChangeSetCommand({ ...set, NextToken: next }));
    changes.push(...(page.Changes ?? []));
    next = page.NextToken;
  }
  return changes;
}

const actions: Readonly<Record<string, ResourceChange["action"]>> = { Add: "+", Remove: "-", Modify: "~" };
const replacements: Readonly<Record<string, ResourceChange["replaced"]>> = { True: "yes", Conditional: "perhaps" };

function changeOf({ ResourceChange: change }: Change): ResourceChange[] {
  const action = actions[change?.Action ?? ""];
  if (change === undefined || action === undefined) return [];
  const { LogicalResourceId: id = "", ResourceType: type = "", Replacement = "", Details = [] } = change;
  const properties = [...new Set(Details.flatMap(({ Target }) => Target?.Name ?? Target?.Attribute ?? []))].sort();
  return [{ action, id, type, replaced: replacements[Replacement] ?? "no", properties }];
}

/** Resources that hold what cannot be made again: records, evidence, keys, secrets, messages. */
const holding = [
  "AWS::DynamoDB::Table",
  "AWS::S3::Bucket",
  "AWS::KMS::Key",
  "AWS::SecretsManager::Secret",
  "AWS::SQS::Queue",
];

/** Whether the change would lose what the resource holds. */
export function loses({ action, replaced, type }: ResourceChange): boolean {
  return holding.includes(type) && (action === "-" || replaced === "yes");
}

/** One line for a terminal. */
export function changeLine(change: ResourceChange): string {
  const { action, id, type, replaced, properties } = change;
  const how = { yes: "REPLACED", perhaps: "perhaps replaced", no: "" }[replaced];
  const what = [how, properties.join(", ")].filter((part) => part !== "").join(": ");
  return `${action} ${id} (${type})${what && ` ${what}`}${loses(change) ? ", and what it holds is lost" : ""}`;
}
