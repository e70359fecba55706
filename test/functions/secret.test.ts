import { describe, expect, it } from "vitest";
import { createSecret } from "../../functions/shared/secret.ts";
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

describe("a secret", () => {
  it("is believed for a quarter of an hour, and read anew only when asked to", async () => {
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

  it("is read again although the clock was set back", async () => {
    const { secret, time } = secretOf(whole);
    await secret.readAgain();
    time.now = t0 - 3_600_000;
    expect(await secret.readAgain()).toBe("s3cret");
  });

  it("has no line end, whoever stored it", async () => {
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
