import type { Command } from "commander";
import type { End, Machine } from "../machine.ts";
import { defaultPolicyFile } from "./policy-defaults.ts";

/** Writing a policy with confidence: nothing of it needs AWS, or anything deployed. */
export function addPolicyCommands(program: Command, machine: Machine, end: End): void {
  const policy = program.command("policy").description("the policy: check, test and explain it before it is deployed");
  const running = async () => await import("./run-policy.ts");
  policy
    .command("check")
    .description("faults and doubts of a policy, with line and column")
    .argument("[file]", "the policy", defaultPolicyFile)
    .option("--strict", "doubts count as faults")
    .option("--json", "answer with one JSON object")
    .addHelpText(
      "after",
      `
Faults stop a build: shape, unknown usages, quorums that nobody can reach, an outcome that rests on tags alone. Doubts do not: rules that are
never reached, an allow above a rule that protects some of its keys, conditions that never match, people without an identity.`,
    )
    .action(async (file: string, options: { strict?: true; json?: true }) =>
      end(await (await running()).check(file, options, machine)),
    );
  policy
    .command("test")
    .description("what the policy says of described deletions, against what you expect")
    .argument("[file]", "the cases", "policy/policy.test.yaml")
    .option("--policy <file>", "the policy", defaultPolicyFile)
    .option("--full", "a rule that no case exercises counts as a failure")
    .option("--json", "answer with one JSON object")
    .action(async (file: string, options: { policy: string; full?: true; json?: true }) =>
      end(await (await running()).test(file, options, machine)),
    );
  policy
    .command("explain")
    .description("why the policy says of one deletion what it says")
    .requiredOption("--event <file>", "an event of EventBridge, or a record of CloudTrail")
    .option(
      "--key <file>",
      "the key as aws payment-cryptography get-key prints it, perhaps with Tags and Aliases beside Key",
    )
    .option("--policy <file>", "the policy", defaultPolicyFile)
    .option("--json", "answer with one JSON object")
    .action(async (options: { event: string; key?: string; policy: string; json?: true }) => {
      await (await running()).explaining(options, machine);
    });
}
