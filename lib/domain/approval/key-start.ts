import { type ChangeState, countsStart, mayStartAgain, standingStops, startersNow } from "../change/change-state.ts";
import { type Directory, personOf, personOfVoter } from "../people/directory.ts";
import type { VoteRefusal, Voter } from "../people/vote.ts";
import type { Judgement } from "./dual-control.ts";

/** Judges the request of `voter` to have the key of a stop started again, by the recorded chain. */
export function judgeKeyStart(state: ChangeState, directory: Directory, voter: Voter, reason: string): Judgement {
  const person = personOfVoter(directory, voter);
  if (person === undefined) return refused("stranger");
  const { start, detected } = state;
  const last = detected.at(-1);
  if (start !== undefined && start.eventId === (last?.eventId ?? "") && !mayStartAgain(state))
    return { entries: [], verdict: { kind: "repeated" } };
  const starters = startersNow(state);
  if (starters === undefined) return refused("too-late");
  const stoppedBy = standingStops(state).flatMap(({ detected: { requester } }) => requester ?? []);
  if (stoppedBy.some((requester) => personOf(directory, requester) === person)) return refused("own-change");
  if (!starters.includes(person)) return refused("not-an-approver");
  if (!countsStart(state, voter.via)) return refused("proof-not-accepted");
  if (reason.trim() === "") return refused("reason-missing");
  return {
    entries: [{ kind: "usage-start-requested", voter, person, reason }],
    verdict: { kind: "counted", person, state: "requested" },
  };
}

function refused(why: VoteRefusal): Judgement {
  return { entries: [], verdict: { kind: "refused", why } };
}
