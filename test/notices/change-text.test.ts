import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { BodyOf, EntryBody, WhyRevertLeft } from "../../lib/domain/ledger/entry.ts";
import { changeKinds } from "../../lib/domain/ledger/entry-kinds/change.ts";
import { operationNames } from "../../lib/domain/operations/registry.ts";
import { changeAdvice } from "../../lib/notices/change-advice.ts";
import { changeLines } from "../../lib/notices/change-text.ts";
import { byRule, changeChain, changed, intended, judgedAs, left, stopName, undone } from "../doubles/change-chains.ts";
import { wide } from "../doubles/hostile.ts";
import { keyArn } from "../doubles/key-world.ts";

const title = "alias/prod/cvk-1 (kwapwa6qaifllw2h)";
const arn = keyArn();
const start = `aws payment-cryptography start-key-usage --region us-east-1 --key-identifier ${arn}`;
const details = `Details: reprieve changes show 'change#stop#${arn}#476899'`;
const linesOf = (...bodies: readonly EntryBody[]) => changeLines(changeChain(stopName, ...bodies), title);
const stopped = changed(stopName);
const happened =
  "alice@example.com (PaymentsAdmin) stopped the key: it cannot be used (StopKeyUsage at 2024-05-27 19:49:55 UTC from 203.0.113.64).";

describe("the notice of a change", () => {
  it.each<[string, EntryBody, readonly string[]]>([
    ["an allowed one", judgedAs({ outcome: "allow", rule: "rotations" }), []],
    ["a routine one", judgedAs({ outcome: "allow", weight: "routine" }), []],
    ["a notable one", judgedAs({ weight: "notable" }), [`${title}: ${happened}`, "Nothing is undone."]],
    [
      "a grave one",
      judgedAs(),
      [`ATTENTION, ${title}: ${happened}`, expect.stringMatching(/^Nothing undoes it\. Look at it now\. .*start-key/)],
    ],
    [
      "one that a rule undoes",
      byRule,
      [`ATTENTION, ${title}: ${happened}`, "Rule stops-are-undone undoes it; the result follows."],
    ],
    [
      "one that a rule would undo under observe",
      judgedAs({ outcome: "revert", rule: "r", mode: "observe", weight: "notable" }),
      [
        `${title}: ${happened}`,
        expect.stringMatching(/^NOT UNDONE: rule r would undo it, but the stack only observes\. .*start-key/),
      ],
    ],
    [
      "one that a rule would undo during a pause",
      judgedAs({ outcome: "revert", rule: "r", mode: "observe", pause: 4, weight: "notable" }),
      [
        `${title}: ${happened}`,
        expect.stringMatching(/^NOT UNDONE: rule r would undo it, but enforcement is suspended by a pause\./),
      ],
    ],
    [
      "one that a rule may be about",
      judgedAs({ weight: "notable", doubt: { rule: "responders", condition: "requester.role" } }),
      [
        `${title}: ${happened}`,
        "Nothing undoes it: rule responders may be about it, but requester.role cannot be settled. Look at it now.",
      ],
    ],
  ])("of %s names the key first, and says what happens and what to do", (_, judged, lines) => {
    expect(linesOf(stopped, judged)).toEqual(lines.length === 0 ? [] : [...lines, details]);
  });

  it("of a stopped key says whether cards work, how to start it, and that a stop may answer a compromise", () => {
    const [, advice = ""] = linesOf(stopped, judgedAs());
    expect(advice).toContain("Cards, PINs and terminals that need the key fail until it is started.");
    expect(advice).toContain("CAUTION: a stop may answer a compromise");
    expect(advice.endsWith(start)).toBe(true);
  });

  it("names no call and no person where the inventory found the change, or the record names nobody", () => {
    const { call: _c, requester: _r, sourceIp: _s, ...found } = stopped as BodyOf<"change-detected">;
    expect(linesOf({ ...found, source: "inventory" }, judgedAs())[0]).toBe(
      `ATTENTION, ${title}: someone stopped the key: it cannot be used (seen by the inventory at 2024-05-27 19:49:55 UTC).`,
    );
    expect(linesOf(changed(stopName, 1, { requester: { kind: "unknown" } }), judgedAs())[0]).toContain(
      `${title}: someone stopped`,
    );
  });

  it("says that a change is undone, and after how long", () => {
    expect(linesOf(stopped, byRule, intended, undone).at(-1)).toBe(
      `${title}: undone 2.3 s after the change: the key was started and can be used again. Nothing to do.`,
    );
  });

  it.each(changeKinds["revert-left"].why.options)(
    "says once that a change is left because of %s, and what to do",
    (why: WhyRevertLeft) => {
      const lines = linesOf(stopped, byRule, left(why, "AccessDeniedException")).slice(3);
      const isSaidAlready = why === "observe" || why === "paused";
      if (isSaidAlready) expect(lines).toEqual([]);
      else if (why === "overtaken")
        expect(lines).toEqual([expect.stringMatching(/^ATTENTION, .*: UNDONE WITH A LATER CHANGE: .* Make it again/)]);
      else if (why === "same-as-before")
        expect(lines).toEqual([`${title}: it is as it was before already (AccessDeniedException). Nothing to do.`]);
      else {
        expect(lines).toEqual([expect.stringContaining(`ATTENTION, ${title}: NOT UNDONE: `), expect.any(String)]);
        expect(lines[0]).toMatch(/ \(AccessDeniedException\)\.$/);
        expect(lines[1]?.endsWith(start)).toBe(true);
      }
    },
  );
});

describe("many changes of one hour", () => {
  const many = (count: number, judged: EntryBody) =>
    Array.from({ length: count }, (_, n) => [changed(stopName, n + 1), judged]).flat();
  const notable = judgedAs({ weight: "notable" });

  it("are notified one by one up to three, with one line that says there are more", () => {
    const lines = linesOf(...many(9, notable));
    expect(lines.filter((line) => line.includes("stopped the key"))).toHaveLength(3);
    expect(lines.filter((line) => line.includes("more changes follow"))).toHaveLength(1);
    expect(lines.filter((line) => line === details)).toHaveLength(1);
    expect(lines).toHaveLength(8);
  });

  it("hide no grave one behind three harmless ones", () => {
    const lines = linesOf(...many(5, notable), changed(stopName, 9), judgedAs());
    expect(lines.at(-2)).toMatch(/^ATTENTION, /);
    expect(lines.at(-1)).toContain(start);
  });

  it("tell no outcome of a change that was not told", () => {
    const before = many(3, notable);
    const more = [...before, changed(stopName, 4), judgedAs({ outcome: "revert", weight: "notable", rule: "r" })];
    expect(linesOf(...more, left("denied"))).toEqual(linesOf(...more));
  });

  it("that are not recorded any more are an attention line, also where all that is recorded is routine", () => {
    const routine = many(12, judgedAs({ outcome: "allow", weight: "routine" }));
    expect(linesOf(...routine, { kind: "changes-crowded" })).toEqual([
      expect.stringMatching(/^ATTENTION, .*look at CloudTrail now/),
    ]);
  });

  it("only add lines at the end as the chain grows: no line is sent twice, and none is skipped", () => {
    const bodies = fc.array(
      fc.constantFrom(
        [stopped, judgedAs()],
        [stopped, notable],
        [stopped, judgedAs({ outcome: "allow" })],
        [stopped, byRule, intended, undone],
        [stopped, byRule, left("denied")],
        [{ kind: "changes-crowded" } as const],
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(bodies, (groups) => {
        const all = groups.flat();
        const whole = linesOf(...all);
        for (let n = 0; n <= all.length; n += 1) {
          const some = linesOf(...all.slice(0, n));
          expect(whole.slice(0, some.length)).toEqual(some);
        }
        // Three of each weight with an outcome, two lines that say there are more, one for details, and one for each crowd.
        const crowds = all.filter(({ kind }) => kind === "changes-crowded").length;
        expect(whole.length - crowds).toBeLessThanOrEqual(2 * 3 * 4 + 3);
      }),
      { numRuns: 100 },
    );
  });
});

describe("text that others chose", () => {
  it("is bounded and printable, and pushes no command out of a message", () => {
    const hostile = changed(stopName, 1, { says: wide(500), call: wide(64), sourceIp: "\u202e<!channel>" });
    const doubt = { rule: "\u0007".repeat(64), condition: wide(200) };
    const lines = linesOf(hostile, judgedAs({ doubt }), left("refused", wide(64)));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not be there
    for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(lines.at(-1)?.endsWith(start)).toBe(true);
    expect(lines.at(-1)?.length).toBeLessThan(400);
  });
});

describe("advice", () => {
  const named = (operation: string, members = {}) => ({ operation, subject: arn, keyArn: arn, ...members });

  it.each(operationNames.filter((name) => name !== "delete"))(
    "is there for %s, with commands as one line",
    (operation) => {
      const text = changeAdvice(named(operation));
      expect(text).not.toBe(changeAdvice(named("unheard-of")));
      expect(text).toMatch(/^[ -~]{30,480}$/);
      const [, command] = /(aws payment-cryptography .*)$/.exec(text) ?? [];
      if (command !== undefined) expect(command).toContain(arn);
    },
  );

  const other = parseKeyArn(arn.replace("kwapwa6qaifllw2h", "other0000000keys"));
  const state = (value: unknown) => ({ sha256: "a".repeat(64), text: JSON.stringify(value) });
  const alias = (members: object) =>
    changeAdvice({ operation: "alias", subject: "alias/prod/cvk-1", ...members }).split("back: ")[1];

  it.each<[string, object, string | undefined]>([
    [
      "points an alias back at the key before",
      { before: state(arn), after: state(other) },
      `aws payment-cryptography update-alias --region us-east-1 --alias-name alias/prod/cvk-1 --key-arn ${arn}`,
    ],
    [
      "makes an alias again that was deleted",
      { before: state(arn), after: state("none") },
      `aws payment-cryptography create-alias --region us-east-1 --alias-name alias/prod/cvk-1 --key-arn ${arn}`,
    ],
    ["gives no command where the key before is not known", { after: state(other) }, undefined],
    ["gives no command where the state before is hostile", { before: { sha256: "a", text: "{$(id)" } }, undefined],
    ["gives no command where the state before is no key", { before: state("$(id)") }, undefined],
  ])("%s", (_, members, command) => {
    expect(alias(members)).toBe(command);
  });

  it("names a key by its alias where nothing else is known, and none for the account", () => {
    const byAlias = changeAdvice({ operation: "stop", subject: "alias/prod/cvk-1" });
    expect(byAlias).toMatch(/start-key-usage --key-identifier alias\/prod\/cvk-1$/);
    expect(changeAdvice({ operation: "stop", subject: "account" })).not.toContain("aws ");
  });
});
