import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { KeyLabels } from "../../lib/domain/policy/label-age.ts";
import { announceAlarm } from "../../lib/workflows/notify/announce-alarm.ts";
import { keyNames } from "../../lib/workflows/notify/key-names.ts";
import { t0 } from "../doubles/key-world.ts";
import { caseNo, createNotifyWorld } from "../doubles/notify.ts";

const keys = [1, 2, 3].map((n) => caseNo(n).keyArn);
const seen = (state: string): KeyLabels => ({ tags: {}, aliases: { state, since: t0, at: t0 } });
const ids = ["key burst00000000001", "key burst00000000002", "key burst00000000003"];

async function namesBy(labelsSeen: ReturnType<typeof createNotifyWorld>["announcer"]["labelsSeen"]) {
  const { announcer, logged } = createNotifyWorld();
  const names = await keyNames({ ...announcer, labelsSeen }, keys);
  return { names, logged: logged.map(({ code }) => code) };
}

describe("the name of a key that no case has on record", () => {
  it.each<[string, KeyLabels | "unreadable" | undefined, string]>([
    ["the alias that the inventory saw", seen("alias/prod/cvk-1"), "alias/prod/cvk-1 (burst00000000001)"],
    ["the first of several", seen("alias/a alias/b alias/c"), "alias/a (burst00000000001, and 2 more aliases)"],
    ["its id where it has none", seen(""), "key burst00000000001"],
    ["its id where it has too many", seen("too long"), "key burst00000000001"],
    ["its id where the inventory saw none of its labels", { tags: {} }, "key burst00000000001"],
    ["its id where the inventory never saw it", undefined, "key burst00000000001"],
    ["its id where the inventory is damaged", "unreadable", "key burst00000000001"],
  ])("is %s", async (_, labels, name) => {
    const { names, logged } = await namesBy(async (arn) => (arn === keys[0] ? labels : undefined));
    expect([names, logged]).toEqual([[name, ...ids.slice(1)], []]);
  });

  it("is its id while the store is down, which is asked and logged once", async () => {
    let asked = 0;
    const { names, logged } = await namesBy(async () => {
      asked += 1;
      return await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    });
    expect([names, logged, asked]).toEqual([ids, ["LABELS_UNREADABLE"], 1]);
  });

  it("comes first in an alarm, which names twenty keys and counts the others", async () => {
    const { announcer, mails, slack, world } = createNotifyWorld();
    world.labelsSeen = async (arn) => (arn === keys[1] ? seen("alias/prod/cvk-2") : undefined);
    const many = Array.from({ length: 25 }, (_, n) => caseNo(n + 1).keyArn);
    await announceAlarm(announcer, { principal: "p", deletions: 25, keys: many, from: t0, to: t0 + 1 });
    expect(mails[0]?.text).toContain("UTC: key burst00000000001, alias/prod/cvk-2 (burst00000000002), key burst");
    expect(mails[0]?.text).toContain("key burst00000000020 and 5 more\n");
    expect(JSON.stringify(slack.posted[0]?.message)).toContain("alias/prod/cvk-2 (burst00000000002)");
  });
});
