import { describe, expect, it } from "vitest";
import { Inclusion } from "../../../cli/console/inclusion.ts";
import { verifyInclusion } from "../../../cli/console/page/verify-inclusion.ts";
import type { InclusionPart } from "../../../cli/console/parts.ts";
import { entryParts } from "../../../cli/console/rows.ts";
import { caseNameText } from "../../../lib/domain/ledger/case-name.ts";
import { caseName, caseOf, keepChain, loggedHours } from "../../doubles/logged-cases.ts";

/** A log of some hours, its proofs for case number `n`, and what a browser is shown of the case. */
async function proven(n = 2, { withKey = true } = {}) {
  const world = await loggedHours(5);
  const name = caseNameText(caseName(n));
  let read = 0;
  const files = () => {
    read += 1;
    return world.logFiles();
  };
  const inclusion = new Inclusion({ files, now: () => world.time.now, ...(withKey && { key: world.key }) });
  const texts = world.table.get(name) ?? [];
  const entries = entryParts({ case: name, texts, head: "" });
  return { world, inclusion, name, entries, part: await inclusion.proofsOf(name), reads: () => read };
}

describe("entries of a case", () => {
  it("are proven to be in the log of the signed checkpoint", async () => {
    const { entries, part } = await proven();
    expect(entries).toHaveLength(4);
    expect(await verifyInclusion(entries, part)).toMatchObject({
      kind: "included",
      entries: 4,
      later: 0,
      signature: "right",
    });
  });

  it("are proven without a key too, and the signature is said not to be verified", async () => {
    const { entries, part } = await proven(2, { withKey: false });
    expect(await verifyInclusion(entries, part)).toMatchObject({ kind: "included", signature: "unknown" });
  });

  it("have a proof each in every case of the log", async () => {
    const { inclusion, world, reads } = await proven();
    for (let n = 0; n < 5; n++) {
      const name = caseNameText(caseName(n));
      const entries = entryParts({ case: name, texts: world.table.get(name) ?? [], head: "" });
      expect(await verifyInclusion(entries, await inclusion.proofsOf(name))).toMatchObject({
        kind: "included",
        entries: 4,
      });
    }
    expect(reads()).toBe(1);
  });

  it("that are newer than the checkpoint are said to be", async () => {
    const { entries, part } = await proven();
    const [first, second, third] = part.proofs;
    if (first === undefined || second === undefined || third === undefined) throw new Error("there are four");
    const shorter: InclusionPart = { ...part, proofs: [first, second, third], later: [4] };
    expect(await verifyInclusion(entries, shorter)).toMatchObject({ kind: "included", entries: 3, later: 1 });
  });

  it("that are not in the log yet are an answer, not a failure of the log", async () => {
    const { inclusion, world } = await proven();
    keepChain(world, caseOf(77, 2, world.time.now));
    await expect(inclusion.proofsOf(caseNameText(caseName(77)))).rejects.toThrow("no entry of this chain yet");
  });

  it("are not proven by a log without a checkpoint that holds", async () => {
    const { world, name } = await proven();
    const withoutNotes = async function* () {
      for await (const file of world.logFiles()) if (file.name.endsWith(".jsonl")) yield file;
    };
    const inclusion = new Inclusion({ files: withoutNotes, now: () => world.time.now });
    await expect(inclusion.proofsOf(name)).rejects.toThrow("no checkpoint that holds");
  });
});

describe("what is not in the log", () => {
  const changed = (part: InclusionPart, over: Partial<InclusionPart["proofs"][number]>): InclusionPart => ({
    ...part,
    proofs: part.proofs.map((proof, n) => (n === 1 ? { ...proof, ...over } : proof)),
  });

  it("is found: a changed entry, a moved one, a wrong or cut path, an omitted entry", async () => {
    const { entries, part } = await proven();
    const forged = entries.map((entry, n) =>
      n === 1 ? { ...entry, text: entry.text.replace("restore", "allow") } : entry,
    );
    const second = part.proofs[1];
    if (second === undefined) throw new Error("there are four");
    const omitted = { ...part, proofs: part.proofs.filter(({ seq }) => seq !== 2) };
    const verdicts = await Promise.all([
      verifyInclusion(forged, part),
      verifyInclusion(entries, changed(part, { index: second.index + 1 })),
      verifyInclusion(entries, changed(part, { index: -1 })),
      verifyInclusion(entries, changed(part, { path: second.path.slice(1) })),
      verifyInclusion(entries, changed(part, { path: [...second.path, second.path[0] ?? ""] })),
      verifyInclusion(entries, changed(part, { path: second.path.toReversed() })),
      verifyInclusion(entries, omitted),
      verifyInclusion(entries, { ...part, proofs: [] }),
    ]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => "broken"));
  });

  it("is found: a checkpoint of another log or another key, and one that is changed", async () => {
    const { entries, part } = await proven();
    const other = await proven(2);
    const [name = "", id = ""] = (part.key ?? "").split("+");
    const notes: readonly InclusionPart[] = [
      { ...part, note: part.note.replace("\n", "x\n") },
      { ...part, note: part.note.replace(/\n\n[\s\S]*$/, "\n\n\u2014 nobody AAAAAAAA\n") },
      { ...part, key: `${name}+${id}+${Buffer.concat([Buffer.of(1), Buffer.alloc(32, 7)]).toString("base64")}` },
      { ...part, note: "" },
    ];
    const verdicts = await Promise.all(notes.map(async (each) => await verifyInclusion(entries, each)));
    expect(verdicts.map(({ kind }) => kind)).toEqual(["broken", "broken", "broken", "broken"]);
    expect(await verifyInclusion(other.entries, other.part)).toMatchObject({ kind: "included" });
  });
});
