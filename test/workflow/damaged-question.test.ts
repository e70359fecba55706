import { expect, it } from "vitest";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { guardChange } from "../../lib/workflows/change/guard-change.ts";
import { createChangeWorld, otherKey, recordedCall } from "../doubles/change-world.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const alias = { kind: "alias", alias: "alias/prod/pin" } as const;
const next = otherKey("next111111111111");
const approval = { from: "custodians", quorum: 1, within: "24h", permitFor: "4h" };

it("a change is recorded as undone although the question of its hour is damaged", async () => {
  const world = createChangeWorld({
    rules: [{ id: "ask", when: { operation: "alias" }, then: "ask", approval }],
  });
  world.plane.keys.set(next.arn, next);
  world.plane.aliases.set(alias.alias, next.arn);
  await world.known.note("alias", alias, keyArn(), t0 - 3_600_000);
  world.permits.save = async () => "conflict";
  world.permits.read = async () => {
    throw new GuardError("CASE_UNREADABLE", "dead-letter", "damaged");
  };
  const parameters = { aliasName: alias.alias, keyArn: next.arn };
  await guardChange(world.deps, recordedCall("UpdateAlias", { parameters }), 1);
  expect(world.plane.aliases.get(alias.alias)).toBe(keyArn());
  expect(world.kinds().at(-1)).toBe("change-reverted");
  expect(world.logged).toContain("STATE_UNREADABLE");
});
