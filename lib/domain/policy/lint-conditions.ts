import { keyVocabulary } from "../key/vocabulary.ts";
import { waitingPeriod } from "../key/waiting-period.ts";
import { parseRoleArn } from "../people/iam-arn.ts";
import { dayMs } from "../time.ts";
import { isGlob, matchesGlob } from "./match/glob.ts";
import type { Conditions } from "./schema.ts";

type Doubt = readonly [path: readonly string[], message: string];

/** Returns a doubt for every condition of a rule that narrows nothing, or less than it seems to. */
export function idleConditions(when: Conditions): readonly Doubt[] {
  return [...emptyConditions(when), ...emptyChanges(when), ...wideRoles(when), ...unpinnedRoles(when)];
}

const shortestDays = waitingPeriod.shortest / dayMs;
const longestDays = waitingPeriod.longest / dayMs;

/** Conditions that every deletion meets. */
function emptyConditions({ key = {}, requester = {}, request = {}, region }: Conditions): readonly Doubt[] {
  const { atLeast, atMost } = request.waitingDays ?? {};
  const found: [boolean, readonly string[], string][] = [
    [
      requester.network?.some((network) => /\/0+$/.test(network)) ?? false,
      ["requester", "network"],
      "holds every address of its family: this is no condition",
    ],
    [
      requester.known === true,
      ["requester", "known"],
      "holds for everyone whom CloudTrail names: name who it is, or leave it out",
    ],
    [
      atLeast !== undefined && atLeast <= shortestDays,
      ["request", "waitingDays"],
      `every deletion waits at least ${shortestDays} days: this is no condition`,
    ],
    [
      atLeast === undefined && atMost !== undefined && atMost >= longestDays,
      ["request", "waitingDays"],
      `no deletion waits more than ${longestDays} days: this is no condition`,
    ],
    [everyHour(request.window), ["request", "window"], "holds at all hours of all days: this is no condition"],
    ...(["usage", "class", "algorithm", "origin"] as const).map((field): [boolean, readonly string[], string] => [
      hasAll(key[field], keyVocabulary[field]),
      ["key", field],
      `holds for every ${field} that the service knows: this is no condition`,
    ]),
    ...Object.entries({ arn: key.arn, alias: key.alias, kcv: key.kcv }).map(
      ([field, values]): [boolean, readonly string[], string] => [
        values?.some((value) => /^(alias\/)?\*+$/.test(value)) ?? false,
        ["key", field],
        "holds for every value: this is no condition",
      ],
    ),
    [region?.includes("*") ?? false, ["region"], "holds for every Region: this is no condition"],
  ];
  return found.flatMap(([isEmpty, path, message]) => (isEmpty ? [[path, message] as const] : []));
}

function emptyChanges({ change = {} }: Conditions): readonly Doubt[] {
  return Object.entries(change).flatMap(([name, values]): readonly Doubt[] =>
    values.some((value) => /^\*+$/.test(value))
      ? [[["change", name], "holds for every value: it asks only that the value is known"]]
      : [],
  );
}

function hasAll(values: readonly string[] | undefined, known: readonly string[]): boolean {
  return values !== undefined && known.every((each) => values.some((value) => matchesGlob(value, each)));
}

function everyHour(window: NonNullable<Conditions["request"]>["window"]): boolean {
  return (
    window !== undefined && window.hours === undefined && (window.days === undefined || new Set(window.days).size === 7)
  );
}

/** Who may create a role or a user that a pattern matches chooses the weaker outcome. */
function wideRoles({ requester = {} }: Conditions): readonly Doubt[] {
  return (["role", "user"] as const).flatMap((field) =>
    (requester[field] ?? []).filter(isGlob).map((value): Doubt => {
      const reach = reachOf(value, field);
      const message = `\`${value}\` weakens the outcome for ${reach}: who may create a matching ${field} there may use it; name each by its exact ARN`;
      return [["requester", field], message];
    }),
  );
}

function reachOf(value: string, field: "role" | "user"): string {
  if (value === "*") return `every ${field} of every account`;
  const [, , , , account = ""] = value.split(":");
  if (isGlob(account)) return `${field}s of other accounts too`;
  return value.includes("**") ? `${field}s of every path below` : `${field}s that do not exist yet`;
}

/** A role that is deleted and created again has the same ARN, and may have other people behind it. */
function unpinnedRoles({ requester = {} }: Conditions): readonly Doubt[] {
  const { role, roleId } = requester;
  const exact = (role ?? []).filter((value) => parseRoleArn(value) !== undefined && !isGlob(value));
  if (exact.length === 0 || roleId !== undefined) return [];
  const message =
    "a role that is deleted and created again under this ARN would match; pin it by requester.roleId (AROA..., aws iam get-role prints it as RoleId)";
  return [[["requester", "role"], message]];
}
