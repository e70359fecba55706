import { isPermitPrincipal, isPinned } from "../../lib/domain/approval/permit-command.ts";
import { type KeyArn, parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { waitingPeriod } from "../../lib/domain/key/waiting-period.ts";
import { changePermitNameFrom } from "../../lib/domain/ledger/change-permit-name.ts";
import { type PermitName, permitNameFrom } from "../../lib/domain/ledger/permit-name.ts";
import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import { operationNamed, operationNames } from "../../lib/domain/operations/registry.ts";
import { subjectFrom } from "../../lib/domain/operations/subject.ts";
import { didYouMean } from "../../lib/domain/policy/match/did-you-mean.ts";
import { parseDuration } from "../../lib/domain/policy/match/duration.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { aliasTarget } from "../cases/named-case.ts";
import { UsageError } from "../shell/input-error.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { CallerOptions } from "../vote/as-caller.ts";
import type { Subject } from "../vote/cast-vote.ts";
import { speak } from "../vote/speak.ts";

/** The options of a request for a permit. */
export interface WishOptions {
  readonly principal?: string;
  readonly roleId?: string;
  readonly person?: string;
  readonly rule?: string;
  readonly notice: string;
  readonly operation?: string;
  readonly to?: string;
}

/** Requests a permit; returns 1 where the request does not count. Throws a UsageError or an InputError. */
export async function request(key: string, options: CallerOptions & WishOptions, context: TrailContext) {
  const { operation } = options;
  const subject =
    operation === undefined || operation === deletionName
      ? requestOf(await keyNamed(key, options, context), options)
      : changeRequestOf(key, operation, options);
  return await speak(subject, options, context);
}

/** Approves or revokes a permit; returns 1 where that does not count. Throws a UsageError or an InputError. */
export async function decide(
  action: "approve" | "revoke",
  name: string,
  options: CallerOptions,
  context: TrailContext,
): Promise<0 | 1> {
  const change = changePermitNameFrom(name) === undefined ? undefined : changeAnswer(action, name);
  return await speak(change ?? subjectOf(action, permitNamed(name)), options, context);
}

function changeAnswer(action: "approve" | "revoke", name: string): Subject {
  return { changePermit: action === "approve" ? { approve: name } : { revoke: name } };
}

/** An alias is a subject of its own here: what is changed is where it points. */
function changeRequestOf(text: string, operation: string, options: WishOptions): Subject {
  const { principal, roleId, person, rule, to } = options;
  if (operationNamed(operation) === undefined)
    throw new UsageError(
      `expected an operation such as alias, found ${quoted(operation)}${didYouMean(operation, operationNames)}`,
    );
  if (subjectFrom(text) === undefined)
    throw new UsageError(`expected the ARN of a key, or an alias, found ${quoted(text)}`);
  if (to !== undefined && operation !== "alias")
    throw new UsageError(`only a permit for \`alias\` takes --to, found ${quoted(operation)}`);
  const key = to === undefined ? undefined : parseKeyArn(to);
  if (to !== undefined && key === undefined)
    throw new UsageError(`expected --to with the ARN of a key, found ${quoted(to)}`);
  const request = {
    ...{ operation, subject: text, ...holderFrom(principal, roleId) },
    ...(person !== undefined && { person }),
    ...(rule !== undefined && { rule }),
    ...(key !== undefined && { to: key }),
  };
  return { changePermit: { request } };
}

/** Returns whom a permit is for: a user, or a role with its unique id. */
function holderFrom(principal: string | undefined, roleId: string | undefined) {
  if (principal === undefined || !isPermitPrincipal(principal))
    throw new UsageError(`expected --principal with the ARN of an IAM user or role, found ${quoted(principal ?? "")}`);
  const pin = roleId !== undefined && { roleId };
  if (!isPinned({ principal, ...pin }))
    throw new UsageError(
      "expected --role-id with the unique id (AROA...) of a role, and none for a user: a role created later under the same ARN must not use the permit",
    );
  return { principal, ...pin };
}

function subjectOf(action: "approve" | "revoke", name: PermitName): Subject {
  return { permit: action === "approve" ? { approve: name } : { revoke: name } };
}

function requestOf(keyArn: KeyArn, { principal, roleId, person, rule, notice }: WishOptions): Subject {
  const minWaitingMs = parseDuration(notice);
  const { shortest, longest } = waitingPeriod;
  if (minWaitingMs === undefined || minWaitingMs < shortest || minWaitingMs > longest)
    throw new UsageError(`expected a notice from 3d to 180d, found ${quoted(notice)}`);
  const request = {
    ...{ keyArn, ...holderFrom(principal, roleId), minWaitingMs },
    ...(person !== undefined && { person }),
    ...(rule !== undefined && { rule }),
  };
  return { permit: { request } };
}

async function keyNamed(text: string, { stage, region, local }: CallerOptions, context: TrailContext): Promise<KeyArn> {
  const place = { ...(stage && { stage }), ...(region && { region }), ...(local && { local }) };
  const arn = text.startsWith("alias/") ? await aliasTarget(text, place, context) : parseKeyArn(text);
  if (arn === undefined) throw new UsageError(`expected the ARN or an alias of a key, found ${quoted(text)}`);
  return arn;
}

function permitNamed(text: string): PermitName {
  const name = permitNameFrom(text);
  if (name !== undefined) return name;
  const hint = /#\d+$/.test(text) ? "; a permit that a case issued is revoked by `reprieve keep`" : "";
  throw new UsageError(`expected a permit such as <key ARN>#p1, found ${quoted(text)}${hint}`);
}
