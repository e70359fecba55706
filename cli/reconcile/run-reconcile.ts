import { writeFile } from "node:fs/promises";
import { logChainName } from "../../lib/domain/ledger/chain-name.ts";
import { latestCovered } from "../../lib/domain/log/coverage.ts";
import { Coverage } from "../../lib/domain/reconcile/coverage.ts";
import { ownRoles } from "../../lib/domain/reconcile/own-roles.ts";
import { reconcile } from "../../lib/domain/reconcile/reconcile.ts";
import type { Reconciliation, ReconciliationVerdict } from "../../lib/domain/reconcile/result.ts";
import type { Span } from "../../lib/domain/reconcile/spans.ts";
import { TrailClaims } from "../../lib/domain/reconcile/trail-claims.ts";
import { fileErrorText } from "../shell/file-error.ts";
import { InputError } from "../shell/input-error.ts";
import { keepMemorySteady } from "../shell/steady-memory.ts";
import type { Status } from "../shell/terminal.ts";
import { type Verification, type VerifyOptions, verifyTrail } from "../trail/verify-trail.ts";
import { ownerOf } from "./owner-of.ts";
import { type PrintContext, printReconciliation } from "./print-reconciliation.ts";
import { readCloudTrail } from "./read-cloudtrail.ts";
import { type DigestSources, readDigests } from "./read-digests.ts";
import { UnreadCounts } from "./unread.ts";

export interface ReconcileCommand {
  /** The export. */
  readonly folder: string;
  /** What the export is verified against. */
  readonly verify: VerifyOptions;
  /** Files and folders with CloudTrail's records. */
  readonly logs: readonly string[];
  readonly digests?: DigestSources;
  /** ARNs of the roles of the stack; by default the ones with the names that the template gives them. */
  readonly guardRoles: readonly string[];
  /** The file to write the result to. */
  readonly out?: string;
  readonly json: boolean;
}

/** What a reconciliation uses of the computer it runs on. */
export interface ReconcileContext extends PrintContext {
  readonly progress: (text: string) => void;
}

const statusOf: Readonly<Record<ReconciliationVerdict, Status>> = { complete: 0, exceptions: 1, "not-proven": 3 };

/** Compares an export with CloudTrail's records, and prints what differs. Returns the exit status. Throws an InputError. */
export async function reconciling(command: ReconcileCommand, context: ReconcileContext): Promise<Status> {
  keepMemorySteady();
  const result = await reconciled(command, context.progress);
  context.progress("");
  const text = JSON.stringify(result);
  if (command.out !== undefined) await writeNew(command.out, `${text}\n`);
  if (command.json) context.print(text);
  else printReconciliation(result, context);
  return statusOf[result.verdict];
}

/** Compares an export with CloudTrail's records. Throws an InputError. */
export async function reconciled(
  { folder, verify, logs, digests, guardRoles }: ReconcileCommand,
  progress: (text: string) => void,
): Promise<Reconciliation> {
  const trail = new TrailClaims();
  const verified = await verifyTrail(folder, {
    ...verify,
    onEntry: (entry, _text, index) => {
      // What is not in the log yet is no evidence: anyone who had the folder may have added it.
      if (entry.chain !== logChainName && index !== undefined) trail.take(entry);
    },
  });
  const owner = ownerOf(verified, trail);
  const time = timeOf(verified, verify);
  const unread = new UnreadCounts();
  const chains = digests && (await readDigests(digests, owner, unread));
  const proof = chains?.end() ?? { spans: [], holes: [{ ...everything, why: "no digests were given" }], changed: [] };
  const read = await readCloudTrail({
    ...{ paths: logs, place: owner, time, unread, ...(chains && { named: chains.logs }) },
    serviceEvents: [...trail.cases.values()].some(({ destroyed }) => destroyed?.how === "service-event"),
    progress: (files) => progress(`${files} files`),
  });
  if (read.calls.isElsewhere && chains === undefined)
    throw new InputError(`the records are not of ${owner.account} ${owner.region}, which the export is of`);
  const judged = read.logs.end();
  const [first, last] = verified.covered ?? [];
  return reconcile({
    ...{ owner, time, trail, calls: read.calls, unnamed: read.unnamed },
    ...(first !== undefined && last !== undefined && { logged: { from: first, to: last } }),
    ...(chains?.voucher && { vouchedBy: chains.voucher }),
    coverage: new Coverage(proof.spans, [...proof.holes, ...judged.holes]),
    isOwnRole: ownRoles(owner, guardRoles),
    ...{ manifestSha256: verified.digest, export: verified.verdict },
    ...{ changed: [...proof.changed, ...judged.changed], unread: unread.list },
  });
}

const everything: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/**
 * The time that is compared: as asked, else as the export was asked; without these, as far as the log of the export reaches, from its first closing
 * on. Of a log that is too young for that, what came before its first closing, up to its last: what is too new is then found to be so.
 */
function timeOf({ manifest, covered }: Verification, asked: Pick<VerifyOptions, "from" | "to">): Span {
  if (manifest === undefined) throw new InputError("the manifest was changed: there is nothing to compare");
  const [first, last] = covered ?? [];
  const given = { from: asked.from ?? timeIn(manifest.from), to: asked.to ?? timeIn(manifest.to) };
  const isYoung = first !== undefined && last !== undefined && latestCovered(last) <= first;
  const reached = isYoung
    ? { from: latestCovered(first), to: last }
    : { from: first, to: last === undefined ? undefined : latestCovered(last) };
  const { from = reached.from, to = reached.to } = given;
  if (from === undefined || to === undefined)
    throw new InputError("nothing is logged in the export: give --from and --to");
  if (from >= to)
    throw new InputError("the log of the export covers no time that could be compared: give --from and --to");
  return { from, to };
}

function timeIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    throw new InputError(
      `\`${path}\` ${exists ? "exists already: name a new file" : `cannot be written: ${fileErrorText(error)}`}`,
    );
  }
}
