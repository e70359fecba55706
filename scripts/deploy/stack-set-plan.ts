import type { StackSetOptions } from "../../cli/deploy/deployment-tools.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";

/** A stack set: what is deployed to which accounts and Regions, and how carefully. */
export interface StackSetPlan {
  readonly stage: string;
  /** First part of the buckets' names. */
  readonly bucket: string;
  readonly units: readonly string[];
  readonly regions: readonly string[];
  readonly isDelegated: boolean;
  readonly maxConcurrent: number;
  readonly failureTolerance: number;
  readonly parameters: Readonly<Record<string, string>>;
}

type Read =
  | { readonly ok: true; readonly plan: StackSetPlan }
  | {
      readonly ok: false;
      /** Each names its option. */
      readonly faults: readonly string[];
    };

/** Returns what the options ask for, or every fault in them. */
export function readStackSetOptions(options: StackSetOptions): Read {
  const { bucket, stage = "dev", delegatedAdmin = false, parameter = [] } = options;
  const units = options.units.split(",");
  const regions = options.regions.split(",");
  const [maxConcurrent, failureTolerance] = [Number(options.maxConcurrent), Number(options.failureTolerance)];
  const faults = [
    // With the longest name of a Region it has to fit into the 63 characters of a bucket's name.
    ...fault(
      /^[a-z0-9][a-z0-9-]{2,45}$/.test(bucket),
      "--bucket",
      "lower-case letters, digits and -, from 3 to 46",
      bucket,
    ),
    ...fault(isStage(stage), "--stage", "a stage such as prod", stage),
    ...units.flatMap((unit) => fault(isUnit(unit), "--units", "ids such as ou-ab12-cdef3456 or r-ab12", unit)),
    ...regions.flatMap((region) => fault(isRegion(region), "--regions", "Regions such as us-east-1", region)),
    ...fault(isCount(maxConcurrent, 1), "--max-concurrent", "a number from 1", options.maxConcurrent),
    ...fault(isCount(failureTolerance, 0), "--failure-tolerance", "a number from 0", options.failureTolerance),
    // CloudFormation refuses more: as many may fail at once.
    ...(maxConcurrent > failureTolerance + 1
      ? [`--max-concurrent: expected at most one more than --failure-tolerance, ${failureTolerance + 1}`]
      : []),
    ...parameter.flatMap((each) => fault(isPair(each), "--parameter", "Name=value", each)),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const parameters = Object.fromEntries(
    parameter.map((each) => [each.split("=")[0] ?? "", each.split("=").slice(1).join("=")]),
  );
  const limits = { maxConcurrent, failureTolerance };
  return { ok: true, plan: { stage, bucket, units, regions, isDelegated: delegatedAdmin, ...limits, parameters } };
}

/** Returns what is wrong with the parameters for this template, whose own values are the stage file's settings. */
export function parameterFaults({ parameters }: StackSetPlan, template: string): readonly string[] {
  const known = (JSON.parse(template) as { Parameters: Record<string, TemplateParameter> }).Parameters;
  return Object.entries(parameters).flatMap(([name, value]) => {
    const parameter = known[name];
    if (parameter === undefined || name === "TableProtection")
      return [`--parameter: the template has no ${quoted(name)} to set; it has ${Object.keys(known).join(", ")}`];
    const { AllowedPattern, AllowedValues, MinValue = Number(value), MaxValue = Number(value) } = parameter;
    const fits =
      (AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(value)) &&
      (AllowedValues === undefined || AllowedValues.includes(value)) &&
      (parameter.Type !== "Number" || (Number(value) >= Number(MinValue) && Number(value) <= Number(MaxValue)));
    return fits ? [] : [`--parameter: ${name} does not take ${quoted(value)}`];
  });
}

interface TemplateParameter {
  readonly Type: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly string[];
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

function isUnit(text: string): boolean {
  return /^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/.test(text);
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

/** Nothing that a shell, or the AWS CLI's shorthand, would read as anything else. */
function isPair(text: string): boolean {
  return /^[A-Za-z0-9]{1,255}=[\w@%+=:./-]{1,2000}$/.test(text);
}

function fault(isGood: boolean, name: string, expected: string, found: string): readonly string[] {
  return isGood ? [] : [`${name}: expected ${expected}, found ${quoted(found)}`];
}
