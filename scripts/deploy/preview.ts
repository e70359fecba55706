import { changeLine, loses } from "./change-set.ts";
import { changesBetween } from "./changes.ts";
import type { Cloud, DeployedStack } from "./cloud.ts";
import { outcome } from "./outcome.ts";
import type { StackOptions } from "./settings.ts";
import { possibleLosses } from "./template-loss.ts";

/** What a deployment would change, in lines for a terminal. */
export interface Preview {
  readonly title: string;
  readonly lines: readonly string[];
  /** Why nothing may be deployed: something would be lost, or nobody can say that nothing would. */
  readonly refusal?: string;
}

type Asked = Pick<Cloud, "template" | "changes">;

/**
 * Returns what a deployment of `template` would change. A new stack is its template; of a stack that is there CloudFormation says what would happen. Without a
 * change set the templates are compared, and what they leave open counts as lost.
 */
export async function previewed(
  cloud: Asked,
  stackName: string,
  running: DeployedStack | undefined,
  template: string,
  options: StackOptions,
): Promise<Preview> {
  if (running === undefined) {
    const lines = changesBetween(undefined, template);
    return { title: `${stackName} will be created: ${lines.length} resources`, lines };
  }
  const asked = await outcome(cloud.changes(stackName, running, template, options));
  if (!asked.ok) return await compared(cloud, stackName, running, template, asked.why);
  const { changes, leftovers } = asked.value;
  return {
    title: `${stackName} will be changed: ${changes.length} resources, as CloudFormation says`,
    lines: [...changes.map(changeLine), ...leftovers.map((each) => `! ${each}`)],
    ...refusalFor(changes.filter(loses).map(({ id }) => id)),
  };
}

async function compared(
  cloud: Asked,
  stackName: string,
  { parameters }: DeployedStack,
  template: string,
  why: string,
): Promise<Preview> {
  const before = await outcome(cloud.template(stackName));
  const title = `${stackName} will be changed; CloudFormation made no change set (${why})`;
  if (!before.ok)
    return {
      title,
      lines: [],
      refusal: `what would be lost is unknown: the running template cannot be read: ${before.why}`,
    };
  try {
    const lost = possibleLosses({ text: before.value, parameters }, template);
    const lines = changesBetween(before.value, template);
    return { title: `${title}: ${lines.length} resources, as the templates differ`, lines, ...refusalFor(lost) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { title, lines: [], refusal: `what would be lost is unknown: ${error.message}` };
  }
}

function refusalFor(lost: readonly string[]): { readonly refusal?: string } {
  if (lost.length === 0) return {};
  return { refusal: `records, evidence, keys, secrets or messages would be lost, or could be: ${lost.join(", ")}` };
}
