import type { Credentials } from "../shell/credentials.ts";
import { errorText } from "../shell/error-text.ts";
import { UsageError } from "../shell/input-error.ts";
import type { Exported } from "../trail/export-trail.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { AskedTime, ReportOptions } from "./audit-command.ts";

/** Whether the export is on the audit trail, and why not. */
export type ReportedOutcome = { readonly recorded: true } | { readonly recorded: false; readonly notRecorded: string };

/** Reports an export to the stack in the name of the caller's credentials. The export stands whatever the stack answers. */
export async function reportExport(
  { digest, objects, entries }: Exported,
  time: AskedTime,
  options: ReportOptions & { readonly credentials?: Credentials },
  context: TrailContext,
): Promise<ReportedOutcome> {
  const reason = options.reason ?? "audit export";
  try {
    const [{ commandFrom, credentialsOf }, { castVote }, { outcomeText }] = await Promise.all([
      ...([import("../vote/speak.ts"), import("../vote/cast-vote.ts"), import("../vote/outcome-text.ts")] as const),
    ]);
    const subject = { export: { ...time, digest, objects, entries } };
    const command = commandFrom(subject, { ...options, reason }, context);
    const { clock, fetch, pause } = context;
    const credentials = options.credentials ?? (await credentialsOf(context));
    const outcome = await castVote(command, { credentials, now: clock(), fetch, pause });
    if (outcome.kind === "judged" && outcome.accepted) return { recorded: true };
    return { recorded: false, notRecorded: outcomeText(outcome, command) };
  } catch (error) {
    const why = error instanceof UsageError && hasNoEndpoint(options, context) ? noEndpoint : errorText(error);
    return { recorded: false, notRecorded: why };
  }
}

const noEndpoint =
  "no endpoint of the stack is known: give --endpoint URL, set REPRIEVE_ENDPOINT, or name it in the accounts file (endpoint)";

function hasNoEndpoint({ endpoint, local }: ReportOptions, context: TrailContext): boolean {
  return !local && !(endpoint ?? context.endpoint);
}
