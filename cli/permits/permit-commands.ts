import type { Command } from "commander";
import { isPermitPrincipal, isPinned } from "../../lib/domain/approval/permit-command.ts";
import { type KeyArn, parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { waitingPeriod } from "../../lib/domain/key/waiting-period.ts";
import { type PermitName, permitNameFrom } from "../../lib/domain/ledger/permit-name.ts";
import { parseDuration } from "../../lib/domain/policy/match/duration.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { End } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { asCaller, type CallerOptions, speak } from "../vote/as-caller.ts";
import type { Subject } from "../vote/cast-vote.ts";

interface WishOptions {
  readonly principal?: string;
  readonly roleId?: string;
  readonly person?: string;
  readonly rule?: string;
  readonly notice: string;
}

const actions = [
  ["approve", "agree to a permit: the policy says how many of whom have to"],
  ["revoke", "take a permit back; one person is enough, as long as it is not used"],
] as const;

/** Permits for deletions that are planned: asked for before the key is deleted, so that it need not be deleted twice. */
export function addPermitCommands(program: Command, context: TrailContext, end: End): void {
  const permit = program.command("permit").description("permits for planned deletions: ask for one, list them, decide");
  asCaller(permit.command("request"))
    .description("request a permit: one deletion of one key, by one principal, once the approvers agree")
    .argument("<key>", "the key's ARN")
    .option("--principal <arn>", "who is to delete it: the ARN of an IAM user or role")
    .option("--role-id <id>", "the role's unique id, AROA...: aws iam get-role prints it as RoleId; needed for a role")
    .option("--person <name>", "the person who may use it, by the policy's name, where a role is shared")
    .option("--rule <id>", "the rule of the policy that asks people about the key (default: the only one that does)")
    .option("--notice <duration>", "the least waiting period a deletion by it has to leave, 3d to 180d", "7d")
    .action(async (key: string, options: CallerOptions & WishOptions) =>
      end(await speak(requestOf(key, options), options, context)),
    );
  for (const [action, description] of actions)
    asCaller(permit.command(action).description(description))
      .argument("<permit>", "<key ARN>#p<number>, as the request was answered and the list has it")
      .action(async (name: string, options: CallerOptions) =>
        end(await speak(subjectOf(action, permitNamed(name)), options, context)),
      );
  ofStack(permit.command("list"))
    .description("every permit, also those that were given for a deletion already seen; the newest first")
    .option("--live", "only those that can still be given or used")
    .option("--json", "one JSON object a line")
    .action(async (options: PlaceOptions & { live?: true; json?: true }) => {
      const { list } = await import("./run-list.ts");
      await list(options, context);
    });
}

function subjectOf(action: "approve" | "revoke", name: PermitName): Subject {
  return { permit: action === "approve" ? { approve: name } : { revoke: name } };
}

function requestOf(key: string, { principal, roleId, person, rule, notice }: WishOptions): Subject {
  const minWaitingMs = parseDuration(notice);
  const { shortest, longest } = waitingPeriod;
  if (minWaitingMs === undefined || minWaitingMs < shortest || minWaitingMs > longest)
    throw new UsageError(`expected a notice from 3d to 180d, found ${quoted(notice)}`);
  if (principal === undefined || !isPermitPrincipal(principal))
    throw new UsageError(`expected --principal with the ARN of an IAM user or role, found ${quoted(principal ?? "")}`);
  const pin = roleId !== undefined && { roleId };
  if (!isPinned({ principal, ...pin }))
    throw new UsageError(
      "expected --role-id with the unique id (AROA...) of a role, and none for a user: a role created later under the same ARN must not use the permit",
    );
  const request = {
    ...{ keyArn: keyNamed(key), principal, ...pin, minWaitingMs },
    ...(person !== undefined && { person }),
    ...(rule !== undefined && { rule }),
  };
  return { permit: { request } };
}

function keyNamed(text: string): KeyArn {
  const arn = parseKeyArn(text);
  if (arn === undefined) throw new UsageError(`expected the ARN of a key, found ${quoted(text)}`);
  return arn;
}

function permitNamed(text: string): PermitName {
  const name = permitNameFrom(text);
  if (name !== undefined) return name;
  const hint = /#\d+$/.test(text) ? "; a permit that a case issued is revoked by `reprieve keep`" : "";
  throw new UsageError(`expected a permit such as <key ARN>#p1, found ${quoted(text)}${hint}`);
}
