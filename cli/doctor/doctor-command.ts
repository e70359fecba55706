import type { Command } from "commander";
import type { StackHealth } from "../health/stack-health.ts";
import { everywhere } from "../places/everywhere.ts";
import type { PlacesContext } from "../places/places-context.ts";
import { ofAccounts, type PlacesOptions } from "../places/places-options.ts";
import { defaultPolicyFile } from "../policy/policy-defaults.ts";
import type { End, Status } from "../shell/terminal.ts";
import { type AwsPlace, isHere, ofStack, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import { localWorld } from "../stack/local-world.ts";
import { asked, type Finding, lineOf } from "./doctor-finding.ts";
import type { Probes } from "./probes.ts";

/** What the doctor uses. */
export interface DoctorContext extends PlacesContext {
  readonly probes: (stack: AwsPlace & { readonly stage: string }) => Promise<Probes>;
  /** Asks AWS about a deployed stack. */
  readonly health: (stack: AwsPlace & { readonly stage: string }) => Promise<StackHealth>;
}

interface DoctorOptions extends PlaceOptions, PlacesOptions {
  readonly policy: string;
  readonly json?: true;
}

/** Whether this computer can do what the other commands need: configuration, and who answers. */
export function addDoctorCommand(program: Command, context: DoctorContext, end: End): void {
  const doctor = program
    .command("doctor")
    .description("what works from this machine, and whether the stack works and people would be notified");
  ofAccounts(ofStack(doctor))
    .option("--policy <file>", "the policy", defaultPolicyFile)
    .option("--json", "one JSON object a line")
    .addHelpText(
      "after",
      "\nReads, and nothing else. `reprieve verify-deployment` also compares the stack with its file, and sends a canary through it.",
    )
    .action(async (options: DoctorOptions) => {
      const examined = async (here: DoctorContext) => await examineAndPrint(options, here);
      end(await everywhere(options, context, { json: "lines" }, examined));
    });
}

async function examineAndPrint(options: DoctorOptions, context: DoctorContext): Promise<Status> {
  const findings = await examine(options, context);
  for (const finding of findings) context.print(options.json ? JSON.stringify(finding) : lineOf(finding, context));
  return findings.some(({ verdict }) => verdict === "bad" || verdict === "unknown") ? 1 : 0;
}

async function examine(options: DoctorOptions, context: DoctorContext): Promise<readonly Finding[]> {
  const stack = stackFrom(options, context);
  const probes = await context.probes(stack);
  const endpoint = options.local ? localWorld() : context.endpoint;
  return [
    await policyFinding(options.policy),
    await asked("credentials", probes.caller, "sign in with `aws sso login`, or set AWS_PROFILE"),
    await asked("Payment Cryptography", probes.keys, "take a region that has it, and a role that may list keys (scan)"),
    await asked(
      "cases",
      probes.table,
      "deploy the stack, name its --stage, or take a role that may read the table (cases, audit)",
    ),
    await asked(
      "audit bucket",
      probes.bucket,
      "take a role that may list the bucket (audit), or --without-checkpoints",
    ),
    await administratorsFinding(probes),
    ...(await stackFindings(stack, options.policy, context)),
    endpoint === undefined
      ? {
          subject: "votes",
          verdict: "left-out",
          found: "REPRIEVE_ENDPOINT is not set: approve, keep and pause take --endpoint",
        }
      : await asked(
          "votes",
          async () => await apiAt(endpoint, context.fetch),
          "set REPRIEVE_ENDPOINT to the stack's HTTP API",
        ),
  ];
}

async function policyFinding(file: string): Promise<Finding> {
  const { readPolicy } = await import("../policy/policy-file.ts");
  const subject = "policy";
  try {
    const read = await readPolicy(file);
    if (!read.ok)
      return { subject, verdict: "bad", found: `${file} has ${read.faults.length} faults: reprieve policy check` };
    return { subject, verdict: "good", found: `${file} ${read.document.mode}s, with ${read.warnings.length} warnings` };
  } catch (error) {
    return { subject, verdict: "bad", found: error instanceof Error ? error.message : String(error) };
  }
}

/** Looks at the deployed stack, and whether its policy is the reviewed one. The local world has nothing of what these ask. */
async function stackFindings(
  stack: AwsPlace & { readonly stage: string },
  policyFile: string,
  context: DoctorContext,
): Promise<readonly Finding[]> {
  if (stack.endpoint !== undefined && isHere(new URL(stack.endpoint)))
    return [
      {
        subject: "stack",
        verdict: "left-out",
        found: "the local world has no functions, topics or schedules to look at",
      },
    ];
  const [{ healthFindings }, { deployedPolicyFinding }, health] = await Promise.all([
    import("../health/health-findings.ts"),
    import("./deployed-policy.ts"),
    context.health(stack),
  ]);
  const { stage, region } = stack;
  const found = await healthFindings(health, { stackName: `reprieve-${stage}`, stage, region });
  const withNeeds = found.map(({ needs, ...finding }) => ({
    ...finding,
    found: needs === undefined ? finding.found : `${finding.found} (not checked; needs ${needs})`,
  }));
  return [await deployedPolicyFinding(health, policyFile), ...withNeeds];
}

/** Warns of a stack that anyone with permissions of their own may change. */
async function administratorsFinding({ changesAreRefused }: Probes): Promise<Finding> {
  const subject = "administrators";
  const advice = "take a role with sqs:GetQueueUrl and sqs:GetQueueAttributes";
  const found = await asked(subject, async () => String(await changesAreRefused()), advice);
  if (found.verdict === "bad") return found;
  return found.found === "true"
    ? { subject, verdict: "good", found: "nobody but two roles may change the queues and secrets" }
    : {
        subject,
        verdict: "warning",
        found:
          "every administrator of the account may change the queues and secrets: name deployerRole and breakGlassRole in the stage's file (docs/deployment.md)",
      };
}

/** The HTTP API answers a path that it does not have; whatever else answers is none. */
async function apiAt(endpoint: string, fetch: DoctorContext["fetch"]): Promise<string> {
  const { status } = await fetch(`${endpoint.replace(/\/+$/, "")}/votes`, {
    method: "GET",
    signal: AbortSignal.timeout(10_000),
  });
  if (status === 404) return `${endpoint} answers`;
  throw new Error(`it answered ${status}, and is not the API of the stack`);
}
