import { foldPermit, permitOf } from "../../domain/approval/permit.ts";
import { append, type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { permitChainName } from "../../domain/ledger/chain-name.ts";
import { isSamePermit, type PermitId } from "../../domain/ledger/permit-name.ts";
import type { CaseFile } from "./case-file.ts";
import { claim } from "./key-effects.ts";
import { recordEntry } from "./record-entry.ts";
import type { Progress, Run } from "./run.ts";

/** Gives the permit that the approvers have granted. That they did is on record before; a second attempt finds the first one's permit. */
export async function issuePermit(run: Run, file: CaseFile): Promise<Progress> {
  const { guard, arn } = run;
  const now = guard.clock();
  const permit = permitOf(file.state, guard.policy.directory, now);
  if (permit === undefined) throw new TypeError("this step needs an approval");
  if (typeof permit === "string") {
    return recordEntry(run, file, { kind: "permit-withheld", why: permit });
  }
  if ((await claim(run, file)) === "conflict") return "conflict";
  const { id } = permit;
  const chain = append(emptyChain(permitChainName(arn, id)), { kind: "permit-issued", permit }, now);
  const answer = await guard.cases.savePermit({ chain, expectedLength: 0 });
  const issued = answer === "saved" ? permit : (await permitNamed(run, id))?.permit;
  if (issued === undefined) return "conflict";
  return recordEntry(run, file, { kind: "permit-issued", permit: issued });
}

/**
 * Uses a permit for the deletion of this case. INVARIANT: the permit names the deletion before the case says that it passes, so that
 * no two deletions ever pass by one permit.
 */
export async function usePermit(run: Run, file: CaseFile, permit: PermitId): Promise<Progress> {
  const { guard, arn, permits = [] } = run;
  const { state } = file;
  const eventId = state.requests.at(-1)?.eventId;
  const chain = permits.find((each) => isOf(each, permit));
  if (chain === undefined || eventId === undefined) throw new TypeError("this step needs a permit and a record");
  const used = {
    kind: "permit-used",
    permit,
    case: { keyArn: arn, generation: state.generation },
    eventId,
  } as const;
  if ((await claim(run, file)) === "conflict") return "conflict";
  if (foldPermit(chain)?.usedBy === undefined) {
    const change = { chain: append(chain, used, guard.clock()) };
    if ((await guard.cases.savePermit({ ...change, expectedLength: chain.entries.length })) === "conflict") {
      run.permits = await guard.cases.permits(arn);
      return "go-on";
    }
  }
  return recordEntry(run, file, used);
}

async function permitNamed({ guard, arn }: Run, id: PermitId) {
  const chain = (await guard.cases.permits(arn)).find((each) => isOf(each, id));
  return chain && foldPermit(chain);
}

function isOf(chain: Chain, id: PermitId): boolean {
  const permit = foldPermit(chain)?.permit;
  return permit !== undefined && isSamePermit(permit.id, id);
}
