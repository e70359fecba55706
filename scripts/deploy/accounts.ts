import { printableText } from "../../lib/domain/printable-text.ts";
import { isRegion } from "../../lib/domain/stack-place.ts";

/** One place to deploy to: a profile of the AWS configuration, and a region. */
export interface Place {
  readonly profile: string;
  readonly region: string;
}

/** `PROFILE REGION` a line; empty lines and what follows a `#` do not count. Or every fault, with its line. */
export function readAccounts(
  text: string,
):
  | { readonly ok: true; readonly places: readonly Place[] }
  | { readonly ok: false; readonly faults: readonly string[] } {
  const lines = text
    .split("\n")
    .map((line, n) => ({ number: n + 1, words: line.replace(/#.*/, "").trim().split(/\s+/) }));
  const told = lines.filter(({ words }) => words[0] !== "");
  const faults = told.flatMap(({ number, words }) => {
    const [profile = "", region = "", ...more] = words;
    const sound = /^[\w.@-]{1,100}$/.test(profile) && isRegion(region) && more.length === 0;
    return sound
      ? []
      : [`line ${number}: expected a profile and a region, found \`${printableText(words.join(" "), 80)}\``];
  });
  const places = told.map(({ words: [profile = "", region = ""] }) => ({ profile, region }));
  const names = places.map(({ profile, region }) => `${profile} ${region}`);
  const doubled = names.filter((name, n) => names.indexOf(name) !== n).map((name) => `\`${name}\` stands there twice`);
  if (told.length === 0) return { ok: false, faults: ["expected a line for each account and region: PROFILE REGION"] };
  return faults.length + doubled.length === 0 ? { ok: true, places } : { ok: false, faults: [...faults, ...doubled] };
}
