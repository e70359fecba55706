import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { Entry, EntryBody } from "../../lib/domain/ledger/entry.ts";
import { noticeSentence, recordSentence } from "../../lib/notices/entry-sentence.ts";
import { detection } from "../doubles/case-builder.ts";
import { emptyCase } from "../doubles/chain-names.ts";
import { entryExamples } from "../doubles/entry-examples.ts";
import { hostileBodies } from "../doubles/hostile.ts";
import { t0 } from "../doubles/key-world.ts";

function entry(body: EntryBody): Entry {
  const entries = append(append(emptyCase, detection(), t0), body, t0).entries;
  return entries[1] as Entry;
}
const voter = { via: "slack", userId: "U0BOB" } as const;
const vote = { id: "v", choice: "approve", voter, reason: "CHG-1" } as const;

describe("what people are notified of an entry", () => {
  it.each([
    ["a vote that counts", { kind: "vote-cast", vote, person: "bob" }, "bob approves the deletion: CHG-1."],
    [
      "nothing of one that does not: its voter alone is notified",
      { kind: "vote-cast", vote, person: "bob", refused: "own-deletion" },
      undefined,
    ],
    [
      "a word of someone without a person",
      { kind: "vote-cast", vote: { ...vote, choice: "keep" } },
      "U0BOB wants to keep the key: CHG-1.",
    ],
    [
      "a record that was forged",
      { kind: "requester-unconfirmed", why: "record-differs" },
      "CloudTrail's own record of the call differs, so the key is restored: someone may have forged a record. Look at it now.",
    ],
    [
      "a call that CloudTrail does not know",
      { kind: "requester-unconfirmed", why: "no-record" },
      "CloudTrail has no such call, or a later one, so the key is restored: someone may have forged a record. Look at it now.",
    ],
    [
      "a history that could not be read again",
      { kind: "requester-unconfirmed", why: "history-unreadable" },
      "CloudTrail's event history could not be read in time to confirm the deletion again, so the key is restored. Delete it again once the history can be read.",
    ],
    ["nothing of an intent", { kind: "restore-intended", late: false }, undefined],
  ] as const satisfies readonly (readonly [string, EntryBody, string | undefined])[])("%s", (_, body, expected) => {
    expect(noticeSentence(entry(body))).toBe(expected);
  });
});

describe("what the record says of an entry", () => {
  const plain = createColors(false);

  it.each(Object.values(entryExamples))("of the kind $kind is a sentence of its own", (body) => {
    expect(recordSentence(entry(body), plain)).toMatch(/^[a-z0-9].{5,}$/);
  });

  it.each(Object.values(hostileBodies))("escapes what others chose", (bodyOf) => {
    expect(recordSentence(entry(bodyOf(1)), plain)).not.toMatch(/\p{Cc}/u);
  });

  it("names the statements that are removed, and counts those that stay", () => {
    const removal = { ...entryExamples["deny-removal-intended"], statements: ["[1]"] };
    expect([1, 2].map((left) => recordSentence(entry({ ...removal, left }), plain))).toEqual([
      "removal of the Deny of RestoreKey intended: [1]; 1 other statement stays",
      "removal of the Deny of RestoreKey intended: [1]; 2 other statements stay",
    ]);
  });

  it("is coloured as the terminal wishes, and the same without", () => {
    const { red } = createColors(true);
    const destroyed = entry({ kind: "key-destroyed", how: "not-found" });
    expect(recordSentence(destroyed, createColors(true))).toBe(red("key destroyed (not found)"));
    expect(recordSentence(destroyed, plain)).toBe("key destroyed (not found)");
  });
});

describe("the record of a change", () => {
  const plain = createColors(false);
  const told = (body: EntryBody) => recordSentence(entry(body), plain);
  const judged = {
    ...({ kind: "change-judged", outcome: "ask", rule: "aliases", weight: "grave", mode: "enforce" } as const),
    policyHash: "c".repeat(64),
  };
  it.each<[string, EntryBody, string]>([
    [
      "what people decide",
      judged,
      "rule aliases has it undone, and people decide whether it may be made again; it is serious",
    ],
    [
      "what is only observed",
      { ...judged, outcome: "revert", mode: "observe", weight: "notable" },
      "rule aliases would have it undone, but the stack only observes",
    ],
    ["what a rule allows", { ...judged, outcome: "allow" }, "rule aliases allows it"],
    [
      "what no rule is about",
      { ...judged, outcome: "notify", rule: "none" },
      "no rule undoes it: people are notified; it is serious",
    ],
    [
      "a permit",
      { ...judged, outcome: "allow", permit: "change#alias#alias/prod/pin#p1" },
      "rule aliases lets it pass by the permit change#alias#alias/prod/pin#p1",
    ],
    [
      "a doubt",
      { ...judged, outcome: "notify", doubt: { rule: "prod", condition: "tags" } },
      "rule aliases has people notified; nothing is undone; it is serious; rule prod may be about it, but tags cannot be settled",
    ],
    [
      "what stands",
      { kind: "revert-left", why: "refused", code: "ValidationException", stands: true },
      "not undone: AWS refused to undo it (AWS: ValidationException)",
    ],
    [
      "what needs nothing",
      { kind: "revert-left", why: "same-as-before", stands: false },
      "nothing is undone: it is as it was before already",
    ],
    ["a key that stays stopped", { kind: "key-left-disabled", why: "rule" }, "key left disabled: its rule says so"],
  ])("tells %s in a sentence", (_, body, sentence) => {
    expect(told(body)).toBe(sentence);
  });
});
