import { describe, expect, it } from "vitest";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { keyVocabulary } from "../../lib/domain/key/vocabulary.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { keyTitle, usageShort } from "../../lib/notices/key-title.ts";
import { caseWith, detection, toAsk } from "../doubles/case-builder.ts";
import { deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";

const aliases = (listed: readonly string[], count = listed.length) => ({ count, sha256: "f".repeat(64), listed });
const inventory = (...listed: string[]): EntryBody => ({ kind: "key-named", aliases: aliases(listed) });
const decidedWith = (...listed: string[]): EntryBody => ({ ...toAsk, aliases: aliases(listed) });
const askedWith = (...listed: string[]): EntryBody => ({
  ...{ kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 },
  aliases: aliases(listed),
});
const deletedAs = (alias?: string, overrides: Partial<DeletionRequest> = {}) =>
  detection({ request: deletionRequest({ ...(alias !== undefined && { namedAs: alias }), ...overrides }) });
const titleOf = (...bodies: readonly EntryBody[]) => keyTitle(caseWith(...bodies));

const cvk = "alias/prod/cvk-1";
const junk = "alias/test/junk";

describe("what people call a key", () => {
  it.each<[string, string, readonly EntryBody[]]>([
    ["the alias of the inventory, for a deletion by ARN", cvk, [deletedAs(), inventory(cvk)]],
    ["the same alias once, where the call used it", cvk, [deletedAs(cvk), inventory(cvk)]],
    ["both, where the call used another", `${cvk} (deleted as ${junk})`, [deletedAs(junk), inventory(cvk)]],
    ["both, where the key has another now", `${cvk} (now ${junk})`, [deletedAs(), inventory(cvk), askedWith(junk)]],
    ["that the alias is gone", `${cvk} (alias removed since)`, [deletedAs(), inventory(cvk), decidedWith()]],
    [
      "all three, where an alias was pointed at the key to delete it by a harmless name",
      `${cvk} (deleted as ${junk}, now ${junk})`,
      [deletedAs(junk), inventory(cvk), decidedWith(junk)],
    ],
    [
      "the first of several, and how many more",
      `${cvk} (and 2 more)`,
      [deletedAs(), inventory(cvk, "alias/b", "alias/c")],
    ],
    ["no remark where the call used the second alias", `${cvk} (and 1 more)`, [deletedAs(junk), inventory(cvk, junk)]],
    ["the alias that was read to decide, where the inventory has none", cvk, [deletedAs(), decidedWith(cvk)]],
    ["the alias of the call, where nothing else is known", cvk, [deletedAs(cvk)]],
    [
      "the alias of the call, where the record names nothing else",
      cvk,
      [deletedAs(undefined, { target: { kind: "alias", alias: cvk } })],
    ],
    [
      "usage and id, with the alias of the call as a remark, where the key is known to have no alias",
      `CVK …aifllw2h (deleted as ${junk})`,
      [deletedAs(junk), decidedWith()],
    ],
    ["usage and id, where there is no alias", "CVK …aifllw2h", [deletedAs()]],
    ["the id, where not even the usage is known", "key …aifllw2h", [withoutKey()]],
  ])("is %s", (_, title, bodies) => {
    expect(titleOf(...bodies)).toBe(title);
  });

  it("follows the latest request of the case", () => {
    const again = {
      ...deletedAs("alias/second"),
      request: deletionRequest({ eventId: "e-2", namedAs: "alias/second" }),
    };
    expect(titleOf(deletedAs(cvk), again)).toBe("alias/second");
  });

  it("keeps both ends of a long alias, since names differ in either", () => {
    const long = `alias/${"a".repeat(240)}-prod-1`;
    expect(titleOf(deletedAs(), inventory(long))).toBe(`alias/${"a".repeat(25)}…${"a".repeat(9)}-prod-1`);
  });

  it("shows no character that hides, forges or reorders, and stays short", () => {
    const hostile = `alias/\u001b[2J\u202e${"x".repeat(300)}`;
    const title = titleOf(deletedAs(hostile), inventory(hostile, "b"), askedWith(hostile.toUpperCase()));
    expect(title).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    expect(title.length).toBeLessThan(200);
  });
});

function withoutKey(): EntryBody {
  const { key: _key, request: _request, ...bare } = detection();
  return bare;
}

describe("the short name of a usage", () => {
  it.each(keyVocabulary.usage)("is known for %s", (usage) => {
    expect(usageShort(usage).length).toBeLessThan(15);
    expect(usageShort(usage)).not.toContain("TR31");
  });

  it("is the usage itself for one that AWS adds later", () => {
    expect(usageShort("TR31_Z9_NEW_KEY")).toBe("TR31_Z9_NEW_KEY");
    expect(keyArn()).toContain("kwapwa6qaifllw2h");
  });
});
