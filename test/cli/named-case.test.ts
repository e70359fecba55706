import { describe, expect, it } from "vitest";
import { caseNamed } from "../../cli/cases/named-case.ts";
import { InputError, UsageError } from "../../cli/shell/input-error.ts";
import type { TrailContext } from "../../cli/trail/trail-context.ts";
import { caseNameText } from "../../lib/domain/ledger/case-name.ts";

const key = (id: string) => `arn:aws:payment-cryptography:us-east-1:111122223333:key/${id}`;
const [pin, cvk] = [key("kpinpinpinpin111"), key("kcvkcvkcvkcvk222")];
const stored = [`${pin}#1`, `${pin}#2`, `${pin}#10`, `${cvk}#1`, "pause#1", `${pin}#p1`];

async function named(text: string, newest = false, asked: string[] = []) {
  const context: Partial<TrailContext> = {
    region: "us-east-1",
    trails: async function* () {
      asked.push("table");
      for (const name of stored) yield { case: name, texts: [], head: "" };
    },
    aliasTarget: async (_, alias) => (alias === "alias/prod/pin" ? pin : undefined),
  };
  return caseNameText(await caseNamed(text, { newest }, context as TrailContext));
}

describe("a case", () => {
  it("named as a whole is looked up nowhere", async () => {
    const asked: string[] = [];
    expect(await named(`${key("kunknownunknown1")}#7`, false, asked)).toBe(`${key("kunknownunknown1")}#7`);
    expect(asked).toEqual([]);
  });

  it.each([
    ["an id with a generation", "kpinpinpinpin111#2", `${pin}#2`],
    ["the end of an id", "222#1", `${cvk}#1`],
    ["an alias with a generation", "alias/prod/pin#1", `${pin}#1`],
    ["the ARN of a key with one case", cvk, `${cvk}#1`],
    ["the id of a key with one case", "kcvkcvkcvkcvk222", `${cvk}#1`],
  ])("is found by %s", async (_, text, name) => expect(await named(text)).toBe(name));

  it("is the newest of its key where the newest is meant, by number", async () => {
    expect(await named("alias/prod/pin", true)).toBe(`${pin}#10`);
    expect(await named(pin, true)).toBe(`${pin}#10`);
  });

  it.each<[string, string, typeof InputError]>([
    ["a key with several cases", pin, InputError],
    ["an alias of no key", "alias/prod/none", InputError],
    ["a key without a case", key("knonenonenone333"), InputError],
    ["a generation that the key does not have", "kpinpinpinpin111#3", InputError],
    ["two letters", "22", UsageError],
    ["nothing", "", UsageError],
    ["a permit", `${pin}#p1`, UsageError],
    ["two generations", `${pin}#1#2`, UsageError],
  ])("is not guessed from %s", async (_, text, kind) => await expect(named(text)).rejects.toBeInstanceOf(kind));

  it("of two keys that end alike is not guessed either", async () => {
    stored.push(`${key("kotherother00222")}#1`);
    await expect(named("222", true)).rejects.toThrow("2 keys end with `222`");
    stored.pop();
  });
});
