import { describe, expect, it } from "vitest";
import { bundledPolicy } from "../../functions/shared/bundled-policy.ts";
import { canonicalJson, sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { parsePolicy } from "../../lib/domain/policy/parse.ts";

const parsed = parsePolicy({ version: 1, mode: "enforce", default: "restore", rules: [] });
const text = canonicalJson(parsed.ok ? parsed.document : {});
const hash = sha256Hex(text);

describe("the policy in a bundle", () => {
  it("is the one that the build checked, under its hash", () => {
    expect(bundledPolicy(text, hash)).toMatchObject({ mode: "enforce", hash });
  });

  it.each<[string, string, string]>([
    ["was changed after the build", text.replace("enforce", "observe"), hash],
    ["is whole, under another hash", text, "0".repeat(64)],
    ["is whole, under no hash", text, ""],
    ["is missing, as in a released zip", "", ""],
    ["is missing, under the hash of nothing", "", sha256Hex("")],
  ])("that %s is POLICY_INVALID, and no function starts", (_, changed, claimed) => {
    expect(() => bundledPolicy(changed, claimed)).toThrow(
      expect.objectContaining({ code: "POLICY_INVALID", disposition: "dead-letter" }),
    );
  });
});
