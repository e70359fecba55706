import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseArn } from "../../lib/domain/arn.ts";

const head = { partition: "aws", service: "iam", region: "", account: "111122223333" };

describe("parseArn", () => {
  it.each([
    ["arn:aws:iam::111122223333:role/reaper", { ...head, resourceType: "role", path: "/", name: "reaper" }],
    ["arn:aws:iam::111122223333:role/ci/eu/reaper", { ...head, resourceType: "role", path: "/ci/eu/", name: "reaper" }],
    ["arn:aws:iam::111122223333:role/a:role/b", { ...head, resourceType: "role", path: "/a:role/", name: "b" }],
    ["arn:aws:iam::111122223333:role:a/b", { ...head, resourceType: "role:a", path: "/", name: "b" }],
    ["arn:aws:iam::111122223333:root", { ...head, resourceType: "root", path: "", name: "" }],
    ["arn:aws:iam::111122223333:role/", { ...head, resourceType: "role", path: "/", name: "" }],
    [
      "arn:aws:kms:eu-west-1:111122223333:key/5f0f2a4c",
      { ...head, service: "kms", region: "eu-west-1", resourceType: "key", path: "/", name: "5f0f2a4c" },
    ],
  ])("%s", (text, parts) => {
    expect(parseArn(text)).toEqual(parts);
  });

  it.each([
    "",
    "arn",
    "arn:aws:iam::111122223333",
    "arn:aws:iam::111122223333:",
    "ARN:aws:iam::1:root",
    "arn::iam::1:x",
    " arn:aws:iam::1:root",
  ])("is undefined for %j", (text) => {
    expect(parseArn(text)).toBeUndefined();
  });

  it("loses nothing: the parts of anything it accepts make the same text again", () => {
    const part = fc.string({ unit: fc.constantFrom("a", "1", "/", ":", "*", "arn") });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 9 }).map((parts) => `arn:${parts.join(":")}`),
        ),
        (text) => {
          const arn = parseArn(text);
          if (arn === undefined) return;
          const { partition, service, region, account, resourceType, path, name } = arn;
          expect(`arn:${partition}:${service}:${region}:${account}:${resourceType}${path}${name}`).toBe(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
