import type { Verdict } from "../../../lib/domain/log/finding.ts";
import type { Reconciliation } from "../../../lib/domain/reconcile/result.ts";
import { findingText } from "../../trail/finding-text.ts";
import type { Verification } from "../../trail/verify-trail.ts";
import type { Cover, ReportData } from "../rows/report-data.ts";
import { code, el, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { facts } from "./table.ts";
import { day, time } from "./words.ts";

/** Returns the first page: what the report is of, and how far it can be relied on. */
export function coverOf({ cover, reconciliation, reconciliationSha256, rows }: ReportData): VNode {
  const requested = rows.filter(({ part }) => part === "requested").length;
  return el(
    "header",
    undefined,
    el("h1", undefined, "Deletions of payment keys"),
    el("p", undefined, `${day(cover.from)} to ${day(cover.to)} (UTC); the end itself is not part of the period`),
    verdictOf(cover.verified),
    populationOf(reconciliation, cover.verified.verdict, requested),
    facts([...coverFacts(cover), ...reconciliationFacts(reconciliation, reconciliationSha256)]),
  );
}

function coverFacts(cover: Cover): readonly (readonly [string, VNode | string])[] {
  const { verified, signer, witnesses, guardVersions } = cover;
  const { anchor, covered, entries, objects, root, digest } = verified;
  return [
    ["Account", cover.account],
    ["Region", cover.region],
    ["Stack", cover.stack],
    ["Period", `${cover.from} to ${cover.to}`],
    ["Log", `${objects} objects, ${entries} entries`],
    ["Root over all entries", code(root)],
    ["Signed", anchor === undefined ? "No checkpoint covers it" : `The last checkpoint covers ${anchor.size} of them`],
    ["Covered", covered === undefined ? "nothing" : `${time(covered[0])} to ${time(covered[1])} UTC`],
    ["Signing key", signer ?? "none was given to check against"],
    ["Witnesses", witnesses.length === 0 ? "none was given to check against" : witnesses.join(", ")],
    ["SHA-256 of the manifest", code(digest)],
    ["Guard", guardVersions.length === 0 ? "no entry in the period" : guardVersions.join(", ")],
    ["Report", `made ${cover.madeAt} by reprieve ${cover.version}`],
  ];
}

/** The result is not signed, and the digests are of the trail that someone chose: page 1 says which, so that a reader can run it again and compare. */
function reconciliationFacts(
  found: Reconciliation | undefined,
  sha256: string | undefined,
): readonly (readonly [string, VNode | string])[] {
  if (found === undefined) return [];
  const { trail = "none", buckets = [], publicKeys = [] } = found.vouchedBy ?? {};
  return [
    ["Reconciliation", "a file, not signed: run reprieve audit reconcile yourself and compare the SHA-256"],
    ...(sha256 === undefined ? [] : [["SHA-256 of the reconciliation", code(sha256)] as const]),
    ["CloudTrail trail", buckets.length === 0 ? trail : `${trail}, in ${buckets.join(", ")}`],
    ["SHA-256 of its public keys", code(publicKeys.join(" "))],
  ];
}

const verdicts: Readonly<Record<Verdict, readonly [style: string, text: VNode | string]>> = {
  whole: ["verdict good", "The export behind this report is whole, and the expected key signed all of it."],
  linked: ["verdict", "Nothing was found changed in the export behind this report, but that is not proven."],
  damaged: ["verdict bad", el("strong", undefined, "The export behind this report is damaged.")],
};

function verdictOf({ verdict, findings, found }: Verification): VNode {
  const [style, text] = verdicts[verdict];
  const shown = findings.slice(0, 20);
  const more = found - shown.length;
  const listed = [
    ...shown.map((finding) => el("li", undefined, findingText(finding))),
    ...(more > 0 ? [el("li", undefined, `and ${more} more`)] : []),
  ];
  return el("div", { class: style }, el("p", undefined, text), found > 0 ? el("ul", undefined, listed) : undefined);
}

/** INVARIANT: nothing but a reconciliation that says so makes a population complete. */
function populationOf(found: Reconciliation | undefined, verdict: Verdict, requested: number): VNode {
  const counted = `This report counts ${requested} deletions that were requested in the period.`;
  if (found === undefined)
    return statement(
      "verdict",
      "Not reconciled with CloudTrail",
      `Nothing here shows that the trail has every deletion. ${counted}`,
    );
  const { events, matched, duplicates, corrected, failed } = found.population;
  const calls = `CloudTrail has ${events} successful DeleteKey calls in the period; ${matched} of them have exactly one case that agrees. ${duplicates} further deliveries, ${corrected} corrections and ${failed} failed calls are not counted.`;
  const differ =
    requested === matched ? "" : " The two numbers differ: the section on the reconciliation lists each difference.";
  const text = `${calls} ${counted}${differ}`;
  if (found.verdict === "complete" && events === matched && verdict !== "damaged")
    return statement("verdict good", `Population complete: ${matched} of ${events}`, text);
  if (found.verdict === "not-proven")
    return statement("verdict", `Population not proven: ${matched} of ${events}`, text);
  return statement("verdict bad", `Population NOT complete: ${matched} of ${events}`, text);
}

function statement(style: string, title: string, text: string): VNode {
  return el(
    "div",
    { class: style },
    el("p", undefined, el("strong", undefined, title)),
    el("p", undefined, small(text)),
  );
}
