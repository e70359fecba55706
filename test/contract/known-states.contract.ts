import { beforeEach, describe, expect, it } from "vitest";
import type { State } from "../../lib/domain/operations/state.ts";
import type { KnownStates } from "../../lib/workflows/ports/change.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const day = 86_400_000;
const key = { kind: "key", keyArn: keyArn() } as const;
const alias = { kind: "alias", alias: "alias/prod/pin" } as const;

/** What known states promise, whatever they are kept in. */
export function knownStatesContract(name: string, create: () => Promise<KnownStates>): void {
  describe(`known states ${name}`, () => {
    let known: KnownStates;
    beforeEach(async () => {
      known = await create();
    });

    it("are none at first", async () => {
      expect(await known.before("usage", key, t0)).toBeUndefined();
      expect(await known.last("usage", key)).toBeUndefined();
    });

    it.each<[string, State]>([
      ["a text", "enabled"],
      ["null", null],
      ["a list", ["eu-west-1", "us-west-2"]],
      ["an empty object", {}],
      ["tags with strange names", { "": "", "aws:x#y": 'quote " and \\ back', ключ: "ключ" }],
      ["a policy", { Statement: [{ Effect: "Allow", Condition: { StringLike: { "a:b": ["x", "y"] } } }] }],
      ["a policy of 20 KB", { Statement: [{ Sid: "x".repeat(20_000) }] }],
    ])("answer %s as it was noted", async (_, state) => {
      await known.note("resource-policy", key, state, t0);
      expect(await known.before("resource-policy", key, t0 + 1)).toEqual(state);
      expect(await known.last("resource-policy", key)).toEqual({ state, since: t0, at: t0 });
    });

    it("keep aspects and subjects apart", async () => {
      await known.note("usage", key, "enabled", t0);
      await known.note("alias", alias, key.keyArn, t0);
      expect(await known.before("tags", key, t0 + 1)).toBeUndefined();
      expect(await known.before("alias", { ...alias, alias: "alias/prod/pi" }, t0 + 1)).toBeUndefined();
      expect(await known.before("alias", alias, t0 + 1)).toBe(key.keyArn);
    });

    it("answer the state before a time, and never one that was first seen then or later", async () => {
      await known.note("usage", key, "enabled", t0);
      await known.note("usage", key, "stopped", t0 + 10);
      const states = [t0, t0 + 1, t0 + 10, t0 + 11].map(async (at) => await known.before("usage", key, at));
      expect(await Promise.all(states)).toEqual([undefined, "enabled", "enabled", "stopped"]);
    });

    it("know a state since its first sighting, however often it is seen again", async () => {
      await known.note("usage", key, "enabled", t0);
      await known.note("usage", key, "stopped", t0 + 10);
      await known.note("usage", key, "stopped", t0 + 30);
      expect(await known.before("usage", key, t0 + 20)).toBe("stopped");
      expect(await known.last("usage", key)).toEqual({ state: "stopped", since: t0 + 10, at: t0 + 30 });
    });

    it("do not replace a newer sighting by an older one", async () => {
      await known.note("usage", key, "enabled", t0 + 10);
      await known.note("usage", key, "stopped", t0);
      expect(await known.last("usage", key)).toEqual({ state: "enabled", since: t0 + 10, at: t0 + 10 });
      expect(await known.before("usage", key, t0 + 5)).toBeUndefined();
    });

    it("forget a state that was not seen for three days before the change", async () => {
      await known.note("usage", key, "enabled", t0);
      expect(await known.before("usage", key, t0 + 3 * day)).toBe("enabled");
      expect(await known.before("usage", key, t0 + 3 * day + 1)).toBeUndefined();
    });

    it("know nothing of a state that is too long to be kept, and not the one before it instead", async () => {
      await known.note("resource-policy", key, "none", t0);
      await known.note("resource-policy", key, { Sid: "x".repeat(70_000) }, t0 + 10);
      expect(await known.before("resource-policy", key, t0 + 20)).toBeUndefined();
      expect(await known.before("resource-policy", key, t0 + 5)).toBe("none");
      await known.note("resource-policy", key, "none", t0 + 30);
      expect(await known.before("resource-policy", key, t0 + 31)).toBe("none");
    });

    it("noted by many at once are the newest", async () => {
      const notes = [3, 1, 4, 2, 0].map(async (n) => await known.note("tags", key, { n: String(n) }, t0 + n));
      await Promise.all(notes);
      expect(await known.before("tags", key, t0 + 100)).toEqual({ n: "4" });
    });
  });
}
