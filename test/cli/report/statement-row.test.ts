import { describe, expect, it } from "vitest";
import { statementRows } from "../../../cli/report/rows/statement-row.ts";
import { append, type Chain, emptyChain } from "../../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../../lib/domain/ledger/chain-name.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { changeChain, changed, stopName } from "../../doubles/change-chains.ts";
import { entryExamples } from "../../doubles/entry-examples.ts";
import { t0 } from "../../doubles/key-world.ts";

const ofPersons = Object.values<EntryBody>(entryExamples).filter((body) => "voter" in body || "vote" in body);
const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const chainOf = (body: EntryBody): Chain => changeChain(stopName, changed(stopName), body);

describe("the statements of persons", () => {
  it.each(ofPersons.map((body) => [body.kind, body] as const))("have %s, with its reason", (_, body) => {
    const [row, ...more] = statementRows(chainOf(body), "The key", always);
    expect(more).toEqual([]);
    const reason = body.kind === "vote-cast" ? body.vote.reason : "reason" in body ? body.reason : "";
    expect(row).toMatchObject({ about: "The key", reason });
    expect(row?.person).not.toBe("");
  });

  it("are those of the period alone", () => {
    const [body] = ofPersons;
    if (body === undefined) throw new TypeError("no entry is a person's");
    const at = chainOf(body).entries[1]?.at ?? 0;
    expect(statementRows(chainOf(body), "", { from: at, to: at + 1 })).toHaveLength(1);
    expect(statementRows(chainOf(body), "", { from: at + 1, to: at + 2 })).toEqual([]);
    expect(statementRows(chainOf(body), "", { from: 0, to: at })).toEqual([]);
  });

  it("lack the stack's own question about a change that it undid", () => {
    const { person: _p, voter: _v, ...asked } = entryExamples["change-permit-requested"];
    const name = changePermitChainName({ ...stopName, id: { by: "change", hour: stopName.hour } });
    const chain = append(emptyChain(name), asked as EntryBody, t0);
    expect(statementRows(chain, "", always)).toEqual([]);
  });
});
