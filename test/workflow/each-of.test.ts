import { describe, expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { eachOf } from "../../lib/workflows/notify/each-of.ts";

const retry = (retryAfter?: number) =>
  new GuardError(
    "SLACK_UNAVAILABLE",
    "retry",
    "down",
    retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter },
  );
const refused = new GuardError("SLACK_REFUSED", "dead-letter", "no");
const fails = (error: Error) => async () => await Promise.reject(error);

describe("each of several steps", () => {
  it("is taken, whatever happened to those before", async () => {
    const taken: number[] = [];
    const steps = [1, 2, 3].map((n) => async () => {
      taken.push(n);
      if (n < 3) throw refused;
    });
    await expect(eachOf(steps)).rejects.toBe(refused);
    expect(taken).toEqual([1, 2, 3]);
  });

  const [short, long, plain, odd] = [retry(3), retry(30), retry(), new Error("odd")];
  it.each<[string, readonly Error[], Error]>([
    ["the longest rest that is asked for", [short, long, plain], long],
    ["the longest rest, whichever came first", [long, short], long],
    ["a retry rather than a refusal", [refused, plain], plain],
    ["what nobody foresaw, rather than a refusal", [refused, odd], odd],
    ["a refusal where there is nothing else", [refused], refused],
  ])("fails with %s", async (_, errors, thrown) => {
    await expect(eachOf(errors.map(fails))).rejects.toBe(thrown);
  });

  it("succeeds where none fails", async () => {
    await expect(eachOf([async () => {}, async () => {}])).resolves.toBeUndefined();
  });
});
