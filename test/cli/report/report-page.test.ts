import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ListedPermit } from "../../../cli/permits/permit-list.ts";
import { reportHtml } from "../../../cli/report/page/report-page.ts";
import { caseRow } from "../../../cli/report/rows/case-row.ts";
import { type CaseTotals, caseEnds, caseTotals, sumOf } from "../../../cli/report/rows/case-totals.ts";
import { casesCsv } from "../../../cli/report/rows/cases-csv.ts";
import { figuresOf } from "../../../cli/report/rows/figures.ts";
import { type PauseRow, pauseRow } from "../../../cli/report/rows/pause-row.ts";
import type { Verification } from "../../../cli/trail/verify-trail.ts";
import { append } from "../../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import type { PermitId } from "../../../lib/domain/ledger/permit-name.ts";
import { detection, toAllow, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { chainBefore, emptyCase } from "../../doubles/chain-names.ts";
import { day, deletionRequest, keyArn, paymentKey, t0 } from "../../doubles/key-world.ts";
import { always, linked, reconciled, reportOf, rowOf, someCover } from "../../doubles/report-data.ts";
import { voteBy } from "../../doubles/vote-deps.ts";

const restored = rowOf(
  detection(),
  toRestore,
  { kind: "restore-intended", late: false },
  {
    kind: "key-restored",
    enabled: true,
    how: "answered",
  },
  { kind: "key-usable", how: "answered", timeToUsableMs: 2_345, despiteRule: false },
);
const pageOf = (verified: Partial<Verification>) =>
  reportHtml(reportOf({ cover: { ...someCover, verified: { ...linked, ...verified } } }));

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
    const html = reportHtml(reportOf({ rows: [named] }));
    expect(html).toContain('<th scope="row">=alias/&lt;script>alert(1)&lt;/script>');
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
    expect(caseRow(emptyCase, always)).toBeUndefined();
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
    expect(reportHtml(reportOf({ rows: [row] }))).toContain("permit #p3: bob, carol");
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
    const html = reportHtml(reportOf({ permits: [permit] }));
    for (const part of [`${keyArn()}#p1`, "&lt;b>alice", "bob, carol", "used<br/><small>until 2024-05-28 19:49:54"])
      expect(html).toContain(part);
  });

  it("reports every pause of the guard, who wanted it, and how long it lasted", () => {
    const html = reportHtml(reportOf({ pauses: [pause] }));
    for (const part of ["alice: &lt;b>INC-7", "bob", "ended by carol", "2024-05-27 19:49:55 to 2024-05-27 20:49:54"])
      expect(html).toContain(part);
  });

  it("says how far the log is anchored, and what was found", () => {
    expect(pageOf({ anchor: { text: "", size: 10 } })).toContain("covers 10 of them");
    const findings = [{ finding: "back-dated", chain: "<b>#1", seq: 4 } as const];
    const html = pageOf({ findings, found: 2_000 });
    expect(html).toContain("<li>back-dated: chain &lt;b>#1, seq 4</li><li>and 1999 more</li>");
    expect(pageOf({})).toContain("No checkpoint covers it");
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
    const html = reportHtml(reportOf({ rows: [row], pauses: [pause], permits: [permit] }));
    expect(html).not.toMatch(/<script|<img|https?:|<b>/);
    expect(html).toContain("&lt;script>");
    expect(html).toContain("default-src 'none'");
  });

  it("says at once when its source is damaged", () => {
    expect(pageOf({ verdict: "damaged" })).toContain("is damaged");
    expect(pageOf({ verdict: "whole" })).toContain("is whole");
    expect(pageOf({ verdict: "linked" })).toContain("that is not proven");
  });

  it("is a page also when nothing happened", () => {
    expect(reportHtml(reportOf())).toContain(">None.</p>");
  });

  it("has a head for every row and column of its charts, for those who do not see them", () => {
    const html = reportHtml(reportOf({ rows: [restored] }));
    expect((html.match(/<th scope="row">/g) ?? []).length).toBeGreaterThan(5);
    expect(html).toContain('lang="en"');
    expect(html).not.toMatch(/<th>(?!<\/th>)/);
  });
});

describe("the totals of many reports", () => {
  const ends = fc.record(Object.fromEntries(caseEnds.map((end) => [end, fc.nat(99)])));
  const totals = ends.map((each) => {
    const deletions = Object.values(each).reduce((sum, count) => sum + count, 0);
    return { ...each, deletions } as CaseTotals;
  });

  it("are the sums of each, and add up", () => {
    fc.assert(
      fc.property(fc.array(totals, { maxLength: 6 }), (list) => {
        const { deletions, ...sums } = sumOf(list);
        expect(Object.values(sums).reduce((sum, each) => sum + each, 0)).toBe(deletions);
        for (const end of caseEnds) expect(sums[end]).toBe(list.reduce((all, each) => all + each[end], 0));
      }),
    );
  });

  it("are of a list the totals of all its cases, with a line for every end", () => {
    const rows = caseEnds.map((end) => ({ end, part: "requested" as const }));
    const one = Object.fromEntries(caseEnds.map((end) => [end, 1]));
    expect(caseTotals(rows)).toEqual({ deletions: caseEnds.length, ...one });
    expect(sumOf([caseTotals(rows), caseTotals(rows.slice(0, 2))])).toEqual(caseTotals([...rows, ...rows.slice(0, 2)]));
    const html = reportHtml(reportOf({ rows: [restored] }));
    for (const text of ["Restored by others", "Superseded by another deletion", "First recorded after the period"])
      expect(html).toContain(text);
  });
});

describe("the population on the first page", () => {
  const titleOf = (over: Parameters<typeof reportOf>[0]) =>
    /<strong>([^<]*(?:opulation|CloudTrail)[^<]*)<\/strong>/.exec(reportHtml(reportOf(over)))?.[1];
  const exceptions = { verdict: "exceptions", population: { ...reconciled().population, matched: 3 } } as const;
  const damaged = { ...someCover, verified: { ...linked, verdict: "damaged" as const } };

  it.each<[string, Parameters<typeof reportOf>[0]]>([
    ["Not reconciled with CloudTrail", {}],
    ["Population complete: 4 of 4", { reconciliation: reconciled() }],
    ["Population NOT complete: 3 of 4", { reconciliation: reconciled(exceptions) }],
    ["Population NOT complete: 3 of 4", { reconciliation: reconciled({ ...exceptions, verdict: "complete" }) }],
    ["Population not proven: 4 of 4", { reconciliation: reconciled({ verdict: "not-proven" }) }],
    ["Population NOT complete: 4 of 4", { reconciliation: reconciled(), cover: damaged }],
  ])("is: %s", (title, over) => {
    expect(titleOf(over)).toBe(title);
  });

  it("shows each class and each difference of the reconciliation, and escapes them", () => {
    const difference = { class: "F", at: t0, eventId: "e-9", says: "<b>forged" } as const;
    const classes = [{ class: "F", name: "case names an unknown event", weight: "exception", count: 3 }] as const;
    const html = reportHtml(
      reportOf({
        reconciliation: reconciled({ ...exceptions, classes, differences: [difference], differencesInAll: 3 }),
      }),
    );
    for (const part of ["F: case names an unknown event", "&lt;b>forged", "And 2 more differences."])
      expect(html).toContain(part);
  });
});

describe("text that strangers have chosen", () => {
  const hostile = [
    "<script>alert(1)</script>",
    "\u202egnirts\u2066",
    "a\u0000b",
    "x".repeat(4_000),
    "</style><img src=x>",
    '"onload="alert(1)',
  ].join(" ");

  it("is escaped and made visible wherever a page shows it", () => {
    const row = { ...restored, title: hostile, requesterName: hostile, rule: hostile, approvedBy: [hostile] };
    const statement = {
      at: t0,
      about: hostile,
      chain: hostile,
      person: hostile,
      does: "keep",
      reason: hostile,
      refused: hostile,
    };
    const exception = { kind: "effect-failed", at: t0, title: hostile, chain: hostile, says: hostile } as const;
    const text = `{"name":"${"<b>\u202e"}"}`;
    const stack = {
      ...reportOf().stack,
      inForce: [{ policyHash: hostile, mode: hostile, guardVersion: hostile, since: t0, text }],
      alarms: [{ alarm: hostile, reason: hostile, beganAt: t0 }],
      refused: [
        {
          requester: hostile,
          principal: hostile,
          operation: hostile,
          errorCode: hostile,
          calls: 1,
          firstAt: t0,
          lastAt: t0,
        },
      ],
    };
    const cover = { ...someCover, account: hostile, stack: hostile, verified: { ...linked, digest: hostile } };
    const html = reportHtml(reportOf({ rows: [row], statements: [statement], exceptions: [exception], stack, cover }));
    expect(html).not.toMatch(/<script|<img|<b>|[\u202e\u2066\0]/);
    expect(html).not.toContain("x".repeat(1_001));
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html).not.toMatch(/<[a-z]+ [^>]*onload/);
  });
});
