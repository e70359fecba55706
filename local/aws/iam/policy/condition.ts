import { type Conditions, listOf } from "./document.ts";
import { operatorOf } from "./operator.ts";
import type { Context } from "./pattern.ts";

/** Tells whether every condition of a statement holds: all operators and keys, any of a key's values. */
export function conditionsHold(conditions: Conditions | undefined, context: Context): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      conditionHolds(operator, context.get(key.toLowerCase()), listOf(values).map(String), context),
    ),
  );
}

const form = /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<name>\w+?)(?<ifExists>IfExists)?$/i;

function conditionHolds(
  operator: string,
  actual: string | readonly string[] | undefined,
  wanted: readonly string[],
  context: Context,
): boolean {
  const { set, name = "", ifExists } = form.exec(operator)?.groups ?? {};
  if (name.toLowerCase() === "null")
    return wanted.some((value) => value.toLowerCase() === String(actual === undefined));
  const found = operatorOf(name);
  if (found === undefined) return false;
  const { test, negated } = found;
  /** A negated operator asks that none of the policy's values match. */
  const satisfied = (value: string) => wanted.some((each) => test(each, value, context)) !== negated;
  if (set?.toLowerCase() === "foranyvalue") return actual !== undefined && listOf(actual).some(satisfied);
  if (set?.toLowerCase() === "forallvalues") return actual === undefined || listOf(actual).every(satisfied);
  if (actual === undefined) return negated || ifExists !== undefined;
  // A key with several values needs a set operator.
  return typeof actual === "string" && satisfied(actual);
}
