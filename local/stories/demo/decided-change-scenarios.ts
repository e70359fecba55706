import { createChangePermitBook } from "../../../lib/aws/dynamodb/change-permit-book.ts";
import { changeNameText, hourOfChange } from "../../../lib/domain/ledger/change-name.ts";
import { type ChangePermitId, changePermitText } from "../../../lib/domain/ledger/change-permit-name.ts";
import { hourMs } from "../../../lib/domain/time.ts";
import { alice, bob, custodianRole, custodianRoleId, remediator } from "../../world/people.ts";
import { chainOf, inFastTime, keySubject, make, remember } from "./change-acts.ts";
import { reprieveAs } from "./command.ts";
import type { DemoWorld } from "./demo-world.ts";
import { same } from "./expectations.ts";
import type { Check, Scenario } from "./scenario.ts";
import { SlackActions } from "./slack-actions.ts";

const recorded = ["change-detected", "change-judged"];
const askedAbout = [...recorded, "revert-intended", "change-reverted", "change-asked"];
const permitted = ["change-permit-requested", "permit-approved", "change-permit-issued", "change-permit-used"];

/** A stop that was a mistake: the person who made it may not undo it alone. */
const startedOnRequest: Scenario["run"] = async (demoWorld) => {
  const { world } = demoWorld;
  const key = demoWorld.key({ alias: "alias/prod/stopped-by-mistake" });
  await remember(demoWorld, "usage", keySubject(key), "enabled");
  const at = await nextHour(demoWorld);
  make(demoWorld, { by: alice, call: "StopKeyUsage", input: { KeyIdentifier: key } });
  await world.settle({ advance: true });
  const name = changeNameText({ operation: "stop", subject: keySubject(key), hour: hourOfChange(at) });
  const stopped = !isEnabled(demoWorld, key);
  const reason = ["--reason", "INC-7: stopped by mistake", "--sts-url", `${world.endpoint}/`];
  const status = await reprieveAs(world, alice, ["start-key", name, ...reason]);
  await new SlackActions(world).answer("bob", name, "start-key", "INC-7: Alice stopped the wrong key");
  await world.settle({ advance: true });
  const entries = await kindsOf(demoWorld, "stop", key, at);
  const started = ["usage-start-requested", "usage-start-intended", "key-usable"];
  return {
    ending: await demoWorld.ending(key),
    checks: [
      entriesAre(entries, [...recorded, ...started]),
      ["the key stayed stopped until someone requested its start", stopped],
      ["Alice, who stopped it, cannot have it started", status === 1],
      ["the key is usable", isEnabled(demoWorld, key)],
    ],
  };
};

/** A change that is undone, approved, and made again. */
const madeAgain: Scenario["run"] = async (demoWorld) => {
  const { world } = demoWorld;
  const { alias, old, next, point } = await twoKeys(demoWorld, "alias/prod/made-again");
  const at = await nextHour(demoWorld);
  point();
  await world.settle({ advance: true });
  const pointedBack = world.controlPlane.aliasOf(old) === alias;
  const id: ChangePermitId = { by: "change", hour: hourOfChange(at) };
  const permit = changePermitText({ operation: "alias", subject: { kind: "alias", alias }, id });
  await new SlackActions(world).answer("bob", permit, "approve-change", "CHG-11: rotation");
  await world.settle({ advance: true });
  const again = await nextHour(demoWorld);
  point();
  await world.settle({ advance: true });
  return {
    ending: await demoWorld.ending(old),
    checks: [
      entriesAre(await kindsOf(demoWorld, "alias", alias, at), askedAbout),
      ["the alias was pointed back at first", pointedBack],
      entriesAre(await kindsOf(demoWorld, "alias", alias, again), recorded),
      entriesAre(await kindsOfPermit(demoWorld, alias, id), permitted),
      ["the alias points at the new key", world.controlPlane.aliasOf(next) === alias],
    ],
  };
};

/** A change to which people have agreed before it takes place. */
const plannedChange: Scenario["run"] = async (demoWorld) => {
  const { world } = demoWorld;
  const { alias, old, next, point } = await twoKeys(demoWorld, "alias/prod/rotated-as-planned");
  const reason = ["--reason", "CHG-12", "--sts-url", `${world.endpoint}/`];
  const holder = ["--principal", custodianRole, "--role-id", custodianRoleId, "--person", "alice"];
  const request = ["permit", "request", alias, "--operation", "alias", "--to", next, ...holder, ...reason];
  const approve = ["permit", "approve", `change#alias#${alias}#p1`, ...reason];
  const statuses = [await reprieveAs(world, alice, request), await reprieveAs(world, alice, approve)];
  statuses.push(await reprieveAs(world, bob, approve));
  const at = await nextHour(demoWorld);
  const from = world.controlPlane.calls.length;
  point();
  await world.settle({ advance: true });
  const calls = world.controlPlane.calls.slice(from);
  const undone = calls.filter(
    (each) => each.accessKeyId === remediator.accessKeyId && each.operation.startsWith("Upd"),
  );
  return {
    ending: await demoWorld.ending(old),
    checks: [
      ["nobody approves a permit of their own", same(statuses, [0, 1, 0])],
      entriesAre(await kindsOf(demoWorld, "alias", alias, at), recorded),
      entriesAre(await kindsOfPermit(demoWorld, alias, { by: "request", number: 1 }), permitted),
      ["the alias was never pointed back", undone.length === 0],
      ["the alias points at the new key", world.controlPlane.aliasOf(next) === alias],
    ],
  };
};

/** Makes a key with an alias, another key, and Alice's call that points the alias at the other one. */
async function twoKeys(demoWorld: DemoWorld, wanted: string) {
  const old = demoWorld.key({ alias: wanted });
  const next = demoWorld.key({});
  const alias = demoWorld.world.controlPlane.aliasOf(old) ?? "";
  await remember(demoWorld, "alias", { kind: "alias", alias }, old);
  const point = () => make(demoWorld, { by: alice, call: "UpdateAlias", input: { AliasName: alias, KeyArn: next } });
  return { alias, old, next, point };
}

/** Goes on in the next hour, once nothing is left to do; returns the time (ms) as records have it, in whole seconds. */
async function nextHour({ world }: DemoWorld): Promise<number> {
  await world.settle({ advance: true });
  world.clock.jump(hourMs);
  return Math.floor(world.clock.now() / 1000) * 1000;
}

function isEnabled({ world }: DemoWorld, key: string): boolean {
  return world.controlPlane.keys().find(({ KeyArn }) => KeyArn === key)?.Enabled === true;
}

async function kindsOf(demoWorld: DemoWorld, operation: string, subject: string, at: number) {
  return (await chainOf(demoWorld, operation, subject, at))?.entries.map(({ kind }) => kind) ?? [];
}

async function kindsOfPermit({ world }: DemoWorld, alias: string, id: ChangePermitId) {
  const permits = createChangePermitBook(world.store, world.tableName);
  const chain = await permits.read({ operation: "alias", subject: { kind: "alias", alias }, id });
  return chain?.entries.map(({ kind }) => kind) ?? [];
}

function entriesAre(entries: readonly string[], expected: readonly string[]): Check {
  return [`entries are ${expected.join(", ")}, found ${entries.join(", ")}`, same(entries, expected)];
}

const stories: readonly Scenario[] = [
  {
    name: "stop-ended-on-request",
    story:
      "Alice stops the wrong key. She cannot have it started herself; Bob does, with **Start key usage…** in the notice.",
    run: startedOnRequest,
  },
  {
    name: "alias-made-again",
    story:
      "Alice points an alias at another key. It is pointed back, Bob approves it, and Alice makes the change again.",
    run: madeAgain,
  },
  {
    name: "alias-planned",
    story: "Alice requests a permit to point an alias at a new key, and Bob approves it. Her change passes at once.",
    run: plannedChange,
  },
];

/** Changes about which people decide: the clock runs faster, as in every story about changes. */
export const decidedChangeScenarios: readonly Scenario[] = stories.map((story) => ({
  ...story,
  run: async (demoWorld) => await inFastTime(demoWorld, async () => await story.run(demoWorld)),
}));
