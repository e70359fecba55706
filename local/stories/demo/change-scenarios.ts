import { hourMs } from "../../../lib/domain/time.ts";
import { alice, mallory, type Person, reaper } from "../../world/people.ts";
import { keySubject, make, remember } from "./change-acts.ts";
import { play, type Story } from "./change-story.ts";
import type { DemoWorld } from "./demo-world.ts";
import type { Check, Scenario } from "./scenario.ts";

const recorded = ["change-detected", "change-judged"];
const reverted = [...recorded, "revert-intended", "change-reverted"];

const isEnabled =
  (wanted: boolean) =>
  ({ world }: DemoWorld, key: string): Check => [
    `the key is ${wanted ? "usable" : "stopped"}`,
    world.controlPlane.keys().find(({ KeyArn }) => KeyArn === key)?.Enabled === wanted,
  ];

const stopBy =
  (by: Person): Story["begin"] =>
  async (demoWorld, key) => {
    await remember(demoWorld, "usage", keySubject(key), "enabled");
    return { act: { by, call: "StopKeyUsage", input: { KeyIdentifier: key } }, subject: key };
  };

const policyText = (action: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        ...{ Sid: "Partner", Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" } },
        ...{ Action: `payment-cryptography:${action}`, Resource: "*" },
      },
    ],
  });

const pointAlias =
  (by: Person, usage: "TR31_C0_CARD_VERIFICATION_KEY" | "TR31_P0_PIN_ENCRYPTION_KEY"): Story["begin"] =>
  async (demoWorld, key) => {
    const alias = demoWorld.world.controlPlane.aliasOf(key) ?? "";
    const other = demoWorld.key({ usage });
    await remember(demoWorld, "alias", { kind: "alias", alias }, key);
    return { act: { by, call: "UpdateAlias", input: { AliasName: alias, KeyArn: other } }, subject: alias };
  };

const aliasStays = ({ world }: DemoWorld, key: string, alias: string): Check => [
  "the alias points at the key again",
  world.controlPlane.aliasOf(key) === alias,
];

const stories: readonly Story[] = [
  {
    name: "stopped-and-started",
    story: "Mallory stops a card key. A rule undoes it: the key is usable after two calls.",
    ...{ operation: "stop", begin: stopBy(mallory), entries: reverted, holds: isEnabled(true) },
    ...{ rule: "stopped-keys-are-started", outcome: "revert", calls: { GetKey: 1, StartKeyUsage: 1 } },
  },
  {
    name: "stopped-in-an-emergency",
    story:
      "Alice, a custodian, stops a key. A stop may answer a compromise: it stays stopped, and people are notified.",
    ...{ operation: "stop", begin: stopBy(alice), entries: recorded, holds: isEnabled(false) },
    ...{ rule: "custodians-may-stop-keys", outcome: "notify", calls: { GetKey: 1 } },
  },
  {
    name: "alias-of-another-usage",
    story: "Mallory points the alias of a card key at a PIN key. It is pointed back.",
    ...{ operation: "alias", begin: pointAlias(mallory, "TR31_P0_PIN_ENCRYPTION_KEY"), entries: reverted },
    ...{ rule: "aliases-are-pointed-back", outcome: "revert", holds: aliasStays },
    calls: { GetAlias: 2, GetKey: 2, UpdateAlias: 1 },
  },
  {
    name: "alias-rotated",
    story:
      "The nightly job rotates the alias to a new key that does the same work. Nothing is in its way, and nobody is notified.",
    ...{ operation: "alias", begin: pointAlias(reaper, "TR31_C0_CARD_VERIFICATION_KEY"), entries: recorded },
    ...{ rule: "rotations-of-the-nightly-job", outcome: "allow", calls: { GetAlias: 1, GetKey: 2 } },
  },
  {
    name: "management-granted",
    story: "Mallory lets another account do everything with a key. The policy of before is put back.",
    operation: "resource-policy",
    begin: async (demoWorld, key) => {
      make(demoWorld, {
        by: alice,
        call: "PutResourcePolicy",
        input: { ResourceArn: key, Policy: policyText("DecryptData") },
      });
      const act = { by: mallory, call: "PutResourcePolicy", input: { ResourceArn: key, Policy: policyText("*") } };
      return { act, subject: key };
    },
    ...{ rule: "nobody-else-manages-keys", outcome: "revert", entries: reverted },
    calls: { GetResourcePolicy: 2, PutResourcePolicy: 1 },
    holds: (demoWorld, key) => {
      const answer = make(demoWorld, { by: alice, call: "GetResourcePolicy", input: { ResourceArn: key } });
      return ["the partner may decrypt, and no more", JSON.stringify(answer).includes("DecryptData")];
    },
  },
  {
    name: "replica-removed",
    story: "Mallory removes the replica of a key from another Region, where cards fail from now on. It is added again.",
    operation: "replication",
    begin: async (demoWorld, key) => {
      const input = { KeyIdentifier: key, ReplicationRegions: ["us-west-2"] };
      make(demoWorld, { by: alice, call: "AddKeyReplicationRegions", input });
      demoWorld.world.clock.jump(hourMs);
      await remember(demoWorld, "replication", keySubject(key), ["us-west-2"]);
      return { act: { by: mallory, call: "RemoveKeyReplicationRegions", input }, subject: key };
    },
    ...{
      rule: "replicas-come-back",
      outcome: "revert",
      entries: reverted,
    },
  },
  {
    name: "tag-changed",
    story:
      "Mallory tags a production key as a test key. The policy reads the tag: people are notified, and nothing is undone.",
    operation: "labels",
    begin: async (_, key) => {
      const Tags = [{ Key: "Environment", Value: "test" }];
      return { act: { by: mallory, call: "TagResource", input: { ResourceArn: key, Tags } }, subject: key };
    },
    ...{ rule: "none", outcome: "notify", entries: recorded, calls: { ListTagsForResource: 1 } },
  },
  {
    name: "accounting-tags",
    story: "Mallory changes one tag that accounting reads, and adds another. Both are set back as they were.",
    operation: "labels",
    begin: async (demoWorld, key) => {
      const Tags = [{ Key: "CostCenter", Value: "cards" }];
      make(demoWorld, { by: alice, call: "TagResource", input: { ResourceArn: key, Tags } });
      await demoWorld.world.settle({ advance: true });
      demoWorld.world.clock.jump(hourMs);
      await remember(demoWorld, "tags", keySubject(key), { CostCenter: "cards" });
      const changed = ["CostCenter", "Project"].map((Key) => ({ Key, Value: "mallory" }));
      return { act: { by: mallory, call: "TagResource", input: { ResourceArn: key, Tags: changed } }, subject: key };
    },
    ...{ rule: "accounting-tags-are-set-back", outcome: "revert", entries: reverted },
    calls: { ListTagsForResource: 2, TagResource: 1, UntagResource: 1 },
  },
  {
    name: "default-regions-set",
    story: "Mallory has every new key replicated to another Region. People are notified.",
    operation: "default-regions",
    begin: async () => {
      const input = { ReplicationRegions: ["us-west-2"] };
      return { act: { by: mallory, call: "EnableDefaultKeyReplicationRegions", input }, subject: "account" };
    },
    ...{ rule: "none", outcome: "notify", entries: recorded, calls: {} },
  },
];

/** Keys that are changed otherwise than by deletion: a story for each operation that has more to it than a notice. */
export const changeScenarios: readonly Scenario[] = stories.map(play);
