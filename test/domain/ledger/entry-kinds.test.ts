import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { maxFieldBytes } from "../../../lib/domain/ledger/bounded-values.ts";
import { canonicalJson } from "../../../lib/domain/ledger/canonical-json.ts";
import { append, damageText, readChain } from "../../../lib/domain/ledger/chain.ts";
import type { EntryBody, EntryKind } from "../../../lib/domain/ledger/entry.ts";
import { exactly } from "../../../lib/domain/ledger/entry-kinds/members.ts";
import type { Requester } from "../../../lib/domain/people/requester.ts";
import { detection } from "../../doubles/case-builder.ts";
import { emptyCase } from "../../doubles/chain-names.ts";
import { entryExamples } from "../../doubles/entry-examples.ts";
import { hostileBodies } from "../../doubles/hostile.ts";
import { deletionRequest, t0 } from "../../doubles/key-world.ts";

const kinds = Object.keys(entryExamples) as EntryKind[];
const { name } = emptyCase;
const firstText = (body: EntryBody) => append(emptyCase, body, t0).texts[0] ?? "";
const reading = (entry: object) => readChain([canonicalJson(entry)], name);

type Node = Record<string, unknown>;
/** Every place in `value`, as the names on the way to it. */
function pathsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([member, inner]) => pathsIn(inner, [...path, member]))];
}
/** A copy of `entry` in which `change` was made to the object that holds the last name of `path`. */
function changedAt(entry: object, path: readonly string[], change: (holder: Node, member: string) => void): object {
  const copy = structuredClone(entry);
  const holder = path.slice(0, -1).reduce<Node>((node, member) => node[member] as Node, copy as Node);
  change(holder, path.at(-1) ?? "");
  return copy;
}
const wrongFor = (value: unknown) => (typeof value === "string" ? 7 : "wrong");
const inTags = (path: readonly string[]) => path.at(-2) === "listed" && path.includes("tags");
/** Where a wrong value at `path` shows: the tags of a key are judged as one. */
const shownAt = (path: readonly string[]) => (inTags(path) ? path.slice(0, -1) : path).join(".");

/** The members that an entry may lack; of the inner ones only those of members that it must have. */
const mayLack: { readonly [Kind in EntryKind]?: readonly string[] } = {
  "deletion-detected": ["key", "deletePendingAt", "request"],
  "requester-learned": [
    ...["requestId", "sourceIp", "userAgent", "requestedDays", "enabledInResponse", "replayName"],
    ...["namedAs", "invokedBy", "assumedRoot", "invokedByDelegate"],
    ...["roleId", "sessionName", "permissionSet", "sourceIdentity", "mfa"].map((member) => `requester.${member}`),
  ].map((member) => `request.${member}`),
  "deletion-superseded": ["newDeletePendingAt"],
  decided: [
    "effect.approval.proof",
    "pause",
    "morePassedOver",
    "heldBack",
    "tags",
    "aliases",
    "unreadable",
    "approvers",
  ],
  "key-restored": ["restoredAfterMs"],
  "key-usable": ["timeToUsableMs"],
  "lock-out-left": ["code"],
  "change-detected": [
    ...["keyArn", "eventId", "call", "requester", "invokedBy", "sourceIp", "userAgent", "before", "after"],
  ],
  "change-judged": ["pause", "doubt", "permit", "starters", "startProof"],
  "change-permit-requested": [
    ...["change", "number", "roleId", "user", "to", "to.text", "voter", "person", "requestId"],
  ],
  "change-permit-revoked": ["reason", "requestId"],
  "revert-intended": ["eventId", "to.text"],
  "change-reverted": ["eventId"],
  "revert-left": ["eventId", "code"],
  "approval-requested": ["tags", "aliases"],
  "vote-cast": ["vote.reason", "person", "refused", "requestId", "unverified"],
  "usage-start-requested": ["reason", "requestId"],
  "pause-requested": ["requestId"],
  "pause-granted": ["requestId"],
  "pause-ended": ["requestId"],
  "call-refused": [
    ...["identifier", "invokedBy", "assumedRoot", "invokedByDelegate", "sourceIp", "userAgent"],
    ...["roleId", "sessionName", "permissionSet", "sourceIdentity", "mfa"].map((member) => `requester.${member}`),
  ],
  "keys-listed": [
    ...["sameAs"],
    ...["usage", "keyClass", "algorithm", "kcv", "exportable", "aliases"].map((member) => `listed.0.${member}`),
  ],
  "policy-in-force": ["claimedDeployer", "before"],
  "alarm-ended": ["beganAt"],
  "trail-exported": ["from", "to", "requestId"],
  "trail-differs": ["damage"],
  "object-unreadable": ["objectVersion"],
  closing: ["newestAt", "oldestAt", "headsSha256"],
  "permit-requested": ["roleId", "subject", "requestId"],
  "permit-approved": ["requestId"],
  "permit-issued": ["permit.roleId", "permit.person"],
  "permit-revoked": ["voter", "reason", "requestId"],
};

describe.each(kinds)("an entry of the kind %s", (kind) => {
  const body = entryExamples[kind];
  const entry = JSON.parse(firstText(body)) as Node;
  // `chain`, `seq` and `prev` are compared with the chain, and `kind` names the schema.
  const places = pathsIn(entry).filter(([first = ""]) => !["", "chain", "seq", "prev", "kind"].includes(first));

  it("is read as it was appended, with all its members and at its largest", () => {
    for (const each of [body, hostileBodies[kind](1)]) {
      const chain = append(emptyCase, each, t0);
      expect(readChain(chain.texts, name)).toEqual({ ok: true, chain });
    }
  });

  it("is refused with the path of a member that has another form", () => {
    for (const path of places) {
      const changed = changedAt(entry, path, (holder, member) => {
        holder[member] = wrongFor(holder[member]);
      });
      expect(reading(changed)).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path: shownAt(path) });
    }
  });

  it("is refused with the path of a member that it does not have", () => {
    const objects = places.filter((path) => !Array.isArray(at(entry, path)) && typeof at(entry, path) === "object");
    for (const path of [[], ...objects].filter((each) => each.at(-1) !== "listed"))
      for (const hidden of ["hidden", "constructor", "toString"]) {
        const changed = changedAt(entry, [...path, hidden], (holder, member) => {
          holder[member] = 1;
        });
        const where = [...path, hidden].join(".");
        expect(reading(changed)).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path: where });
      }
  });

  it("is refused with the path of a member that it lacks, unless it may lack it", () => {
    for (const path of places) {
      const read = reading(changedAt(entry, path, (holder, member) => delete holder[member]));
      const isOptional = mayLack[kind]?.includes(path.join(".")) ?? false;
      const within = path.some((_, n) => mayLack[kind]?.includes(path.slice(0, n + 1).join(".")));
      if (isOptional || inTags(path)) expect(read).toMatchObject({ ok: true });
      else if (!within) expect(read).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path: path.join(".") });
    }
  });
});

function at(entry: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, member) => (node as Node)[member], entry);
}

describe("a recorded reminder", () => {
  const recorded = (percent: number) => firstText({ kind: "approval-reminded", percent });
  it.each([1, 33, 80, 99])("is read at %s %%, whatever the schedule is today", (percent) => {
    expect(readChain([recorded(percent)], name)).toMatchObject({ ok: true });
  });

  it.each([0, 100, -1])("is refused at %s %%", (percent) => {
    const read = readChain([recorded(percent)], name);
    expect(read).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path: "percent" });
  });
});

describe("the form of an entry", () => {
  const detected = JSON.parse(firstText(entryExamples["deletion-detected"])) as Node;
  const decided = JSON.parse(firstText(entryExamples.decided)) as Node;
  it("hides nothing under a name that objects have of their own", () => {
    const text = firstText({ kind: "event-missed" }).replace("{", '{"__proto__":1,');
    expect(readChain([text], name)).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path: "__proto__" });
  });

  it.each([
    ["a fraction", "deletePendingAt", 1.5],
    ["a number past the safe integers", "at", 2 ** 53],
    ["a text longer than any that is written", "guardVersion", "一".repeat(600)],
    ["a source of tomorrow", "source", "rumour"],
    ["a key ARN of another service", "key.arn", "arn:aws:kms:us-east-1:111122223333:key/1"],
    ["null", "key", null],
    ["an object for a list", "passedOver", {}],
  ])("is not %s", (_, path, value) => {
    const entry = path === "passedOver" ? decided : detected;
    const changed = changedAt(entry, path.split("."), (holder, member) => {
      holder[member] = value;
    });
    expect(reading(changed)).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path });
  });

  it.each([{}, [], { kind: "toString" }])("is not the requester %j", (requester) => {
    const changed = changedAt(detected, ["request", "requester"], (holder, member) => {
      holder[member] = requester;
    });
    const path = "request.requester.kind";
    expect(reading(changed)).toEqual({ ok: false, seq: 1, damage: "wrong-shape", path });
  });

  it("names a damaged member so that it can be printed", () => {
    expect(damageText({ ok: false, seq: 3, damage: "wrong-shape", path: "a\u001b[2J" })).toBe(
      "entry 3: wrong-shape (a\\u{1b}[2J)",
    );
    expect(damageText({ ok: false, seq: 3, damage: "wrong-seq" })).toBe("entry 3: wrong-seq");
  });

  it.each<Requester>([
    { kind: "user", account: "1", userArn: "u", userId: "i", mfa: false, sourceIdentity: "s" },
    { kind: "root", account: "1", mfa: true },
    { kind: "federated-user", account: "1", arn: "a" },
    { kind: "identity-center-user", account: "1", userId: "u" },
    { kind: "account", account: "1" },
    { kind: "service", service: "s", account: "1" },
    { kind: "unknown" },
  ])("has room for a requester of the kind $kind", (requester) => {
    const chain = append(emptyCase, detection({ request: deletionRequest({ requester }) }), t0);
    expect(readChain(chain.texts, name)).toEqual({ ok: true, chain });
  });

  it("compiles only where its schema reads the very values of its type", () => {
    const whole = v.custom<number>(Number.isSafeInteger);
    // @ts-expect-error: a member is missing
    exactly<{ one: number; two?: number }>()(v.strictObject({ one: whole }));
    // @ts-expect-error: a member is optional
    exactly<{ one: number }>()(v.strictObject({ one: v.exactOptional(whole) }));
    // @ts-expect-error: a value is missing
    exactly<"one" | "two">()(v.picklist(["one"]));
    expect(v.is(exactly<{ one: number }>()(v.strictObject({ one: whole })), { one: 1 })).toBe(true);
  });

  it("is what `append` makes of any text and any number", () => {
    const number = fc.double({ noNaN: true });
    const text = fc.string({ unit: "binary", maxLength: 2 * maxFieldBytes });
    fc.assert(
      fc.property(text, number, number, fc.dictionary(text, text, { maxKeys: 3 }), (any, some, time, listed) => {
        const bodies: readonly EntryBody[] = [
          detection({ request: deletionRequest({ userAgent: any, requestedDays: some }), deletePendingAt: some }),
          { kind: "effect-failed", effect: "restore", code: any, attempt: some },
          {
            ...({ kind: "approval-requested", from: any, quorum: some, deadline: some } as const),
            ...{ tags: { count: some, sha256: any, listed }, aliases: { count: some, sha256: any, listed: [any] } },
          },
        ];
        const chain = bodies.reduce((before, body) => append(before, body, time), emptyCase);
        expect(readChain(chain.texts, name)).toMatchObject({ ok: true });
      }),
    );
  });
});
