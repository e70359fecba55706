import { describe, expect, it } from "vitest";
import { createReadPrevious, createSecret } from "../../functions/shared/secret.ts";
import { t0 } from "../doubles/key-world.ts";

type Provider = Parameters<typeof createSecret>[0];

/** A secret that a provider answers with `value`; what the provider was asked is kept. */
function secretOf(value: () => Promise<unknown>) {
  const asked: object[] = [];
  const time = { now: t0 };
  const get = async (id: string, options: object) => {
    asked.push({ id, ...options });
    return await value();
  };
  const secret = createSecret({ get } as unknown as Provider, "slack/signing", () => time.now);
  return { secret, asked, time };
}
const whole = async () => "s3cret";
const cached = { id: "slack/signing", maxAge: 900 };
const forced = { id: "slack/signing", forceFetch: true };

describe("the secret before the one of now", () => {
  const reading = (get: (...asked: readonly unknown[]) => Promise<unknown>) =>
    createReadPrevious({ get } as unknown as Provider, "slack/signing");
  const failure = (name: string) => Object.assign(new Error("x"), { name });

  it("is read by its version, and never cached: the cache would take it for the one of now", async () => {
    const asked: unknown[] = [];
    const read = reading(async (...each) => {
      asked.push(each);
      return "old\n";
    });
    expect(await read()).toBe("old");
    expect(asked).toEqual([
      ["slack/signing", { forceFetch: true, maxAge: 0, sdkOptions: { VersionStage: "AWSPREVIOUS" } }],
    ]);
  });

  it("may not exist", async () => {
    const cause = failure("ResourceNotFoundException");
    expect(await reading(async () => await Promise.reject(new Error("x", { cause })))()).toBeUndefined();
  });

  it("is SECRET_UNAVAILABLE where it cannot be read", async () => {
    const cause = failure("AccessDeniedException");
    const read = reading(async () => await Promise.reject(new Error("x", { cause })));
    await expect(read()).rejects.toMatchObject({ code: "SECRET_UNAVAILABLE", disposition: "retry" });
  });
});

describe("a secret", () => {
  it("is believed for a quarter of an hour, and read again only when asked to", async () => {
    const { secret, asked } = secretOf(whole);
    expect([await secret.read(), await secret.readAgain()]).toEqual(["s3cret", "s3cret"]);
    expect(asked).toEqual([cached, forced]);
  });

  it("is read again once a minute at most: forgeries do not run up the calls", async () => {
    const { secret, asked, time } = secretOf(whole);
    expect(await secret.readAgain()).toBe("s3cret");
    for (const now of [t0, t0 + 1, t0 + 59_999]) {
      time.now = now;
      expect(await secret.readAgain()).toBeUndefined();
    }
    time.now = t0 + 60_000;
    expect(await secret.readAgain()).toBe("s3cret");
    expect(asked).toEqual([forced, forced]);
  });

  it("is read again whenever it does not fit, where a verdict for good depends on it", async () => {
    const get = async () => "s3cret";
    const secret = createSecret({ get } as unknown as Provider, "slack/signing", () => t0, 0);
    expect([await secret.readAgain(), await secret.readAgain()]).toEqual(["s3cret", "s3cret"]);
  });

  it("is read again although the clock was set back", async () => {
    const { secret, time } = secretOf(whole);
    await secret.readAgain();
    time.now = t0 - 3_600_000;
    expect(await secret.readAgain()).toBe("s3cret");
  });

  it("has no line end, no matter who stored it", async () => {
    const { secret } = secretOf(async () => "s3cret\n");
    expect([await secret.read(), await secret.readAgain()]).toEqual(["s3cret", "s3cret"]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["cannot be read", async () => await Promise.reject(new Error("AccessDeniedException"))],
    ["has no text", async () => new Uint8Array([1])],
    ["is not there", async () => undefined],
  ])("that %s is SECRET_UNAVAILABLE", async (_, value) => {
    const { secret } = secretOf(value);
    const unavailable = { code: "SECRET_UNAVAILABLE", disposition: "retry" };
    await expect(secret.read()).rejects.toMatchObject(unavailable);
    await expect(secret.readAgain()).rejects.toMatchObject(unavailable);
  });
});
