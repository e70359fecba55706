import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listCases } from "../../cli/cases/case-list.ts";
import { changeFilter, changeOperations } from "../../cli/changes/change-filter.ts";
import { type ListedChange, listChanges, listedStates } from "../../cli/changes/change-list.ts";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import type { ChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { ChangeName } from "../../lib/domain/ledger/change-name.ts";
import { changePermitText, permitOfChange } from "../../lib/domain/ledger/change-permit-name.ts";
import type { BodyOf, EntryBody } from "../../lib/domain/ledger/entry.ts";
import {
  byRule,
  changeChain,
  changed,
  intended,
  judgedAs,
  left,
  stopName,
  trailOf,
  undone,
} from "../doubles/change-chains.ts";
import { wide } from "../doubles/hostile.ts";
import { day, keyArn, t0 } from "../doubles/key-world.ts";

const arn = keyArn();
const trail = (name: ChangeName, ...bodies: readonly EntryBody[]): StoredTrail => trailOf(changeChain(name, ...bodies));
const aliasName: ChangeName = {
  ...stopName,
  operation: "alias",
  subject: { kind: "alias", alias: "alias/prod/cvk-1" },
};
const accountName: ChangeName = {
  operation: "default-regions",
  subject: { kind: "account" },
  hour: stopName.hour - 24,
};
const at = (changedAt: number) => ({ changedAt });
const reverted = trail(stopName, changed(stopName, 1, at(t0)), byRule, intended, undone);
const alias = trail(
  aliasName,
  changed(aliasName, 1, { ...at(t0 - 1000), call: "UpdateAlias", says: "pointed the alias at no key", keyArn: arn }),
  judgedAs(),
);
const account = trail(accountName, changed(accountName, 1, at(t0 - day)), judgedAs({ weight: "notable" }));
const damagedName = { ...stopName, hour: stopName.hour - 1 };
const damaged = { ...trail(damagedName, changed(stopName), byRule), head: "0".repeat(64) };
const permitRequest = {
  ...({ kind: "change-permit-requested", operation: "stop", subject: keyArn(), rule: "ask", user: "alice" } as const),
  ...{ from: "custodians", quorum: 2, principal: "arn:aws:iam::111122223333:user/alice", deadline: t0 + day },
  reason: "stopped it",
};
const all = [account, reverted, damaged, alias];

async function ran(args: readonly string[], trails: readonly StoredTrail[] = all) {
  const printed: string[] = [];
  const complained: string[] = [];
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, clock: () => t0 + day, progress: () => {} },
    trails: async function* () {
      yield* trails;
    },
    pause: async () => "stop",
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const status = await run(args, machine as CliContext);
  return { status, lines: printed, out: printed.join("\n"), err: complained.join("\n") };
}

describe("changes list", () => {
  it("shows each chain once, newest first, with who did what and how it ended", async () => {
    const { status, lines } = await ran(["changes", "list"]);
    expect([status, lines.map((line) => line.replace(/\s+/g, " "))]).toEqual([
      0,
      [
        `stop kwapwa6qaifllw2h reverted grave alice@example.com (PaymentsAdmin) stopped the key: it cannot be used by rule stops-are-undone 2024-05-27 19:49:54 ${reverted.case}`,
        `alias alias/prod/cvk-1 notified grave alice@example.com (PaymentsAdmin) pointed the alias at no key 2024-05-27 19:49:53 ${alias.case}`,
        `stop kwapwa6qaifllw2h damaged grave the chain does not hold: reprieve audit verify 2024-05-27 18:00:00 ${damaged.case}`,
        `default-regions account notified alice@example.com (PaymentsAdmin) stopped the key: it cannot be used 2024-05-26 19:49:54 ${account.case}`,
      ],
    ]);
  });

  it.each<[readonly string[], readonly StoredTrail[]]>([
    [
      ["--operation", "stop"],
      [reverted, damaged],
    ],
    [["--operation", "export"], []],
    [
      ["--key", "kwapwa6qaifllw2h"],
      [reverted, alias, damaged],
    ],
    [["--key", "alias/prod"], [alias]],
    [["--state", "reverted"], [reverted]],
    [["--state", "damaged"], [damaged]],
    [
      ["--since", "2024-05-27"],
      [reverted, alias, damaged],
    ],
    [["--since", "2025-01-01"], [damaged]],
  ])("with %j shows what each of them shows", async (args, shown) => {
    const { lines } = await ran(["changes", "list", "--json", ...args]);
    expect(lines.map((line) => (JSON.parse(line) as ListedChange).change)).toEqual(shown.map((each) => each.case));
    if (shown.length === 0) expect((await ran(["changes", "list", ...args])).lines).toEqual(["no change matches"]);
  });

  it.each([
    [["--operation", "delete"], "expected one of stop, start,"],
    [["--operation", "stopp"], "found `stopp`"],
    [["--state", "open"], "expected one of left,"],
    [["--since", "2026-02-30"], "expected a date such as 2026-07-01 for --since"],
    [["--key", ""], "expected text after --key"],
  ])("refuses %j", async (args, message) => {
    const { status, err } = await ran(["changes", "list", ...args]);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("says that there is none", async () => {
    expect((await ran(["changes", "list"], [])).lines).toEqual(["there is no change"]);
  });

  it("prints hostile text bounded and printable", async () => {
    const hostile = trail(stopName, changed(stopName, 1, { says: wide(500), call: "\u202e" }), judgedAs());
    const { out } = await ran(["changes", "list"], [hostile]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not be there
    expect(out.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(out.length).toBeLessThan(2_000);
  });

  it.each<[string, readonly EntryBody[], string]>([
    ["no judgment yet", [changed(stopName)], "reverting"],
    ["a revert that was begun", [changed(stopName), byRule, intended], "reverting"],
    ["observe", [changed(stopName), byRule, left("observe")], "observed"],
    ["a pause", [changed(stopName), byRule, left("paused")], "observed"],
    ["a change that stands", [changed(stopName), byRule, left("denied")], "left"],
    ["nothing to undo", [changed(stopName), byRule, left("same-as-before")], "as-before"],
    ["a rule that allows", [changed(stopName), judgedAs({ outcome: "allow" })], "allowed"],
    [
      "one that was undone before one that stands",
      [changed(stopName), byRule, intended, undone, changed(stopName, 2), byRule, left("reverted-within-the-hour")],
      "left",
    ],
    [
      "one that stands before one that is allowed",
      [changed(stopName), byRule, left("denied"), changed(stopName, 2), judgedAs({ outcome: "allow" })],
      "left",
    ],
  ])("shows of %s the state that asks most of people", (_, bodies, state) => {
    expect(listChanges([trail(stopName, ...bodies)])[0]?.state).toBe(state);
  });

  it("shows a change that the inventory found, of which nobody knows who made it", async () => {
    const { call: _c, requester: _r, ...found } = changed(stopName) as BodyOf<"change-detected">;
    const { out } = await ran(["changes", "list"], [trail(stopName, { ...found, source: "inventory" }, judgedAs())]);
    expect(out).toContain("someone stopped the key: it cannot be used");
  });

  it("counts the changes of an hour, and says that more are not recorded", async () => {
    const crowded = trail(stopName, changed(stopName), judgedAs(), changed(stopName, 2), judgedAs(), {
      kind: "changes-crowded",
    });
    expect(listChanges([crowded])).toEqual([expect.objectContaining({ changes: 2, crowded: true, grave: true })]);
    expect((await ran(["changes", "list"], [crowded])).out).toContain("2 changes and more, which are not recorded");
  });

  it.each<[string, (whole: StoredTrail) => StoredTrail]>([
    ["of another head", (whole) => ({ ...whole, head: "0".repeat(64) })],
    ["that lost its end", (whole) => ({ ...whole, texts: whole.texts.slice(0, -1) })],
    ["with an entry that is not one", (whole) => ({ ...whole, texts: [...whole.texts, "{}"] })],
    ["without an entry", (whole) => ({ ...whole, texts: [] })],
  ])("hides no chain %s, whatever is asked for but another operation, key or state", (_, damage) => {
    const listed = listChanges([damage(reverted)]);
    expect(listed).toEqual([expect.objectContaining({ state: "damaged", grave: true, change: reverted.case })]);
    expect(listed.filter(changeFilter({ operation: "stop", key: arn, since: "2030-01-01" }))).toHaveLength(1);
  });

  it("narrows and never adds", () => {
    const filters = fc.record(
      {
        operation: fc.constantFrom(...changeOperations),
        key: fc.constantFrom("kwap", "alias/", "nothing"),
        state: fc.constantFrom(...listedStates),
        since: fc.constantFrom("2024-05-27", "2020-01-01"),
      },
      { requiredKeys: [] },
    );
    const listed = listChanges(all);
    fc.assert(
      fc.property(filters, ({ since, ...others }) => {
        const one = listed.filter(changeFilter({ ...others, ...(since !== undefined && { since }) }));
        expect(listed.filter(changeFilter(others))).toEqual(expect.arrayContaining(one));
      }),
    );
  });
});

describe("cases list", () => {
  it("shows no change, whole or damaged", async () => {
    expect(listCases(all)).toEqual([]);
    expect((await ran(["cases", "list"])).lines).toEqual(["there is no case"]);
  });

  it("with --operation prints what changes list prints", async () => {
    const args = ["--operation", "stop", "--since", "2024-05-27"];
    expect(await ran(["cases", "list", ...args])).toEqual(await ran(["changes", "list", ...args]));
    expect((await ran(["cases", "list", "--operation", "delete"])).lines).toEqual(["there is no case"]);
  });

  it.each(["--open", "--arn"])("refuses %s with --operation: only cases have it", async (option) => {
    expect((await ran(["cases", "list", "--operation", "stop", option])).status).toBe(2);
  });
});

describe("changes show", () => {
  it.each([reverted.case, reverted.case.slice(-12)])(
    "tells %s entry by entry, and that its chain holds",
    async (name) => {
      const { status, lines } = await ran(["changes", "show", name]);
      expect([status, lines[0]]).toEqual([0, `stop kwapwa6qaifllw2h  ${reverted.case}`]);
      expect(lines[4]).toContain("the change was undone 2.3 s after it was made");
      expect(lines.at(-1)).toBe(`✓ 4 entries, every link holds; head ${reverted.head}`);
    },
  );

  it("prints below what people were asked, and what they answered", async () => {
    const name = changePermitText(permitOfChange(stopName));
    const asked = append(
      append(emptyChain(name as ChainName), { ...permitRequest, change: { hour: stopName.hour, eventId: "e-1" } }, t0),
      { kind: "permit-approved", voter: { via: "slack", userId: "U0BOB" }, person: "bob", reason: "CHG-1" },
      t0 + 1000,
    );
    const { status, out } = await ran(["changes", "show", reverted.case], [...all, trailOf(asked)]);
    expect(status).toBe(0);
    expect(out).toContain("may it be made again?");
    expect(out).toContain("2 of custodians must approve");
    expect(out).toContain("bob approved the permit");
    const cut = { ...trailOf(asked), head: "0".repeat(64) };
    expect((await ran(["changes", "show", reverted.case], [...all, cut])).status).toBe(1);
  });

  it("prints the entries as stored with --json", async () => {
    expect((await ran(["changes", "show", reverted.case, "--json"])).lines).toEqual(reverted.texts);
  });

  it("ends with 1 for a chain that does not hold", async () => {
    const { status, out } = await ran(["changes", "show", damaged.case]);
    expect([status, out]).toEqual([1, expect.stringContaining("✗ the chain does not hold")]);
  });

  it.each([
    ["nothing", "there is no change"],
    [`#${stopName.hour}`, "2 changes end with"],
  ])("refuses %s", async (name, message) => {
    const { status, err } = await ran(["changes", "show", name]);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("names its place with --accounts, or is refused", async () => {
    const { status, err } = await ran(["changes", "show", alias.case, "--accounts", "accounts.yaml"]);
    expect([status, err]).toEqual([2, expect.stringContaining("expected the whole name of a change of a key")]);
  });
});
