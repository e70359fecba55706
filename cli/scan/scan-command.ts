import type { Command } from "commander";
import { createColors } from "picocolors";
import { printableText, quoted } from "../../lib/domain/printable-text.ts";
import { isRegion } from "../../lib/domain/stack-place.ts";
import { dayMs } from "../../lib/domain/time.ts";
import { durationText } from "../../lib/notices/words.ts";
import { everywhere } from "../places/everywhere.ts";
import type { PlacesContext } from "../places/places-context.ts";
import { ofAccounts, type PlacesOptions } from "../places/places-options.ts";
import { assumeMinAge, defaultPolicyFile } from "../policy/policy-defaults.ts";
import { errorText } from "../shell/error-text.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import type { End, Status } from "../shell/terminal.ts";
import { type AwsPlace, ofEndpoint, type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import type { KeysToScan, PendingKey, ScanPolicy } from "./scan.ts";

/** What a scan uses. */
export interface ScanContext extends PlacesContext {
  /** The keys of a Region, to be read. */
  readonly keys: (place: AwsPlace) => Promise<KeysToScan>;
}

interface ScanOptions extends Omit<PlaceOptions, "stage" | "region">, PlacesOptions {
  readonly regions?: string;
  readonly policy: string;
  readonly asRules?: true;
  readonly assumeMinAge?: true;
  readonly json?: true;
}

/** Every key that is pending deletion now; works with nothing deployed. */
export function addScanCommand(program: Command, context: ScanContext, end: End): void {
  const scan = ofEndpoint(
    program
      .command("scan")
      .description("every key that is pending deletion now, time left, and what the policy would do")
      .option("--regions <list>", "regions, with commas between them (default: AWS_REGION, else us-east-1)")
      .option("--policy <file>", "the policy", defaultPolicyFile),
  );
  ofAccounts(scan, ["regions", "endpointUrl", "local", "asRules"])
    .option("--as-rules", "print rules that let these keys go, for review in git")
    .option("--assume-min-age", assumeMinAge)
    .option("--json", "one JSON object a line")
    .addHelpText(
      "after",
      `
Reads with your AWS credentials, and needs nothing deployed: ListKeys, GetKey, ListAliases, ListTagsForResource where the policy asks for tags,
and CloudTrail's event history to learn who deleted. Makes at most two calls a second. A tag or alias counts toward a weaker outcome only
once the inventory of a deployed guard has seen it for some days; --assume-min-age shows what holds then. Exit status 1: some keys are pending.`,
    )
    .action(async (options: ScanOptions) => {
      const { policyOf } = await import("../policy/compiled-policy.ts");
      const by = { policy: await policyOf(options.policy), assumeMinAge: options.assumeMinAge ?? false };
      const scanned = async (here: ScanContext) => await scanAndPrint(options, by, here);
      end(await everywhere(options, context, { json: "lines" }, scanned));
    });
}

async function scanAndPrint(options: ScanOptions, by: ScanPolicy, context: ScanContext): Promise<Status> {
  const found = await scanAll(options, by, context);
  const { asRules } = await import("./as-rules.ts");
  if (options.asRules) context.print(asRules(found, context.clock()));
  else for (const key of found) context.print(options.json ? JSON.stringify(key) : lineOf(key, context));
  if (!options.json && !options.asRules && found.length === 0) context.print("no key is pending deletion");
  return found.length > 0 ? 1 : 0;
}

async function scanAll(options: ScanOptions, by: ScanPolicy, context: ScanContext): Promise<readonly PendingKey[]> {
  const { scanKeys } = await import("./scan.ts");
  const found: PendingKey[] = [];
  for (const region of regionsFrom(options.regions, context.region)) {
    const place = stackFrom({ ...options, region }, { ...context, region });
    const progress = (text: string) => context.progress(`${region}: ${text}`);
    try {
      found.push(...(await scanKeys(await context.keys(place), by, progress)));
    } catch (error) {
      throw new InputError(`the keys in ${region} cannot be read: ${errorText(error)}`, { cause: error });
    }
  }
  context.progress("");
  return found;
}

function regionsFrom(list: string | undefined, fallback: string): readonly string[] {
  const regions = list === undefined ? [fallback] : list.split(",").map((region) => region.trim());
  const wrong = regions.find((region) => !isRegion(region));
  if (wrong !== undefined) throw new UsageError(`expected regions such as us-east-1,eu-west-1, found ${quoted(wrong)}`);
  return [...new Set(regions)];
}

function lineOf({ arn, usage, deletePendingAt, aliases, requester, would }: PendingKey, context: ScanContext): string {
  const { bold, cyan, dim, red, yellow } = createColors(context.colours);
  const left = deletePendingAt - context.clock();
  const short = left < dayMs ? red : yellow;
  const does =
    "needs" in would
      ? dim(`depends on the ${would.needs.join(" and the ")}`)
      : `${bold(would.outcome)} by ${cyan(printableText(would.rule, 64))}`;
  return [
    short(left > 0 ? `${durationText(left)} left` : "overdue"),
    printableText(aliases.join(", ") || "no alias", 100),
    dim(printableText(usage, 60)),
    does,
    dim(requester === undefined ? "requester unknown" : `deleted by ${printableText(requester, 200)}`),
    `\n  ${dim(arn)}`,
  ].join("  ");
}
