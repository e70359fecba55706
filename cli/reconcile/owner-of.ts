import { readCheckpoint } from "../../lib/domain/log/checkpoint.ts";
import type { LogOwner } from "../../lib/domain/log/origin.ts";
import { readNote } from "../../lib/domain/log/signed-note.ts";
import type { TrailClaims } from "../../lib/domain/reconcile/trail-claims.ts";
import { InputError } from "../shell/input-error.ts";
import type { Verification } from "../trail/verify-trail.ts";

/**
 * Returns the stack of an export: as the checkpoint of its log names it, else as the manifest does, else as its keys do. Throws an InputError
 * where none does, and where they contradict each other.
 */
export function ownerOf({ anchor, manifest }: Verification, { places }: Pick<TrailClaims, "places">): LogOwner {
  const [first, ...more] = places;
  if (more.length > 0) throw new InputError("the export holds cases of more than one account and Region");
  const named = ownerIn(anchor?.text) ?? ownerInSource(manifest?.source ?? "", first);
  if (named === undefined)
    throw new InputError("the export names no account, Region and stage: its log has no checkpoint and no case");
  if (first !== undefined && (first.account !== named.account || first.region !== named.region))
    throw new InputError(
      `the export is of ${named.account} ${named.region}, and its cases are of ${first.account} ${first.region}`,
    );
  return named;
}

/** `reprieve/<account>/<region>/<stage>`. */
function ownerIn(checkpoint: string | undefined): LogOwner | undefined {
  const note = checkpoint === undefined ? undefined : readNote(checkpoint);
  const [product, account = "", region = "", stage, ...more] =
    (note && readCheckpoint(note.text))?.origin.split("/") ?? [];
  return product === "reprieve" && stage !== undefined && more.length === 0 ? { account, region, stage } : undefined;
}

/** `<account> <region> <stage>`, or without the account. */
function ownerInSource(source: string, keys: { readonly account: string } | undefined): LogOwner | undefined {
  const [, account = keys?.account, region, stage] =
    /^(?:(\d{12}) )?([a-z]{2}-[a-z-]+-\d{1,2}) ([\w-]+)$/.exec(source) ?? [];
  return account === undefined || region === undefined || stage === undefined ? undefined : { account, region, stage };
}
