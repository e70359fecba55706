import { changeLine, loses } from "./change-set.ts";
import { changesBetween } from "./changes.ts";
import type { Cloud } from "./cloud.ts";
import { outcome } from "./preflight.ts";

/** What a deployment would change, in lines for a terminal. */
export interface Preview {
  readonly title: string;
  readonly lines: readonly string[];
  /** Whether a resource would be lost together with what it holds. */
  readonly loss: boolean;
}

/** A new stack is its template; of one that is there CloudFormation says what would happen, and where it cannot, the templates are compared. */
export async function previewed(
  cloud: Pick<Cloud, "template" | "changes">,
  stackName: string,
  template: string,
): Promise<Preview> {
  const before = await outcome(cloud.template(stackName));
  if (!before.ok) {
    const title = `what will change is unknown, the deployed template cannot be read: ${before.why}`;
    return { title, lines: [], loss: false };
  }
  if (before.value === undefined) {
    const lines = changesBetween(undefined, template);
    return { title: `${stackName} will be made: ${lines.length} resources`, lines, loss: false };
  }
  const asked = await outcome(cloud.changes(stackName, template));
  if (!asked.ok) {
    const lines = changesBetween(before.value, template);
    const title = `${stackName} will be changed: ${lines.length} resources, as the templates differ; what is replaced is unknown (${asked.why})`;
    return { title, lines, loss: false };
  }
  const lines = asked.value.map(changeLine);
  return {
    title: `${stackName} will be changed: ${lines.length} resources, as CloudFormation says`,
    lines,
    loss: asked.value.some(loses),
  };
}
