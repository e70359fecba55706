import type { Command } from "commander";
import type { End, Terminal } from "../shell/terminal.ts";
import { assumeMinAge, defaultPolicyFile } from "./policy-defaults.ts";
import type { ReplayOptions } from "./replay/run-replay.ts";
import type { ReviewOptions } from "./review/run-review.ts";
import type { ExplainOptions } from "./run-explain.ts";

/** Writing a policy with confidence: nothing of it needs AWS, or anything deployed. */
export function addPolicyCommands(program: Command, context: Terminal, end: End): void {
  const policy = program.command("policy").description("the policy: check, test and explain it before it is deployed");
  const running = async () => await import("./run-policy.ts");
  policy
    .command("check")
    .description("errors and warnings of a policy, with line and column")
    .argument("[file]", "the policy, or - for standard input", defaultPolicyFile)
    .option("--strict", "count warnings as errors")
    .option("--json", "answer with one JSON object")
    .addHelpText(
      "after",
      `
Errors stop a build: form, conditions that can never match, quorums that nobody can reach, an outcome that rests on tags alone. Warnings do not:
rules that are never reached, an allow above a rule that protects some of its keys, reverts that cannot be, wildcards and empty conditions that weaken an outcome, roles
that no unique id pins, people without an identity.`,
    )
    .action(async (file: string, options: { strict?: true; json?: true }) =>
      end(await (await import("./run-check.ts")).check(file, options, context)),
    );
  policy
    .command("test")
    .description("what the policy says of described deletions and other changes, against what you expect")
    .argument("[file]", "the cases", "policy/policy.test.yaml")
    .option("--policy <file>", "the policy", defaultPolicyFile)
    .option("--full", "a rule that no case exercises counts as a failure")
    .option("--json", "answer with one JSON object")
    .action(async (file: string, options: { policy: string; full?: true; json?: true }) =>
      end(await (await running()).test(file, options, context)),
    );
  policy
    .command("explain")
    .description("why the policy says of one deletion or other change what it says")
    .requiredOption("--event <file>", "an event of EventBridge, or a record of CloudTrail")
    .option(
      "--key <file>",
      "the key as aws payment-cryptography get-key prints it; to add labels, put Tags ([{Key, Value}]) and Aliases ([{AliasName}]) beside Key",
    )
    .option("--policy <file>", "the policy", defaultPolicyFile)
    .option("--assume-min-age", assumeMinAge)
    .option("--json", "answer with one JSON object")
    .action(async (options: ExplainOptions) => {
      await (await import("./run-explain.ts")).explaining(options, context);
    });
  policy
    .command("hash")
    .description("the SHA-256 that a stack with this policy states as PolicyHash")
    .argument("[file]", "the policy, or - for standard input", defaultPolicyFile)
    .option("--json", "answer with one JSON object")
    .action(
      async (file: string, options: { json?: true }) =>
        await (await import("./run-diff.ts")).hashing(file, options, context),
    );
  policy
    .command("diff")
    .description("what differs between two policies, rule by rule; exit status 1: something does")
    .argument("<before>", "a policy, or - for standard input")
    .argument("[after]", "another one", defaultPolicyFile)
    .option("--json", "answer with one JSON object")
    .action(async (before: string, after: string, options: { json?: true }) =>
      end(await (await import("./run-diff.ts")).diffing(before, after, options, context)),
    );
  policy
    .command("review")
    .description(
      "what a pull request changes: rules, past calls, warnings, policy tests; exit status 1: errors, or tests that fail",
    )
    .requiredOption("--base <ref>", "the commit to compare with, such as origin/main")
    .option("--policy <file>", "the policy", defaultPolicyFile)
    .option("--tests <file>", "its tests, if the file exists", "policy/policy.test.yaml")
    .option("--logs <path...>", "CloudTrail logs, as `replay` reads them: what changes for these calls")
    .option("--json", "answer with one JSON object instead of Markdown")
    .action(async (options: ReviewOptions) =>
      end(await (await import("./review/run-review.ts")).reviewing(options, context)),
    );
  policy
    .command("schema")
    .description("the JSON Schema of a policy, for editors")
    .action(async () => context.print((await (await running()).schema()).trimEnd()));
  policy
    .command("replay")
    .description("what a policy would have done about the deletions and other changes in CloudTrail's logs")
    .argument("<path...>", "log files as S3 holds them (.json.gz or .json), folders of them, or - for standard input")
    .option("--policy <file>", "the policy", defaultPolicyFile)
    .option("--against <file>", "another policy: only what it decides otherwise is shown")
    .option("--format <format>", "text, csv or json", "text")
    .option("--strict", "a file that is no log is an error")
    .option("--assume-min-age", assumeMinAge)
    .addHelpText(
      "after",
      `
Tags and aliases are in no record, nor is their age: none counts toward a weaker outcome, and the summary says how many outcomes may change by
that. With --assume-min-age a deletion is shown as depending on them where the policy asks for them. Other operations (stop, alias,
resource-policy, ...) are judged by their records alone: what a key or alias was before is in none. Exit status 1: the two policies
decide something differently.`,
    )
    .action(async (paths: string[], options: ReplayOptions) => {
      const { replaying } = await import("./replay/run-replay.ts");
      end(await replaying(paths, options, context));
    });
}
