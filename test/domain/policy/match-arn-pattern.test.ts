import { describe, expect, it } from "vitest";
import { arnMatcher } from "../../../lib/domain/policy/match/arn-pattern.ts";

const iam = "arn:aws:iam::111122223333";
const matches = (pattern: string, text: string) => arnMatcher([pattern])(text);

describe("a pattern of ARNs", () => {
  it.each([
    ["*", `${iam}:role/x`],
    ["*", "AROAREAPERSEXAMPLE00"],
    [`${iam}:role/x`, `${iam}:role/x`],
    [`${iam}:role/reaper*`, `${iam}:role/reaper-2`],
    [`${iam}:role/reaper*`, `${iam}:role/reaper`],
    [`${iam}:role/?eaper`, `${iam}:role/reaper`],
    [`${iam}:role/*/x`, `${iam}:role/ci/x`],
    [`${iam}:role/**`, `${iam}:role/x`],
    [`${iam}:role/**`, `${iam}:role/a/b/x`],
    [`${iam}:role/**/x`, `${iam}:role/x`],
    [`${iam}:role/**/x`, `${iam}:role/a/b/x`],
    [`${iam}:role/a/**/b/*`, `${iam}:role/a/b/b/x`],
    [`${iam}:role/a/**/b/**/x`, `${iam}:role/a/1/b/2/b/x`],
    [`${iam}:role/**/x`, `${iam}:role/a:b/x`],
    ["arn:aws:iam::*:role/ci/x", "arn:aws:iam::444455556666:role/ci/x"],
    ["arn:aws:iam::1111????3333:role/ci/x", `${iam}:role/ci/x`],
  ])("%s matches %s", (pattern, text) => {
    expect(matches(pattern, text)).toBe(true);
  });

  it.each([
    [`${iam}:role/reaper*`, `${iam}:role/reaper-team/anything-at-all`],
    [`${iam}:role/*`, `${iam}:role/ci/x`],
    [`${iam}:role/*/x`, `${iam}:role/x`],
    [`${iam}:role/*/x`, `${iam}:role/a/b/x`],
    [`${iam}:role/**/x`, `${iam}:role/a/x/y`],
    [`${iam}:role/a/**`, `${iam}:role/b/a/x`],
    [`${iam}:role/ci/**`, `${iam}:role/ci`],
    [`${iam}:role/c*/**`, `${iam}:role/ci`],
    [`${iam}:role/ci?x`, `${iam}:role/ci/x`],
    [`${iam}:*`, `${iam}:role/x`],
    ["arn:aws:iam::*:role/ci/key-reaper", `arn:aws:iam::444455556666:role/x:role/ci/key-reaper`],
    ["arn:aws:iam::*", `${iam}:role/x`],
    ["arn:*", `${iam}:role/x`],
    ["*key-reaper", `${iam}:role/key-reaper`],
    [`${iam}:role/x`, `${iam}:role/X`],
    [`${iam}:role/*`, "AROAREAPERSEXAMPLE00"],
    ["AROA*", "AROAREAPERSEXAMPLE00"],
    [`${iam}:role/*`, "x".repeat(5000)],
  ])("%s does not match %s", (pattern, text) => {
    expect(matches(pattern, text)).toBe(false);
  });

  it("is one of several values, exact ones and ids among them", () => {
    const matcher = arnMatcher([`${iam}:role/a`, `${iam}:role/ci/*`, "AROAREAPERSEXAMPLE00", `${iam}:user/**`]);
    const those = [`${iam}:role/a`, `${iam}:role/ci/b`, "AROAREAPERSEXAMPLE00", `${iam}:user/x/y`];
    expect(those.map(matcher)).toEqual([true, true, true, true]);
    expect([`${iam}:role/b`, "AROAREAPERSEXAMPLE01", "", ":", "arn:aws:iam::1:"].map(matcher)).toEqual([
      ...[false, false, false, false, false],
    ]);
  });

  it("is answered in time, whatever the pattern and the path", () => {
    const pattern = `${iam}:role/${"**/a*a*/".repeat(40)}b`;
    expect(matches(pattern, `${iam}:role/${"aaaaaaaa/".repeat(56)}c`)).toBe(false);
  });
});
