import type { Command } from "commander";
import type { End } from "../shell/terminal.ts";
import { ofStack, type PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { asCaller, type CallerOptions } from "../vote/as-caller.ts";
import type { WishOptions } from "./permit-subject.ts";

const actions = [
  ["approve", "agree to a permit: the policy says how many of whom have to"],
  ["revoke", "take a permit back; one person is enough, as long as it is not used"],
] as const;

/** Permits for deletions that are planned: asked for before the key is deleted, so that it need not be deleted twice. */
export function addPermitCommands(program: Command, context: TrailContext, end: End): void {
  const speaking = async () => await import("./permit-subject.ts");
  const permit = program.command("permit").description("permits for planned deletions: ask for one, list them, decide");
  asCaller(permit.command("request"))
    .description(
      "request a permit: one deletion of one key, or one other change, by one principal, once the approvers agree",
    )
    .argument("<subject>", "the key's ARN, or an alias of it; for --operation alias the alias itself")
    .option("--operation <name>", "what is to be permitted, such as alias or resource-policy", "delete")
    .option("--to <arn>", "for --operation alias: the only key that the alias may come to name")
    .option("--principal <arn>", "who is to delete it: the ARN of an IAM user or role")
    .option("--role-id <id>", "the role's unique id, AROA...: aws iam get-role prints it as RoleId; needed for a role")
    .option("--person <name>", "the person who may use it, by the policy's name, where a role is shared")
    .option("--rule <id>", "the rule of the policy that asks people about the key (default: the only one that does)")
    .option("--notice <duration>", "the least waiting period a deletion by it has to leave, 3d to 180d", "7d")
    .action(async (key: string, options: CallerOptions & WishOptions) =>
      end(await (await speaking()).request(key, options, context)),
    );
  for (const [action, description] of actions)
    asCaller(permit.command(action).description(description))
      .argument("<permit>", "<key ARN>#p<number> or 'change#...', as the request was answered and the list has it")
      .action(async (name: string, options: CallerOptions) =>
        end(await (await speaking()).decide(action, name, options, context)),
      );
  ofStack(permit.command("list"))
    .description("every permit, also those that were given for a deletion already seen; the newest first")
    .option("--live", "only those that can still be given or used")
    .option("--key <text>", "only those whose key ARN contains this, such as an id")
    .option("--json", "one JSON object a line")
    .action(async (options: PlaceOptions & { live?: true; key?: string; json?: true }) => {
      const { list } = await import("./run-list.ts");
      await list(options, context);
    });
}
