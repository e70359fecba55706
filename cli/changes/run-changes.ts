import { createColors } from "picocolors";
import { changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import { changePermitText, permitOfChange } from "../../lib/domain/ledger/change-permit-name.ts";
import { printableText, quoted } from "../../lib/domain/printable-text.ts";
import { dateAndTime } from "../../lib/notices/words.ts";
import { InputError } from "../shell/input-error.ts";
import { fitted } from "../shell/wrap.ts";
import type { PlaceOptions } from "../stack/aws-place.ts";
import { printTrail } from "../trail/print-trail.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { trailsOf } from "../trail/trails-of.ts";
import { type ListedChange, listChanges } from "./change-list.ts";
import { changeTitle } from "./change-title.ts";

interface Options extends PlaceOptions {
  readonly json?: true;
}

/** Prints the changes of a stack that `shows` shows, the newest first. Returns the exit status. Throws an InputError. */
export async function list(
  { json, ...place }: Options,
  shows: (listed: ListedChange) => boolean,
  context: TrailContext,
): Promise<0> {
  const all = listChanges(await trailsOf(place, context));
  const listed = all.filter(shows);
  for (const each of listed) context.print(json ? JSON.stringify(each) : fitted(lineOf(each, context), context));
  if (!json && listed.length === 0) context.print(all.length === 0 ? "there is no change" : "no change matches");
  return 0;
}

function lineOf(listed: ListedChange, { colours }: TrailContext): string {
  const { bold, cyan, dim, green, red, yellow } = createColors(colours);
  const { change, changedAt, state, grave, crowded, rule, requesterName, says, changes } = listed;
  const colour = state === "damaged" || state === "left" ? red : state === "reverted" ? green : grave ? yellow : bold;
  return [
    bold((changeTitle(change) ?? change).padEnd(24)),
    colour(state.padEnd(9)),
    ...(grave ? [red("grave")] : []),
    ...(changes > 1 || crowded
      ? [yellow(`${changes} changes${crowded ? " and more, which are not recorded" : ""}`)]
      : []),
    ...(state === "damaged" ? ["the chain does not hold: reprieve audit verify"] : []),
    ...(requesterName === "" ? [] : [`${printableText(requesterName, 60)} ${printableText(says, 200)}`]),
    ...(rule === "" || rule === "none" ? [] : [dim(`by rule ${cyan(printableText(rule, 64))}`)]),
    `\n  ${dim(`${dateAndTime(changedAt)}  ${change}`)}`,
  ].join("  ");
}

/** Prints one chain of changes, entry by entry, and what people were asked about them. Returns 1 where one does not hold. Throws an InputError unless exactly one is named. */
export async function show(name: string, { json, ...place }: Options, context: TrailContext): Promise<0 | 1> {
  const trails = await trailsOf(place, context);
  const trail = changeNamed(
    name,
    trails.filter((each) => changeTitle(each.case) !== undefined),
  );
  const status = printTrail(trail, changeTitle(trail.case) ?? trail.case, json === true, context);
  const question = json === true ? undefined : questionAbout(trail.case, trails);
  if (question === undefined) return status;
  return printTrail(question, "may it be made again?", false, context) === 0 ? status : 1;
}

/** Returns the chain of what people were asked because of a change, if they were. */
function questionAbout(change: string, trails: readonly StoredTrail[]): StoredTrail | undefined {
  const name = changeNameFrom(change);
  const question = name && changePermitText(permitOfChange(name));
  return trails.find((each) => each.case === question);
}

function changeNamed(name: string, trails: readonly StoredTrail[]): StoredTrail {
  const exact = trails.find((trail) => trail.case === name);
  const [first, ...others] = exact === undefined ? trails.filter((trail) => trail.case.endsWith(name)) : [exact];
  if (first === undefined) throw new InputError(`there is no change ${quoted(name)}: reprieve changes list names them`);
  if (others.length > 0) throw new InputError(`${others.length + 1} changes end with ${quoted(name)}: name more of it`);
  return first;
}
