import { durationText } from "../../../lib/notices/words.ts";
import type { CaseRow } from "../rows/case-row.ts";
import { type Content, code, lines, small } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section, table } from "./table.ts";
import { endTexts, partTexts, shortHash, time } from "./words.ts";

/** Returns the section with a line for each case. */
export function casesSection(rows: readonly CaseRow[]): VNode {
  return section("Every case", table("Every case, by the time by which it is counted", columns, rows));
}

const columns = [
  {
    head: "Key",
    cell: ({ title, case: name, usage, kcv, damaged }: CaseRow) =>
      lines(
        title,
        small(code(name.split("/").at(-1) ?? "")),
        small(usage),
        kcv && small(`KCV ${kcv}`),
        damaged ? "DAMAGED: what comes before the damage" : "",
      ),
  },
  {
    head: "Deletion requested (UTC)",
    cell: ({ countedAt, requesterName, sourceIp, part }: CaseRow) =>
      lines(
        time(countedAt),
        small(requesterName),
        sourceIp && small(`from ${sourceIp}`),
        part === "requested" ? "" : small(partTexts[part]),
      ),
  },
  {
    head: "Decided",
    cell: ({ outcome, rule, policyHash, mode }: CaseRow) =>
      outcome === "none"
        ? "not decided"
        : lines(
            [`${outcome} by `, code(rule)],
            small(`policy ${shortHash(policyHash)}${mode === "observe" ? ", observing only" : ""}`),
          ),
  },
  { head: "Votes", cell: votes },
  {
    head: "End",
    cell: (row: CaseRow) =>
      lines(
        endTexts[row.end],
        (row.timeToUsableMs !== undefined && small(`usable after ${durationText(row.timeToUsableMs)}`)) || "",
        destruction(row),
        row.endLater && small(`later: ${endTexts[row.endLater].toLowerCase()}`),
      ),
  },
];

/** Returns who voted, and by which permit a deletion passed. */
export function votes({ approvedBy, keptBy, permit, permitGivenBy }: CaseRow): Content {
  return lines(
    approvedBy.length > 0 ? `approve: ${approvedBy.join(", ")}` : "",
    permit && `permit #${permit.split("#").at(-1) ?? ""}: ${permitGivenBy.join(", ")}`,
    keptBy.length > 0 ? `keep: ${keptBy.join(", ")}` : "",
  );
}

function destruction({ destroyedAt, destructionKnownBy, allowedBy, confirmed }: CaseRow): Content {
  if (destroyedAt === undefined) return "";
  const by =
    allowedBy === "" ? "" : `allowed by ${allowedBy}${confirmed === "confirmed" ? ", confirmed by CloudTrail" : ""}; `;
  return small(`${by}known ${time(destroyedAt)} by ${destructionKnownBy}`);
}
