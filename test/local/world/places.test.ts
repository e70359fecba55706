import { DeleteKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Place } from "../../../local/aws/place.ts";
import { readCases } from "../../../local/world/case-reader.ts";
import { mallory } from "../../../local/world/people.ts";
import { startWorld } from "../../../local/world/start-world.ts";
import type { World } from "../../../local/world/world.ts";
import { packaged } from "../../doubles/packaged.ts";

const places: readonly Place[] = [
  { account: "111122223333", region: "us-east-1" },
  { account: "111122223333", region: "eu-west-1" },
  { account: "444455556666", region: "us-east-1" },
];

let worlds: readonly World[];
const clients = new Map<World, PaymentCryptographyClient>();

beforeAll(async () => {
  const { templateFile, bundles } = await packaged("local");
  worlds = await Promise.all(
    places.map(async (place) => await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000, place })),
  );
  for (const world of worlds) {
    const credentials = { accessKeyId: mallory.accessKeyId, secretAccessKey: "local" };
    const { endpoint, place } = world;
    clients.set(world, new PaymentCryptographyClient({ endpoint, region: place.region, credentials }));
    world.controlPlane.settings.deletionDisablesKey = false;
  }
});
afterAll(async () => {
  for (const client of clients.values()) client.destroy();
  await Promise.all(worlds.map(async (world) => await world.stop()));
});

async function deleteIn(world: World, KeyIdentifier: string): Promise<void> {
  await clients.get(world)?.send(new DeleteKeyCommand({ KeyIdentifier, DeleteKeyInDays: 3 }));
}

const stateOf = (world: World, arn: string) => world.controlPlane.keys().find(({ KeyArn }) => KeyArn === arn)?.KeyState;

describe("one packaged stack in two accounts and two regions", () => {
  it("guards the keys of each place, and only those: what goes astray into another changes nothing there", async () => {
    const astray: object[] = [];
    const arns = await Promise.all(
      worlds.map(async (world) => {
        world.bus.observe("default", (envelope) => {
          if ((envelope as { detail: { eventName?: string } }).detail.eventName === "DeleteKey") astray.push(envelope);
        });
        const arn = world.controlPlane.seed({ keyId: "samekeyideverywhere" });
        await deleteIn(world, arn);
        await world.settle();
        return arn;
      }),
    );
    expect(new Set(arns).size).toBe(3);
    // Every place learns of every deletion, as if rules forwarded them.
    const heard = [...astray];
    for (const world of worlds) for (const envelope of heard) world.bus.deliver("default", envelope);
    for (const [n, world] of worlds.entries()) {
      await world.settle();
      expect(stateOf(world, arns[n] ?? "")).toBe("CREATE_COMPLETE");
      const guarded = world.controlPlane.calls.filter(({ operation }) => operation === "RestoreKey");
      expect(guarded).toHaveLength(1);
      const cases = await Promise.all(arns.map(async (arn) => (await readCases(world, arn)).length));
      expect(cases).toEqual(arns.map((_, index) => (index === n ? 1 : 0)));
      const refused = world.log.filter((line) => /"WRONG_(ACCOUNT|REGION)"/.test(line));
      expect(refused.length).toBe(2);
      expect(world.hub.denied).toEqual([]);
    }
  });

  it("leaves a replica to the stack in its primary's region, which restores the key", async () => {
    const [primary, replica] = worlds as [World, World];
    const multiRegion = (type: "PRIMARY" | "REPLICA") => ({
      keyId: "mrkmultiregionkey000",
      multiRegion: { type, primaryRegion: "us-east-1" },
    });
    const arn = primary.controlPlane.seed(multiRegion("PRIMARY"));
    const copy = replica.controlPlane.seed(multiRegion("REPLICA"));
    await Promise.all([deleteIn(primary, arn), deleteIn(replica, copy)]);
    await Promise.all([primary.settle(), replica.settle()]);
    expect(stateOf(primary, arn)).toBe("CREATE_COMPLETE");
    // Here it stays: what follows its primary is the service's own to do.
    expect(stateOf(replica, copy)).toBe("DELETE_PENDING");
    expect(await readCases(replica, copy)).toEqual([]);
    expect(replica.log.join("\n")).toContain("REPLICA_LEFT_ALONE");
  });
});
