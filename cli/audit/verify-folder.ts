import type { Verdict } from "../../lib/domain/log/finding.ts";
import { progressBar } from "../shell/progress-bar.ts";
import { keepMemorySteady } from "../shell/steady-memory.ts";
import type { Status } from "../shell/terminal.ts";
import { keptCheckpoint } from "../trail/expected-keys.ts";
import { type VerifyOptions, verifyTrail } from "../trail/verify-trail.ts";
import type { AskedTime, Expected } from "./audit-command.ts";
import { printVerification, type VerifierContext } from "./verdict-text.ts";

/** What an export is verified against, as asked for. */
export type Asked = Expected & AskedTime & { readonly digest?: string; readonly exportOf?: string };

export const statusOf: Readonly<Record<Verdict, Status>> = { whole: 0, damaged: 1, linked: 3 };

/** Verifies the export in `folder` and prints the verdict. Returns the exit status. Throws an InputError. */
export async function verifyFolder(
  folder: string,
  asked: Asked & { readonly json: boolean },
  context: VerifierContext,
): Promise<Status> {
  keepMemorySteady();
  const verified = await verifyTrail(folder, await optionsFrom(asked, context));
  context.progress("");
  const { manifest: _manifest, ...printed } = verified;
  if (asked.json) context.print(JSON.stringify({ whole: verified.verdict === "whole", ...printed }));
  else printVerification(verified, context);
  return statusOf[verified.verdict];
}

/** Returns the options of a verification, with its progress shown. Throws an InputError for a file that holds no checkpoint. */
export async function optionsFrom(
  { key, witnesses, since: file, from, to, digest, exportOf }: Asked,
  context: Pick<VerifierContext, "progress">,
): Promise<VerifyOptions> {
  const since = file === undefined ? undefined : await keptCheckpoint(file, key);
  return {
    ...{
      witnesses,
      ...(key && { key }),
      ...(since && { since }),
      ...(digest && { digest }),
      ...(exportOf && { exportOf }),
    },
    ...{ ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    progress: (files, total) => context.progress(progressBar(files, total, "files")),
  };
}
