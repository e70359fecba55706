import { createColors } from "picocolors";
import { changePermitNameFrom } from "../../lib/domain/ledger/change-permit-name.ts";
import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import { subjectText } from "../../lib/domain/operations/subject.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { dateAndTime, durationText } from "../../lib/notices/words.ts";
import { filledIn } from "../shell/filled-in.ts";
import { fitted } from "../shell/wrap.ts";
import type { PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { trailsOf } from "../trail/trails-of.ts";
import { type ListedPermit, listPermits } from "./permit-list.ts";

interface Options extends PlaceOptions {
  readonly live?: true;
  readonly key?: string;
  readonly json?: true;
}

/** Prints the permits of a stack that the options ask for, newest first. Throws a UsageError or an InputError. */
export async function list({ live, key, json, ...place }: Options, context: TrailContext): Promise<void> {
  filledIn({ key });
  const all = listPermits(await trailsOf(place, context), context.clock());
  const isLive = ({ state }: ListedPermit) => state === "live" || state === "asked-for" || state === "damaged";
  const listed = all.filter((each) => (!live || isLive(each)) && (key === undefined || keyOf(each).includes(key)));
  for (const each of listed) context.print(json ? JSON.stringify(each) : fitted(lineOf(each, context), context));
  if (!json && listed.length === 0)
    context.print(key !== undefined ? "no permit matches" : live ? "no permit is live" : "there is no permit");
}

/** A permit is called `<key ARN>#...`; a number after it is no part of the key. */
function keyOf({ permit }: ListedPermit): string {
  const change = changePermitNameFrom(permit);
  return change === undefined ? (permit.split("#")[0] ?? permit) : subjectText(change.subject);
}

function lineOf(listed: ListedPermit, { colours, clock }: TrailContext): string {
  const { dim, green, red, yellow } = createColors(colours);
  const { operation, state, at, principal, person, requestedBy, approvedBy, until, permit, minWaitingMs } = listed;
  if (state === "damaged")
    return `${red("damaged")}  the chain does not hold, what it permits is unknown: reprieve cases show, reprieve audit\n  ${dim(printableText(permit, 200))}`;
  const colour = { "asked-for": yellow, live: red, used: green, revoked: green, expired: dim }[state];
  const left = until - clock();
  const open = state === "live" || state === "asked-for";
  return [
    dim(dateAndTime(at)),
    colour(state.padEnd(10)),
    `for ${printableText(person || principal, 80)}, ${operation === deletionName ? `${durationText(minWaitingMs)} of notice` : printableText(operation)}`,
    ...(requestedBy === "" ? [] : [dim(`asked for by ${requestedBy}`)]),
    ...(approvedBy.length === 0 ? [] : [dim(`approved by ${approvedBy.join(" and ")}`)]),
    ...(open && left > 0 ? [yellow(`${durationText(left)} left`)] : []),
    `\n  ${dim(permit)}`,
  ].join("  ");
}
