import { describe, expect, it } from "vitest";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { caseNotice } from "../../lib/notices/case-notice.ts";
import { detection, toAsk } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { policyWith } from "../doubles/guard.ts";
import { t0 } from "../doubles/key-world.ts";

const sha256 = "f".repeat(64);
const asked = (labels: object) =>
  ({ kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0, ...labels }) as const;
const facts = (...bodies: readonly EntryBody[]) => {
  const chain = [detection(), ...bodies].reduce((before, body) => append(before, body, t0), chainBefore(detection()));
  const { title, more } = caseNotice(caseOf(chain), chain.entries, policyWith().directory);
  return { title, ...Object.fromEntries(more) };
};

describe("the labels in a notice", () => {
  const tags = { count: 3, sha256, listed: { Environment: "prod", Owner: "pay" } };
  const aliases = { count: 1, sha256, listed: ["alias/prod/cvk"] };

  it("are those on record, with how many more there are", () => {
    expect(facts({ ...toAsk, tags, aliases })).toMatchObject({
      title: "alias/prod/cvk",
      Tags: "Environment=prod, Owner=pay and 1 more",
    });
  });

  it("are those that people were asked with before those of the decision", () => {
    const shown = { tags: { count: 1, sha256, listed: { Team: "cards" } } };
    expect(facts({ ...toAsk, tags, aliases }, asked(shown))).toMatchObject({
      title: "alias/prod/cvk",
      Tags: "Team=cards",
    });
  });

  it("are left out where none are on record", () => {
    const none = { tags: { count: 2, sha256, listed: {} }, aliases: { count: 0, sha256, listed: [] } };
    expect(facts({ ...toAsk, ...none })).not.toHaveProperty("Tags");
    expect(facts({ ...toAsk, ...none }).title).toBe("CVK …aifllw2h");
  });
});
