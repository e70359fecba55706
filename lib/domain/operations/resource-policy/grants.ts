import { parseArn } from "../../arn.ts";
import { readResourcePolicy, type Statement } from "./document.ts";

/** What the statements of a resource policy let others do. */
export interface Grants {
  /** Account ids, or `*`, or `other` for whom no account can be read of; of the statements that allow. */
  readonly grantees: readonly string[];
  /** Actions that are allowed, without `payment-cryptography:`; `*` for a statement that lists what it leaves out. */
  readonly allowed: readonly string[];
  /** Actions that are denied. */
  readonly denied: readonly string[];
}

/** Actions that change a key or its policy, let it die, or let it leave. Everything else that a policy can grant uses the key or reads of it. */
const managing =
  /^(\*|.*\*.*|deletekey|restorekey|startkeyusage|stopkeyusage|exportkey|importkey|tagresource|untagresource|putresourcepolicy|deleteresourcepolicy|addkeyreplicationregions|removekeyreplicationregions)$/i;

/** Returns what a policy grants and denies, or undefined for a text that is not understood. */
export function grantsOf(policy: unknown): Grants | undefined {
  const reading = readResourcePolicy(policy);
  if (reading.kind === "unreadable") return undefined;
  const statements = reading.kind === "none" ? [] : reading.statements;
  const allows = statements.filter(({ Effect }) => Effect === "Allow");
  const denies = statements.filter(({ Effect }) => Effect !== "Allow");
  return {
    grantees: unique(allows.flatMap(granteesOf)),
    allowed: unique(allows.flatMap(actionsOf)),
    denied: unique(denies.flatMap(actionsOf)),
  };
}

/** Returns the actions among `allowed` that manage a key. */
export function managingActions(allowed: readonly string[]): readonly string[] {
  return allowed.filter((action) => managing.test(action));
}

function granteesOf({ Principal, NotPrincipal }: Statement): readonly string[] {
  if (NotPrincipal !== undefined || Principal === "*") return ["*"];
  if (typeof Principal !== "object" || Principal === null) return ["other"];
  return Object.entries(Principal).flatMap(([kind, names]) =>
    [names].flat().map((name) => (kind === "AWS" && typeof name === "string" ? accountOf(name) : "other")),
  );
}

function accountOf(name: string): string {
  if (name === "*" || /^\d{12}$/.test(name)) return name;
  return parseArn(name)?.account ?? "other";
}

function actionsOf({ Action, NotAction }: Statement): readonly string[] {
  if (NotAction !== undefined || Action === undefined) return ["*"];
  return [Action].flat().map((each) => (typeof each === "string" ? each.replace(/^payment-cryptography:/i, "") : "*"));
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
