import type { Cloud } from "./cloud.ts";
import { outcome } from "./outcome.ts";
import { statesNothing } from "./setting-changes.ts";

type Asked = Pick<Cloud, "stack" | "template">;

/** Tells whether the stack is still to be made: it does not exist, or a first deployment failed and left nothing but its deployment bucket. */
export async function isFirstDeployment(cloud: Asked, stackName: string): Promise<boolean> {
  const stack = await outcome(cloud.stack(stackName));
  if (!stack.ok) return false;
  if (stack.value === undefined) return true;
  // A template that creates nothing but the bucket has no parameters.
  if (!statesNothing(stack.value)) return false;
  const template = await outcome(cloud.template(stackName));
  return template.ok && !template.value.includes('"AuditBucket"') && !template.value.includes('"CasesTable"');
}

/** Returns `cloud` with the stack and its template asked for once: what is shown and decided before a deployment refers to one state. */
export function askedOnce<Whole extends Asked>(cloud: Whole): Whole {
  return { ...cloud, stack: once(cloud.stack), template: once(cloud.template) };
}

function once<Value>(ask: (name: string) => Promise<Value>): (name: string) => Promise<Value> {
  const asked = new Map<string, Promise<Value>>();
  return async (name) => {
    const answer = asked.get(name) ?? ask(name);
    asked.set(name, answer);
    return await answer;
  };
}
