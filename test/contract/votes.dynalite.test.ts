import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { judgeVote } from "../../lib/domain/approval/dual-control.ts";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import { createTestGuard, everybody, policyWith } from "../doubles/guard.ts";
import { createKeyWorld, deletionRequest, keyArn, t0 } from "../doubles/key-world.ts";
import { voteBy, voteDepsOf } from "../doubles/vote-deps.ts";
import { startDynalite } from "./dynalite.ts";

const names = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"];
const people = Object.fromEntries(
  names.map((name) => [name, { ...everybody.bob, slack: `U0${name.toUpperCase()}`, aws: [`${name}@example.com`] }]),
);
const policy = policyWith(
  [
    {
      id: "ask",
      when: { key: { usage: "TR31_C0_CARD_VERIFICATION_KEY" } },
      then: "ask",
      approval: { from: "custodians", quorum: 3, within: "24h" },
    },
  ],
  { people },
);

describe("fifty votes of ten people at the same time, on the embedded DynamoDB", () => {
  it("end as some order of them would, every one of them recorded once", async () => {
    const { store: cases, stop } = await startDynalite();
    const { guard } = createTestGuard(createKeyWorld(), t0 + 1000, { policy, cases });
    await guardDeletion(guard, { source: "event", request: deletionRequest(), deliveries: 1 });
    const name = { keyArn: keyArn(), generation: 1 };
    const before = await cases.read(name);
    const votes = Array.from({ length: 50 }, (_, n) => voteBy(names[n % 10] ?? "", "approve", `vote-${n % 25}`));
    const voteDeps = { ...voteDepsOf(guard), newRunId: randomUUID };
    const recorded = await Promise.all(votes.map(async (vote) => await recordVote(voteDeps, name, vote)));

    const chain = (await cases.read(name))?.chain;
    const cast = chain?.entries.flatMap((entry) => (entry.kind === "vote-cast" ? [entry.vote] : [])) ?? [];
    expect(new Set(cast.map(({ id }) => id)).size).toBe(cast.length);
    // The order in which they were recorded, judged again one after another, says the same.
    let state = before && caseOf(before.chain);
    let entries = before?.chain;
    for (const vote of cast) {
      if (state === undefined || entries === undefined) break;
      const { entries: bodies } = judgeVote(state, policy.directory, vote, t0 + 1000);
      for (const body of bodies) entries = append(entries, body, t0 + 1000);
      state = caseOf(entries);
    }
    expect(entries?.texts).toEqual(chain?.texts);
    const granted = recorded.filter(({ verdict }) => verdict.kind === "counted" && verdict.state === "granted");
    expect(granted).toHaveLength(1);
    expect(chain?.entries.filter(({ kind }) => kind === "approval-granted")).toMatchObject([{ quorum: 3 }]);
    await stop();
  });
});
