import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from "@aws-sdk/client-cloudformation";
import { printableText } from "../../lib/domain/printable-text.ts";
import { changeSetRequest } from "./change-set-request.ts";
import { isHolding } from "./holding.ts";
import type { StackOptions } from "./settings.ts";
import { compactTemplate, longestTemplate, longestTemplateBody } from "./template-size.ts";

/** What CloudFormation says that an update would do to one resource. */
export interface ResourceChange {
  /** `?`: CloudFormation cannot say before it does it. */
  readonly action: "+" | "-" | "~" | "?";
  readonly id: string;
  readonly type: string;
  /** Whether a new one takes its place, and what it holds is gone. `perhaps` depends on what is only known while it happens. */
  readonly replaced: "yes" | "perhaps" | "no";
  readonly properties: readonly string[];
}

/** What a change set says, and what could not be cleared away after it. */
export interface ChangeSetPreview {
  readonly changes: readonly ResourceChange[];
  readonly leftovers: readonly string[];
}

/** Puts a template where CloudFormation can read it. */
export type UploadTemplate = (
  template: string,
) => Promise<{ readonly url: string; readonly remove: () => Promise<unknown> }>;

/** What a preview needs. */
export interface PreviewDeps {
  readonly client: Pick<CloudFormationClient, "send">;
  readonly upload: UploadTemplate;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Differs from one preview to the next: a change set that an interrupted one left behind is in nobody's way. */
  readonly id: string;
  /** The tags of the stack, and the role as which CloudFormation acts. */
  readonly options: StackOptions;
}

const maxTries = 60;
const pauseMs = 2_000;

/**
 * Returns what an update of the stack `StackName` to `template` would do, by a change set that is made, read and deleted, never executed. A template that is
 * too long for a request is uploaded, and deleted again. Throws what CloudFormation answers.
 */
export async function previewChanges(
  deps: PreviewDeps,
  StackName: string,
  template: string,
): Promise<ChangeSetPreview> {
  const { client } = deps;
  const source = await sourceOf(compactTemplate(template), deps.upload);
  const leftovers: string[] = [];
  const clear = async (subject: string, clearing: Promise<unknown>) => {
    try {
      await clearing;
    } catch (error) {
      leftovers.push(`${subject} could not be deleted: ${printableText(String(error), 200)}`);
    }
  };
  const set = { StackName, ChangeSetName: `reprieve-preview-${deps.id}` };
  try {
    await client.send(
      new CreateChangeSetCommand({ ...set, ...source.input, ...changeSetRequest(deps.options, StackName) }),
    );
    try {
      return { changes: await changesOf(deps, set), leftovers };
    } finally {
      await clear(`the change set ${set.ChangeSetName}`, client.send(new DeleteChangeSetCommand(set)));
    }
  } finally {
    if (source.remove !== undefined) await clear(source.input.TemplateURL, source.remove());
  }
}

type Source =
  | { readonly input: { readonly TemplateBody: string }; readonly remove?: undefined }
  | { readonly input: { readonly TemplateURL: string }; readonly remove: () => Promise<unknown> };

async function sourceOf(TemplateBody: string, upload: UploadTemplate): Promise<Source> {
  const bytes = Buffer.byteLength(TemplateBody);
  if (bytes > longestTemplate)
    throw new RangeError(`the template has ${bytes} bytes, and CloudFormation takes ${longestTemplate}`);
  if (bytes <= longestTemplateBody) return { input: { TemplateBody } };
  try {
    const { url, remove } = await upload(TemplateBody);
    return { input: { TemplateURL: url }, remove };
  } catch (cause) {
    const why = printableText(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), 200);
    throw new Error(
      `the template has ${bytes} bytes; CloudFormation reads more than ${longestTemplateBody} from a bucket only, and the upload failed: ${why}`,
      { cause },
    );
  }
}

interface NamedSet {
  readonly StackName: string;
  readonly ChangeSetName: string;
}

async function changesOf({ client, pause }: PreviewDeps, set: NamedSet): Promise<readonly ResourceChange[]> {
  const described = await onceMade(client, set, pause);
  if (described.Status === "FAILED" && isEmpty(described)) return [];
  if (described.Status !== "CREATE_COMPLETE")
    throw new Error(`the change set is ${described.Status}: ${described.StatusReason ?? "no reason given"}`);
  return (await allChanges(client, set, described)).map(changeOf);
}

async function onceMade(
  client: Pick<CloudFormationClient, "send">,
  set: NamedSet,
  pause: (ms: number) => Promise<unknown>,
): Promise<DescribeChangeSetCommandOutput> {
  for (let n = 0; ; n++) {
    const described = await client.send(new DescribeChangeSetCommand(set));
    const made = described.Status !== "CREATE_PENDING" && described.Status !== "CREATE_IN_PROGRESS";
    if (made || n === maxTries) return described;
    await pause(pauseMs);
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
const replacements: Readonly<Record<string, ResourceChange["replaced"]>> = { True: "yes", False: "no" };

/** What CloudFormation leaves open stays open: a change of an unknown kind, a replacement that it does not rule out. */
function changeOf({ ResourceChange: change }: Change): ResourceChange {
  if (change === undefined) throw new TypeError("the change set holds a change that names no resource");
  const { LogicalResourceId: id = "", ResourceType: type = "", Replacement = "", Details = [] } = change;
  const action = actions[change.Action ?? ""] ?? "?";
  const properties = [...new Set(Details.flatMap(({ Target }) => Target?.Name ?? Target?.Attribute ?? []))].sort();
  const replaced = replacements[Replacement] ?? (action === "~" || action === "?" ? "perhaps" : "no");
  return { action, id, type, replaced, properties };
}

/** Tells whether the change would lose what the resource holds, or could. */
export function loses({ action, replaced, type }: ResourceChange): boolean {
  return isHolding(type) && (action === "-" || action === "?" || replaced !== "no");
}

const replacementTexts = new Map([
  ["yes", "REPLACED"],
  ["perhaps", "perhaps replaced"],
]);

/** Returns one line for a terminal. */
export function changeLine(change: ResourceChange): string {
  const { action, id, type, replaced, properties } = change;
  const replacement = [replacementTexts.get(replaced) ?? "", properties.join(", ")]
    .filter((part) => part !== "")
    .join(": ");
  const lost = loses(change) ? `, and what it holds ${replaced === "perhaps" ? "may be" : "is"} lost` : "";
  return `${action} ${id} (${type})${replacement && ` ${replacement}`}${lost}`;
}
