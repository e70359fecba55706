import { printableText } from "../../lib/domain/printable-text.ts";
import { isRegion } from "../../lib/domain/stack-place.ts";

/** One place to deploy to: a profile of the AWS configuration, a region, and the Slack app of that stack. */
export interface Place {
  readonly profile: string;
  readonly region: string;
  readonly slackApp?: string;
}

/** `PROFILE REGION [SLACK-APP]` a line; empty lines and what follows a `#` do not count. Or every fault, with its line. */
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
    const [profile = "", region = "", app = "none", ...more] = words;
    const sound = /^[\w.@-]{1,100}$/.test(profile) && isRegion(region) && isSlackApp(app) && more.length === 0;
    return sound
      ? []
      : [
          `line ${number}: expected a profile, a region and perhaps a Slack app, found \`${printableText(words.join(" "), 80)}\``,
        ];
  });
  const places = told.map(({ words: [profile = "", region = "", slackApp] }) => ({
    profile,
    region,
    ...(slackApp !== undefined && { slackApp }),
  }));
  const names = places.map(({ profile, region }) => `${profile} ${region}`);
  const doubled = names.filter((name, n) => names.indexOf(name) !== n).map((name) => `\`${name}\` stands there twice`);
  if (told.length === 0)
    return { ok: false, faults: ["expected a line for each account and region: PROFILE REGION [SLACK-APP]"] };
  return faults.length + doubled.length === 0 ? { ok: true, places } : { ok: false, faults: [...faults, ...doubled] };
}

/** What a stack is told of Slack: with an app of its own, or that of the environment, all of it; without any, nothing. */
export function slackOf(
  environment: Readonly<Record<string, string | undefined>>,
  app: string | undefined,
): Readonly<Record<string, string>> {
  const own = app ?? environment["REPRIEVE_SLACK_APP"];
  if (own !== undefined && own !== "" && own !== "none") return { REPRIEVE_SLACK_APP: own };
  return Object.fromEntries(["TEAM", "APP", "CHANNEL", "ESCALATION"].map((part) => [`REPRIEVE_SLACK_${part}`, "none"]));
}

function isSlackApp(text: string): boolean {
  return /^([A-Z0-9]{2,24}|none)$/.test(text);
}
