import { describe, expect, it } from "vitest";
import { placeFailure } from "../../../cli/places/place-failure.ts";
import { InputError, PlaceError } from "../../../cli/shell/input-error.ts";
import { placeOf } from "../../doubles/places.ts";

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });
const ofProfile = placeOf(1, { profile: "eu" });

describe("a place without a result", () => {
  it.each<[string, unknown, string, string | RegExp]>([
    ["denied", named("AccessDeniedException", "not authorized"), "AccessDeniedException", "not authorized"],
    [
      "denied in the middle of a command",
      new InputError("the table `t` cannot be read: AccessDenied: nobody may", {
        cause: named("AccessDenied", "nobody may"),
      }),
      ...(["AccessDenied", "the table `t` cannot be read: nobody may"] as const),
    ],
    [
      "another account",
      new PlaceError("WrongAccount", "the credentials belong to account 2"),
      "WrongAccount",
      /account 2$/,
    ],
    ["hanging", new PlaceError("Timeout", "no answer within 60 s"), "Timeout", /60 s; check the network.*--timeout$/],
    [
      "throttled",
      named("ThrottlingException", "Rate exceeded"),
      "ThrottlingException",
      /try again later, or with a lower --parallel$/,
    ],
    ["slowed down by S3", named("SlowDown", "Reduce your request rate"), "SlowDown", /lower --parallel$/],
    [
      "with expired credentials",
      named("ExpiredToken", "The security token"),
      "ExpiredToken",
      /sign in with `aws sso login --profile eu`$/,
    ],
    [
      "with an expired session of SSO",
      named("CredentialsProviderError", "The SSO session"),
      "CredentialsProviderError",
      /sign in with/,
    ],
    [
      "with a profile that asks for a code",
      named("CredentialsProviderError", "Profile eu requires multi-factor authentication"),
      "CredentialsProviderError",
      /session for it first/,
    ],
    ["without a network", named("Error", "connect", { code: "ECONNREFUSED" }), "ECONNREFUSED", "connect"],
    ["hostile", named("Bad\u001b[2J", "\u202eevil"), "Bad\\u{1b}[2J", "\\u{202e}evil"],
    ["thrown as text", "gone", "Error", "gone"],
  ])("because it is %s has a code and says what to do", (_, error, code, message) => {
    const failure = placeFailure(error, ofProfile);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(
      typeof message === "string" ? new RegExp(`^${message.replaceAll(/[\\{}[\]]/g, "\\$&")}$`) : message,
    );
  });

  it("names the shell's credentials where it has no profile", () => {
    const { message } = placeFailure(named("ExpiredTokenException", "expired"), placeOf(1));
    expect(message).toBe("expired; sign in with `aws sso login`, or set AWS_PROFILE");
  });
});
