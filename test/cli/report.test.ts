import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ListedPermit } from "../../cli/permits/permit-list.ts";
import { caseRow } from "../../cli/report/case-row.ts";
import { caseTotals, sumOf } from "../../cli/report/case-totals.ts";
import { casesCsv } from "../../cli/report/cases-csv.ts";
import { figuresOf } from "../../cli/report/figures.ts";
import { type PauseRow, pauseRow } from "../../cli/report/pause-row.ts";
import { reportHtml } from "../../cli/report/report-html.ts";
import type { Verification } from "../../cli/trail/verify-trail.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import type { PermitId } from "../../lib/domain/ledger/permit-name.ts";
import { detection, toAllow, toAsk, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { day, deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";
import { voteBy } from "../doubles/vote-deps.ts";

function rowOf(...bodies: readonly EntryBody[]) {
  const before = chainBefore(bodies[0]);
  const { entries, head } = bodies.reduce<Chain>((chain, body, n) => append(chain, body, t0 + n * 1000), before);
  const row = caseRow(entries, head);
  if (row === undefined) throw new TypeError("no case");
  return row;
}
const restored = rowOf(
  detection(),
  toRestore,
  { kind: "restore-intended", late: false },
  {
    kind: "key-restored",
    enabled: true,
    how: "answered",
  },
  { kind: "key-usable", timeToUsableMs: 2_345, despiteRule: false },
);
const verified: Verification = {
  ...{ verdict: "linked", objects: 3, entries: 12, chains: 2, root: "cm9vdA==", unlogged: 0 },
  ...{ digest: "d".repeat(64), findings: [], found: 0 },
};
const header = {
  verified,
  from: "2024-01-01T00:00:00.000Z",
  to: "2024-07-01T00:00:00.000Z",
  source: "here",
  madeAt: "now",
};

describe("a row", () => {
  it("tells who, what, when, by which rule, and how it ended", () => {
    expect(restored).toMatchObject({
      case: `${keyArn()}#1`,
      outcome: "restore",
      rule: "some-rule",
      end: "key-usable",
      timeToUsableMs: 2_345,
      requestedAt: t0,
      entries: 5,
      approvedBy: [],
    });
    expect(restored.requesterName).not.toBe("");
  });

  it("names the key first, in the report and in cases.csv, also where an alias is hostile", () => {
    const listed = ["=alias/<script>alert(1)</script>\u202e"];
    const aliases = { count: 1, sha256: "f".repeat(64), listed };
    const named = rowOf(detection({ request: deletionRequest({ namedAs: "alias/test/junk" }) }), {
      kind: "key-named",
      aliases,
    });
    expect(named.title).toBe("=alias/<script>alert(1)</script>\\u{202e} (deleted as alias/test/junk)");
    const [columns = "", line = ""] = casesCsv([named]).split("\r\n");
    expect(columns.startsWith("key_name,case,")).toBe(true);
    expect(line).not.toMatch(/^"?=/);
    const html = reportHtml([named], [], [], [], header);
    expect(html).toContain('<th scope="row">=alias/&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain("<script>");
  });

  it("of an allowed deletion tells on what evidence the key is gone", () => {
    const row = rowOf(
      detection(),
      toAllow,
      { kind: "deletion-allowed", by: "rule" },
      { kind: "requester-confirmed", eventId: "e" },
      { kind: "key-destroyed", how: "delete-complete" },
    );
    expect(row).toMatchObject({
      end: "key-destroyed",
      allowedBy: "rule",
      confirmed: "confirmed",
      destructionKnownBy: "delete-complete",
      destroyedAt: t0 + 4000,
    });
  });

  it("names the persons whose votes counted, each once, and no other", () => {
    const cast = (name: string, choice: "approve" | "keep", refused = false): EntryBody => ({
      kind: "vote-cast",
      vote: voteBy(name, choice),
      person: name,
      ...(refused && { refused: "own-deletion" as const }),
    });
    const row = rowOf(
      detection(),
      toAsk,
      cast("bob", "approve"),
      cast("alice", "approve", true),
      cast("carol", "keep"),
    );
    expect([row.approvedBy, row.keptBy]).toEqual([["bob"], ["carol"]]);
  });

  it("of what is no case is none", () => {
    expect(caseRow([], "")).toBeUndefined();
  });
});

describe("a deletion that a permit let pass", () => {
  it("is reported with the permit: of a case before it, or asked for beforehand", () => {
    const planned = { by: "request", number: 3 } as const;
    const used = (permit: PermitId): EntryBody => ({
      ...{ kind: "permit-used", permit, case: { keyArn: keyArn(), generation: 2 }, eventId: "e" },
    });
    const permitOf = (permit: PermitId) =>
      rowOf(detection({ case: { keyArn: keyArn(), generation: 2 } }), toAsk, used(permit)).permit;
    expect([permitOf({ by: "case", generation: 1 }), permitOf(planned)]).toEqual([`${keyArn()}#1`, `${keyArn()}#p3`]);
    const row = { ...rowOf(detection(), toAsk, used(planned)), permitGivenBy: ["bob", "carol"] };
    expect(reportHtml([row], [], [], [], header)).toContain("permit #p3: bob, carol");
    expect(casesCsv([row])).toContain(`${keyArn()}#p3,bob carol`);
  });
});

describe("the row of a pause", () => {
  const by = { voter: { via: "aws", arn: "a", userId: "u" }, reason: "INC-7" } as const;
  const request = { kind: "pause-requested", number: 2, forMs: 3_600_000, person: "alice", ...by } as const;
  const asked = append(chainBefore(request), request, t0);
  const granted = append(asked, { kind: "pause-granted", person: "bob", until: t0 + 3_600_000, ...by }, t0 + 1000);
  const ended = append(granted, { kind: "pause-ended", person: "carol", ...by }, t0 + 2000);

  it.each([
    ["nobody approved", asked, { grantedBy: "", endedBy: "" }],
    ["it ended by itself", granted, { grantedBy: "bob", from: t0 + 1000, until: t0 + 3_600_000 }],
    ["someone ended it", ended, { grantedBy: "bob", from: t0 + 1000, until: t0 + 2000, endedBy: "carol" }],
  ])("says that %s", (_, chain, row) => {
    expect(pauseRow(chain)).toMatchObject({ number: 2, requestedBy: "alice", requestedAt: t0, ...row });
  });

  it("of what is no pause is none", () => {
    expect(pauseRow(chainBefore(request))).toBeUndefined();
  });
});

describe("the figures", () => {
  it("count every case once in each chart", () => {
    const [months, spans, usages] = figuresOf([restored, { ...restored, keyArn: "other", outcome: "ask" }], []);
    const sum = (figure: typeof months) =>
      figure?.bars.flatMap(({ parts }) => parts).reduce((all, { count }) => all + count, 0);
    expect([sum(months), sum(spans), sum(usages)]).toEqual([2, 2, 2]);
  });
});

describe("the CSV", () => {
  it("quotes what has to be quoted, and lets no spreadsheet calculate", () => {
    const hostile = { ...restored, requester: '=HYPERLINK("http://evil")', sourceIp: "a,b", usage: "line\nbreak" };
    const [, line = ""] = casesCsv([hostile]).split("\r\n");
    expect(line).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(line).toContain('"a,b"');
  });
});

const pause: PauseRow = {
  ...{ number: 1, requestedAt: t0, requestedBy: "alice", reason: "<b>INC-7", grantedBy: "bob", endedBy: "carol" },
  ...{ from: t0 + 1000, until: t0 + 3_600_000 },
};

const permit: ListedPermit = {
  ...{
    permit: `${keyArn()}#p1`,
    operation: "delete",
    state: "used",
    at: t0,
    requestedBy: "alice",
    person: "<b>alice",
    minWaitingMs: 7 * day,
  },
  ...{ principal: "arn:aws:iam::111122223333:user/alice", roleId: "", approvedBy: ["bob", "carol"], until: t0 + day },
};

describe("the page", () => {
  it("reports every permit that was asked for beforehand, for whom, who gave it, and what happened to it", () => {
    const html = reportHtml([], [], [permit], [], header);
    for (const part of [`${keyArn()}#p1`, "&lt;b&gt;alice", "bob, carol", "used<br><small>until 2024-05-28 19:49:54"])
      expect(html).toContain(part);
  });

  it("reports every pause of the guard, who wanted it, and how long it lasted", () => {
    const html = reportHtml([], [pause], [], [], header);
    for (const part of ["alice: &lt;b&gt;INC-7", "bob", "ended by carol", "2024-05-27 19:49:55 to 2024-05-27 20:49:54"])
      expect(html).toContain(part);
  });

  it("says how far the log is anchored, and what was found", () => {
    const anchor = { text: "", size: 10 };
    expect(reportHtml([], [], [], [], { ...header, verified: { ...verified, anchor } })).toContain("covers 10 of them");
    const findings = [{ finding: "back-dated", chain: "<b>#1", seq: 4 } as const];
    const html = reportHtml([], [], [], [], { ...header, verified: { ...verified, findings, found: 2_000 } });
    expect(html).toContain("<li>back-dated: chain &lt;b&gt;#1, seq 4</li><li>and 1999 more</li>");
    expect(reportHtml([], [], [], [], header)).toContain("No checkpoint covers it");
  });

  it("needs nothing but itself, and escapes what strangers have chosen", () => {
    const name = deletionRequest().requester;
    const row = rowOf(
      detection({
        key: paymentKey({ usage: "<script>alert(1)</script>" }),
        request: deletionRequest({ requester: name, sourceIp: '"><img src=x onerror=alert(1)>' }),
      }),
      { ...toRestore, rule: "<b>&" } as EntryBody,
    );
    const html = reportHtml([row], [pause], [permit], [], header);
    expect(html).not.toMatch(/<script|<img|https?:|<b>/);
    expect(html).toContain("&lt;script&gt;");
    expect(html).toContain("default-src 'none'");
  });

  it("says at once when its source is damaged", () => {
    const page = (verdict: Verification["verdict"]) =>
      reportHtml([restored], [], [], [], { ...header, verified: { ...verified, verdict } });
    expect(page("damaged")).toContain("is damaged");
    expect(page("whole")).toContain("is whole");
    expect(page("linked")).toContain("that is not proven");
  });

  it("is a page also when nothing happened", () => {
    expect(reportHtml([], [], [], [], header)).toContain("<p>None.</p>");
  });

  it("has a head for every row and column of its charts, for those who do not see them", () => {
    const html = reportHtml([restored], [], [], [], header);
    expect((html.match(/<th scope="row">/g) ?? []).length).toBeGreaterThan(5);
    expect(html).toContain('lang="en"');
    expect(html).not.toMatch(/<th>(?!<\/th>)/);
  });
});

describe("the totals of many reports", () => {
  const total = fc.record({
    ...{ deletions: fc.nat(99), usable: fc.nat(99), leftDisabled: fc.nat(99) },
    ...{ destroyed: fc.nat(99), otherwise: fc.nat(99), open: fc.nat(99) },
  });

  it("are the sums of each, and of reports the totals of all their cases", () => {
    fc.assert(
      fc.property(fc.array(total, { maxLength: 6 }), (totals) => {
        for (const [field, sum] of Object.entries(sumOf(totals)))
          expect(sum).toBe(totals.reduce((all, each) => all + each[field as keyof typeof each], 0));
      }),
    );
    const ends = [
      "key-usable",
      "key-left-disabled",
      "key-destroyed",
      "restored-by-others",
      "deletion-superseded",
      "open",
    ];
    const rows = ends.map((end) => ({ end }));
    expect(caseTotals(rows)).toEqual({ deletions: 6, usable: 1, leftDisabled: 1, destroyed: 1, otherwise: 2, open: 1 });
    expect(sumOf([caseTotals(rows), caseTotals(rows.slice(0, 2))])).toEqual(caseTotals([...rows, ...rows.slice(0, 2)]));
  });
});
