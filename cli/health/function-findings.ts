import { printableText } from "../../lib/domain/printable-text.ts";
import type { Finding } from "./finding.ts";
import type { FunctionHealth } from "./stack-health.ts";

/** Returns one finding for each function: whether anything invokes it, and whether it may run. */
export function functionFindings(
  functions: readonly FunctionHealth[],
  { stackName, region }: { readonly stackName: string; readonly region: string },
): readonly Finding[] {
  return functions.map((each) => {
    const subject = `function ${each.name}`;
    const faults = [concurrencyFault(each, stackName, region), mappingFault(each, region)].filter(
      (fault) => fault !== undefined,
    );
    if (faults.length > 0) return { subject, verdict: "bad", found: faults.join("; ") };
    const mapping = each.mapping === undefined ? "" : ", its queue invokes it";
    const limit = each.reserved === undefined ? "none is reserved, as set" : `${each.reserved} at a time`;
    return { subject, verdict: "good", found: `${limit}${mapping}` };
  });
}

function concurrencyFault(
  { name, reserved, wanted }: FunctionHealth,
  stackName: string,
  region: string,
): string | undefined {
  if (reserved === wanted) return undefined;
  const state =
    reserved === 0
      ? "STOPPED: its reserved concurrency is 0"
      : reserved === undefined
        ? "no concurrency is reserved for it"
        : `${reserved} executions are reserved, the stack states ${wanted ?? "none"}`;
  const subject = `--region ${region} --function-name ${stackName}-${name}`;
  return wanted === undefined
    ? `${state}: \`aws lambda delete-function-concurrency ${subject}\``
    : `${state}: \`aws lambda put-function-concurrency ${subject} --reserved-concurrent-executions ${wanted}\``;
}

function mappingFault({ name, mapping, mappingId }: FunctionHealth, region: string): string | undefined {
  if (mapping === undefined || mapping === "Enabled" || mapping === "Updating" || mapping === "Enabling")
    return undefined;
  if (mapping === "none" || mappingId === undefined)
    return `nothing takes messages from the queue of ${name} to it: someone deleted the event source mapping (docs/runbook.md, Repair drift)`;
  return `its queue is ${printableText(mapping, 30)} and messages wait: \`aws lambda update-event-source-mapping --region ${region} --uuid ${printableText(mappingId, 50)} --enabled\``;
}
