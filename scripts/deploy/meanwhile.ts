import { canonicalJson } from "../../lib/domain/ledger/canonical-json.ts";
import type { Cloud } from "./cloud.ts";
import { outcome } from "./outcome.ts";

type Asked = Pick<Cloud, "stack" | "template">;

/**
 * Returns why the stack is not the one that was checked and shown, or undefined if it still is: a question may stand for an hour, and another person's
 * deployment in that time would be overwritten with settings that nobody has compared with it. `before` answers what it answered then, `now` asks again.
 */
export async function changedMeanwhile(stackName: string, before: Asked, now: Asked): Promise<string | undefined> {
  const [was, is] = [await stateOf(stackName, before), await stateOf(stackName, now)];
  if (was === is) return undefined;
  return `${stackName} was changed by someone else after it was checked: deploy again, which shows what would change now`;
}

/** The template of a stack names the package that it runs, so two deployments of the same settings differ too. */
async function stateOf(stackName: string, { stack, template }: Asked): Promise<string> {
  const described = await outcome(stack(stackName));
  const isThere = described.ok && described.value !== undefined;
  const found = isThere ? { described, template: await outcome(template(stackName)) } : { described };
  return canonicalJson(found);
}
