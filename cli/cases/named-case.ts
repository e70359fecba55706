import { type KeyArn, parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { type CaseName, caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import { type PlaceOptions, stackFrom } from "../stack/aws-place.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import { trailsOf } from "../trail/trails-of.ts";

/** A name of a case as people write it: what is before the `#`, and the generation after it. */
interface Named {
  readonly key: string;
  readonly generation?: string;
}

/**
 * Returns the case that `text` names. A whole name needs no look-up; a key's ARN, id, the end of either or its alias is searched for among
 * the stack's cases. Without a generation it is the key's only case, or with `newest` its newest one. Throws a UsageError or an InputError.
 */
export async function caseNamed(
  text: string,
  options: PlaceOptions & { readonly newest?: boolean },
  context: TrailContext,
): Promise<CaseName> {
  const whole = caseNameFrom(text);
  if (whole !== undefined) return whole;
  const { newest = false, ...place } = options;
  // Two letters at the end of an id are a slip rather than a name.
  if (!/^[^#]{3}/.test(text)) throw notNamed(text);
  const named = await namedBy(text, place, context);
  const names = (await trailsOf(place, context)).flatMap((trail) => caseNameFrom(trail.case) ?? []);
  return theOne(text, named, matching(names, named), newest);
}

/** Returns the trail of the case that `text` names, among `trails`; a name that is no case's, such as a pause's, counts whole. Throws an InputError. */
export async function trailNamed(
  text: string,
  trails: readonly StoredTrail[],
  place: PlaceOptions,
  context: TrailContext,
): Promise<StoredTrail> {
  const exact = trails.find((trail) => trail.case === text);
  if (exact !== undefined) return exact;
  const named = await namedBy(text, place, context);
  const names = trails.flatMap((trail) => caseNameFrom(trail.case) ?? []);
  const { keyArn, generation } = theOne(text, named, matching(names, named), true);
  const found = trails.find((trail) => trail.case === `${keyArn}#${generation}`);
  if (found === undefined) throw new TypeError("a case was named that is not among the trails");
  return found;
}

async function namedBy(text: string, place: PlaceOptions, context: TrailContext): Promise<Named> {
  const [key = "", generation, ...more] = text.split("#");
  const isKey = /^[\w:./-]{0,300}$/.test(key);
  const isWellFormed = isKey && more.length === 0 && (generation === undefined || /^[1-9]\d{0,8}$/.test(generation));
  if (!isWellFormed) throw notNamed(text);
  const arn = key.startsWith("alias/") ? await aliasTarget(key, place, context) : key;
  return { key: arn, ...(generation !== undefined && { generation }) };
}

function notNamed(text: string): UsageError {
  return new UsageError(`expected a case such as <key ARN>#1, or a key's id, ARN or alias, found ${quoted(text)}`);
}

/** Returns the key that an alias stands for now. Throws an InputError. */
export async function aliasTarget(alias: string, place: PlaceOptions, context: TrailContext): Promise<KeyArn> {
  const found = await context.aliasTarget(stackFrom(place, context), alias);
  const arn = found === undefined ? undefined : parseKeyArn(found);
  if (arn !== undefined) return arn;
  throw new InputError(`${quoted(alias)} stands for no key: name the key by its ARN or id`);
}

function matching(names: readonly CaseName[], { key, generation }: Named): readonly CaseName[] {
  return names.filter(
    (name) => name.keyArn.endsWith(key) && (generation === undefined || generation === String(name.generation)),
  );
}

function theOne(text: string, { generation }: Named, found: readonly CaseName[], newest: boolean): CaseName {
  const [last, ...others] = found.toSorted((a, b) => b.generation - a.generation);
  if (last === undefined) throw new InputError(`there is no case ${quoted(text)}: reprieve cases list names them`);
  const keys = new Set(found.map(({ keyArn }) => keyArn));
  if (keys.size > 1) throw new InputError(`${keys.size} keys end with ${quoted(text)}: name more of it`);
  if (others.length > 0 && generation === undefined && !newest)
    throw new InputError(
      `the key has ${found.length} cases: name one, such as ${quoted(`${last.keyArn}#${last.generation}`)}`,
    );
  return last;
}
