import { createColors } from "picocolors";
import { type Entry, wrongMember } from "../../lib/domain/ledger/entry.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { recordSentence } from "../../lib/notices/entry-sentence.ts";
import { dateAndTime, durationText } from "../../lib/notices/words.ts";
import { changeTitle } from "../changes/change-title.ts";
import { fitted } from "../shell/wrap.ts";
import type { PlaceOptions } from "../stack/aws-place.ts";
import { printTrail } from "../trail/print-trail.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { trailsOf } from "../trail/trails-of.ts";
import type { CaseFilter } from "./case-filter.ts";
import { type ListedCase, listCases } from "./case-list.ts";
import { trailNamed } from "./named-case.ts";

interface Options extends PlaceOptions {
  readonly json?: true;
}

/** Prints the cases of a stack that the options ask for and `shows` shows, newest first. Returns the exit status. Throws an InputError. */
export async function list(
  options: Options & CaseFilter & { readonly arn?: true },
  shows: (listed: ListedCase) => boolean,
  context: TrailContext,
): Promise<0> {
  const listed = listCases(await trailsOf(options, context)).filter(shows);
  for (const each of listed)
    context.print(options.json ? JSON.stringify(each) : fitted(lineOf(each, options.arn === true, context), context));
  if (!options.json && listed.length === 0) context.print(noneText(options));
  return 0;
}

function noneText({ open, key, state, rule, requester, since }: CaseFilter): string {
  if ([key, state, rule, requester, since].some((each) => each !== undefined)) return "no case matches";
  return open ? "no case is open" : "there is no case";
}

function lineOf(
  { case: name, title, openedAt, state, open, outcome, rule, requesterName, decideUntil, deletePendingAt }: ListedCase,
  withArn: boolean,
  context: TrailContext,
): string {
  const { bold, cyan, dim, green, red, yellow } = createColors(context.colours);
  const colour =
    state === "damaged" || state === "key-destroyed" ? red : open ? yellow : state === "key-usable" ? green : bold;
  const until = decideUntil ?? deletePendingAt;
  const left = open && until !== undefined && until - context.clock();
  return [
    bold(printableText(title, 200).padEnd(24)),
    colour(state.padEnd(20)),
    `${outcome} ${rule && `by ${cyan(printableText(rule, 64))}`}`.trim(),
    ...(requesterName === "" ? [] : [dim(`for ${printableText(requesterName, 60)}`)]),
    ...(left && left > 0 ? [yellow(`${durationText(left)} left${decideUntil === undefined ? "" : " to decide"}`)] : []),
    `\n  ${dim(`${openedAt === 0 ? "" : `${dateAndTime(openedAt)}  `}${withArn ? name : shortOf(name)}`)}`,
  ].join("  ");
}

/** One case: 1 where its chain does not hold. Throws an InputError where there is none, or more than one. */
export async function show(name: string, { json, ...place }: Options, context: TrailContext): Promise<0 | 1> {
  const trails = await trailsOf(place, context);
  const trail = await trailNamed(name, trails, place, context);
  return printTrail(trail, nameOf(trail), json === true, context);
}

const pollEveryMs = 3_000;

/** Tells every entry that was not there before. Ends when the context says so, which a terminal does by Ctrl-C. */
export async function watch({ json, ...place }: Options, context: TrailContext): Promise<void> {
  const seen = new Map<string, number>();
  const colours = createColors(context.colours);
  const { dim, cyan } = colours;
  for (let first = true; ; first = false) {
    for (const trail of await trailsOf(place, context)) {
      const { case: name, texts } = trail;
      for (const text of first ? [] : texts.slice(seen.get(name) ?? 0)) {
        const entry = entryIn(text);
        if (json) context.print(JSON.stringify({ case: name, entry: entry ?? text }));
        else if (entry !== undefined)
          context.print(
            `${dim(dateAndTime(entry.at))}  ${cyan(printableText(nameOf(trail), 200).padEnd(24))} ${recordSentence(entry, colours)}`,
          );
      }
      seen.set(name, texts.length);
    }
    if (first && !json) context.print(dim("watching; Ctrl-C ends it"));
    if ((await context.pause(pollEveryMs)) === "stop") return;
  }
}

function entryIn(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Entry;
    return wrongMember(entry) === undefined ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** What people call the key of a case; of a change what was changed, of a pause or a permit its own name. */
function nameOf(trail: StoredTrail): string {
  return listCases([trail])[0]?.title ?? changeTitle(trail.case) ?? shortOf(trail.case);
}

/** The id of the key and the generation: what people tell cases apart by. */
function shortOf(name: string): string {
  return name.split("/").at(-1) ?? name;
}
