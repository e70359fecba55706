import { type Directory, personOf } from "../people/directory.ts";
import type { Requester } from "../people/requester.ts";
import { answer, type Condition, type ConditionResult, settled } from "./condition.ts";
import { arnMatcher } from "./match/arn-pattern.ts";
import { matcherOf } from "./match/glob.ts";
import { networkMatcher } from "./match/network.ts";
import type { Conditions } from "./schema.ts";

/** Returns the conditions of a rule on who asked for the deletion. */
export function requesterConditions({ requester: rule }: Conditions, directory: Directory): Condition[] {
  if (rule === undefined) return [];
  const conditions: Condition[] = [];
  const add = (name: string, test: (identity: Requester, sourceIp: string | undefined) => ConditionResult) =>
    conditions.push({
      name: `requester.${name}`,
      needs: "requester",
      test: ({ requester }) => test(requester?.identity ?? { kind: "unknown" }, requester?.sourceIp),
    });
  const addText = (
    name: string,
    values: readonly string[] | undefined,
    read: (identity: Requester) => readonly (string | undefined)[],
    matcher = matcherOf,
  ) => {
    if (values === undefined) return;
    const matches = matcher(values);
    add(name, (identity) => {
      let silent = false;
      for (const value of read(identity)) {
        if (value === undefined) silent = true;
        else if (matches(value)) return "yes";
      }
      // INVARIANT: what the record does not say, or is not believed, escapes no rule.
      return silent ? "contested" : "no";
    });
  };
  const { known, mfa, network } = rule;
  if (known !== undefined) add("known", (identity) => answer((identity.kind !== "unknown") === known));
  const byRoleId = rule.role?.some((role) => role.startsWith("AROA")) ?? false;
  const roleOf = (identity: Requester) => {
    if (identity.kind !== "role-session") return hidden(identity);
    return [identity.roleArn, ...(byRoleId || identity.roleId !== undefined ? [identity.roleId] : [])];
  };
  const userOf = (identity: Requester) =>
    identity.kind === "user" ? [identity.userArn] : hidden(identity, "federated-user");
  addText("role", rule.role, roleOf, arnMatcher);
  addText("roleId", rule.roleId, (identity) =>
    identity.kind === "role-session" ? [identity.roleId] : hidden(identity),
  );
  addText("user", rule.user, userOf, arnMatcher);
  addText("account", rule.account, (identity) => ["account" in identity ? identity.account : undefined]);
  addText("person", rule.person, (identity) => {
    const person = personOf(directory, identity);
    if (person !== undefined) return [person];
    return isIdentityCenter(identity) && identity.sessionName === undefined
      ? [undefined]
      : hidden(identity, "federated-user", "identity-center-user");
  });
  addText("permissionSet", rule.permissionSet, (identity) => {
    if (!isIdentityCenter(identity)) return hidden(identity);
    return [directory.trustsAccount(identity.account) ? identity.permissionSet : undefined];
  });
  if (mfa !== undefined)
    add("mfa", (identity) => settled("mfa" in identity ? identity.mfa : undefined, (used) => used === mfa));
  if (network !== undefined) {
    const within = networkMatcher(network);
    add("network", (identity, sourceIp) => (identity.kind === "unknown" ? "contested" : settled(sourceIp, within)));
  }
  return conditions;
}

/** What a record says of the role, user or person behind a requester where it names none: nothing, also for those of `kinds`, or that there is none. */
function hidden({ kind }: Requester, ...kinds: readonly Requester["kind"][]): readonly undefined[] {
  return kind === "unknown" || kind === "account" || kinds.includes(kind) ? [undefined] : [];
}

function isIdentityCenter(identity: Requester): identity is Extract<Requester, { kind: "role-session" }> {
  return identity.kind === "role-session" && identity.permissionSet !== undefined;
}
