import { beforeEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../local/aws/payment-cryptography/control-plane.ts";
import { operationNames, shapes } from "../../../local/aws/payment-cryptography/service-model.ts";
import { account, callerOf, here, mallory, region } from "../../../local/world/people.ts";
import { day, t0 } from "../../doubles/key-world.ts";

const caller = callerOf(mallory.accessKeyId, "test");
let now: number;
let plane: ControlPlane;

beforeEach(() => {
  now = t0;
  plane = new ControlPlane({ ...here, now: () => now, onRecord: () => {} });
});

type Answer = Record<string, unknown> & { __type?: string; Key?: Record<string, unknown> };
const call = (operation: string, body: object = {}) => plane.handle(operation, body, caller).body as Answer;
const card = {
  KeyUsage: "TR31_C0_CARD_VERIFICATION_KEY",
  KeyClass: "SYMMETRIC_KEY",
  KeyAlgorithm: "TDES_2KEY",
  KeyModesOfUse: { Generate: true, Verify: true },
};
const agreement = {
  KeyUsage: "TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT",
  KeyClass: "ASYMMETRIC_KEY_PAIR",
  KeyAlgorithm: "ECC_NIST_P256",
  KeyModesOfUse: { DeriveKey: true },
};
const create = (KeyAttributes: object, more: object = {}) =>
  call("CreateKey", { KeyAttributes, Exportable: true, ...more });

describe("a new key", () => {
  it("shows all nine modes of use, and the check value's algorithm of its own", () => {
    const { Key } = create({ ...card, KeyAlgorithm: "AES_128" });
    expect(Key).toMatchObject({
      KeyCheckValueAlgorithm: "CMAC",
      KeyAttributes: {
        KeyModesOfUse: {
          ...{ Encrypt: false, Decrypt: false, Wrap: false, Unwrap: false, Generate: true },
          ...{ Sign: false, Verify: true, DeriveKey: false, NoRestrictions: false },
        },
      },
    });
  });

  it.each([
    ["a mode that its usage does not have", { ...card, KeyModesOfUse: { Encrypt: true } }],
    ["modes of which some do not go together", { ...card, KeyModesOfUse: { Generate: true, NoRestrictions: true } }],
    ["no mode", { ...card, KeyModesOfUse: {} }],
    ["an algorithm that its usage does not have", { ...card, KeyAlgorithm: "HMAC_SHA256" }],
    ["a class that its algorithm does not have", { ...card, KeyClass: "ASYMMETRIC_KEY_PAIR" }],
    ["half a pair of keys", { ...agreement, KeyClass: "PUBLIC_KEY" }],
  ])("is refused with %s", (_, attributes) => {
    expect(create(attributes)).toMatchObject({ __type: "ValidationException" });
    expect(plane.keys()).toEqual([]);
  });

  it("keeps DeriveKeyUsage where it means something, and is refused where not", () => {
    const DeriveKeyUsage = "TR31_P0_PIN_ENCRYPTION_KEY";
    expect(create(agreement, { DeriveKeyUsage }).Key).toMatchObject({ DeriveKeyUsage });
    expect(create(card, { DeriveKeyUsage })).toMatchObject({ __type: "ValidationException" });
  });

  it("replicates to the Regions it names, or by default, or not at all", () => {
    expect(create(card).Key).not.toHaveProperty("MultiRegionKeyType");
    call("EnableDefaultKeyReplicationRegions", { ReplicationRegions: ["eu-west-1"] });
    expect(create(card).Key).toMatchObject({ UsingDefaultReplicationRegions: true });
    expect(create(agreement).Key).not.toHaveProperty("MultiRegionKeyType");
    const { Key } = create(card, { ReplicationRegions: ["us-west-2"] });
    expect(Key).toMatchObject({
      ...{ MultiRegionKeyType: "PRIMARY", UsingDefaultReplicationRegions: false },
      ReplicationStatus: { "us-west-2": { Status: "IN_PROGRESS" } },
    });
    now += 30_000;
    expect(call("GetKey", { KeyIdentifier: Key?.["KeyArn"] }).Key).toMatchObject({
      ReplicationStatus: { "us-west-2": { Status: "SYNCHRONIZED" } },
    });
    expect(create(card, { ReplicationRegions: [region] })).toMatchObject({ __type: "ValidationException" });
  });
});

describe("copies in other Regions", () => {
  it("go away some time after they were removed, and once only", () => {
    const KeyIdentifier = plane.seed();
    const ReplicationRegions = ["us-west-2"];
    const status = () => call("GetKey", { KeyIdentifier }).Key?.["ReplicationStatus"];
    call("AddKeyReplicationRegions", { KeyIdentifier, ReplicationRegions });
    expect(call("AddKeyReplicationRegions", { KeyIdentifier, ReplicationRegions }).__type).toBe("ConflictException");
    call("RemoveKeyReplicationRegions", { KeyIdentifier, ReplicationRegions });
    expect(status()).toEqual({ "us-west-2": { Status: "DELETE_IN_PROGRESS" } });
    now += 30_000;
    expect(status()).toBeUndefined();
    expect(call("RemoveKeyReplicationRegions", { KeyIdentifier, ReplicationRegions }).__type).toBe(
      "ValidationException",
    );
  });
});

describe("one Region", () => {
  it.each([
    `arn:aws:payment-cryptography:eu-west-1:${account}:alias/prod/cvk`,
    `arn:aws:payment-cryptography:us-east-1:444455556666:alias/prod/cvk`,
    `arn:aws:payment-cryptography:eu-west-1:${account}:key/kwapwa6qaifllw2h`,
  ])("does not know %s", (KeyIdentifier) => {
    plane.seed({ keyId: "kwapwa6qaifllw2h", alias: "alias/prod/cvk" });
    expect(call("GetKey", { KeyIdentifier })).toEqual({
      __type: "ResourceNotFoundException",
      ResourceId: KeyIdentifier,
    });
  });
});

describe("a pending key", () => {
  it("keeps its tags: they are frozen until it is restored", () => {
    const ResourceArn = plane.seed({ tags: { a: "1" } });
    call("DeleteKey", { KeyIdentifier: ResourceArn });
    const Tags = [{ Key: "b", Value: "2" }];
    expect(call("TagResource", { ResourceArn, Tags }).__type).toBe("ConflictException");
    expect(call("UntagResource", { ResourceArn, TagKeys: ["a"] }).__type).toBe("ConflictException");
    expect(call("ListTagsForResource", { ResourceArn })["Tags"]).toEqual([{ Key: "a", Value: "1" }]);
    call("RestoreKey", { KeyIdentifier: ResourceArn });
    expect(call("TagResource", { ResourceArn, Tags })).toEqual({});
  });

  it.each([true, false])("is disabled by its deletion: %j, whatever the world's switch says", (deletionDisables) => {
    for (const worlds of [true, false]) {
      plane.settings.deletionDisablesKey = worlds;
      const KeyIdentifier = plane.seed({ deletionDisables });
      expect(call("DeleteKey", { KeyIdentifier }).Key).toMatchObject({ Enabled: !deletionDisables });
      expect(call("DeleteKey", { KeyIdentifier: plane.seed() }).Key).toMatchObject({ Enabled: !worlds });
    }
  });
});

describe("an exchange of keys", () => {
  const wrapped = (KeyIdentifier: string, wrapping: string) =>
    call("ExportKey", {
      ExportKeyIdentifier: KeyIdentifier,
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: wrapping } },
    });

  it("gives back the key that went out", () => {
    const wrapping = plane.seed({ usage: "TR31_K1_KEY_BLOCK_PROTECTION_KEY", algorithm: "AES_128" });
    const KeyIdentifier = plane.seed({ usage: "TR31_P0_PIN_ENCRYPTION_KEY", algorithm: "TDES_3KEY" });
    const { WrappedKey } = wrapped(KeyIdentifier, wrapping) as unknown as { WrappedKey: { KeyMaterial: string } };
    const Tr31KeyBlock = { WrappingKeyIdentifier: wrapping, WrappedKeyBlock: WrappedKey.KeyMaterial };
    const { Key } = call("ImportKey", { KeyMaterial: { Tr31KeyBlock } });
    const { KeyAttributes, KeyCheckValue, KeyCheckValueAlgorithm } = call("GetKey", { KeyIdentifier }).Key ?? {};
    expect(Key).toMatchObject({ KeyAttributes, KeyCheckValue, KeyCheckValueAlgorithm, KeyOrigin: "EXTERNAL" });
    const WrappedKeyBlock = "A".repeat(60);
    const forged = { KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: wrapping, WrappedKeyBlock } } };
    expect(call("ImportKey", forged).__type).toBe("ValidationException");
  });

  it("needs an exportable, enabled key, and one that wraps", () => {
    const wrapping = plane.seed({ usage: "TR31_K0_KEY_ENCRYPTION_KEY" });
    const stopped = plane.seed({ stoppedAt: t0 - day });
    const sealed = String(create(card, { Exportable: false }).Key?.["KeyArn"]);
    expect(wrapped(stopped, wrapping).__type).toBe("ConflictException");
    expect(wrapped(sealed, wrapping).__type).toBe("ValidationException");
    expect(wrapped(plane.seed(), plane.seed()).__type).toBe("ValidationException");
  });

  it("by token ends after thirty days, and a token is given out again on demand only", () => {
    const asked = { KeyMaterialType: "KEY_CRYPTOGRAM", WrappingKeyAlgorithm: "RSA_2048" };
    const { ImportToken } = call("GetParametersForImport", asked);
    expect(call("GetParametersForImport", asked)["ImportToken"]).not.toBe(ImportToken);
    const KeyMaterial = {
      KeyCryptogram: { KeyAttributes: card, Exportable: true, WrappedKeyCryptogram: "A".repeat(16), ImportToken },
    };
    now += 30 * day - 1;
    expect(call("ImportKey", { KeyMaterial }).Key).toMatchObject({ KeyOrigin: "EXTERNAL" });
    now += 1;
    expect(call("ImportKey", { KeyMaterial }).__type).toBe("ValidationException");
  });
});

describe("the model", () => {
  it.each(operationNames)("guards %s against members it does not have", (operation) => {
    expect(call(operation, { MadeUp: 1 })).toMatchObject({
      __type: "ValidationException",
      Message: expect.stringContaining("'madeUp' is not a member"),
    });
  });

  it("guards unions, maps and sensitive values", () => {
    const Tr31KeyBlock = { WrappingKeyIdentifier: "alias/a" };
    const exported = (KeyMaterial: object) => call("ExportKey", { ExportKeyIdentifier: "alias/a", KeyMaterial });
    const message = (answer: Answer) => String(answer["Message"]);
    const As2805KeyCryptogram = { ...Tr31KeyBlock, As2805KeyVariant: "TERMINAL_MAJOR_KEY_VARIANT_00" };
    expect(message(exported({}))).toContain("'keyMaterial' must hold exactly one of");
    expect(message(exported({ Tr31KeyBlock, As2805KeyCryptogram }))).toContain("must hold exactly one of");
    const KeyBlockHeaders = { KeyVersion: "0", OptionalBlocks: { "1": "x", AB: "secret value" } };
    const faults = message(exported({ Tr31KeyBlock: { ...Tr31KeyBlock, KeyBlockHeaders } }));
    expect(faults).toContain("5 validation errors");
    expect(faults).not.toContain("secret value");
  });

  it("has patterns that JavaScript understands", () => {
    const OptionalBlocks = { AB: "x" };
    const Tr31KeyBlock = { WrappingKeyIdentifier: "alias/a", KeyBlockHeaders: { KeyVersion: "00", OptionalBlocks } };
    const answer = call("ExportKey", { ExportKeyIdentifier: "alias/none", KeyMaterial: { Tr31KeyBlock } });
    expect(answer.__type).toBe("ResourceNotFoundException");
    for (const { pattern } of Object.values(shapes))
      if (pattern !== undefined) expect(() => new RegExp(pattern.replaceAll("}+", "}"))).not.toThrow();
  });
});
