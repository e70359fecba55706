import { describe, expect, it } from "vitest";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { Entry, EntryBody } from "../../lib/domain/ledger/entry.ts";
import { sentenceFor } from "../../lib/notices/entry-sentence.ts";
import { detection } from "../doubles/case-builder.ts";
import { emptyCase } from "../doubles/chain-names.ts";
import { t0 } from "../doubles/key-world.ts";

function entry(body: EntryBody): Entry {
  const entries = append(append(emptyCase, detection(), t0), body, t0).entries;
  return entries[1] as Entry;
}
const voter = { via: "slack", userId: "U0BOB" } as const;
const vote = { id: "v", choice: "approve", voter, reason: "CHG-1" } as const;

describe("what people are told of an entry", () => {
  it.each([
    ["a vote that counts", { kind: "vote-cast", vote, person: "bob" }, "bob approves the deletion: CHG-1."],
    [
      "nothing of one that does not: its voter alone is told",
      { kind: "vote-cast", vote, person: "bob", refused: "own-deletion" },
      undefined,
    ],
    [
      "a word of somebody without a person",
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
    expect(sentenceFor(entry(body))).toBe(expected);
  });
});
