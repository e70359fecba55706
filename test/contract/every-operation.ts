import { expect } from "vitest";
import type { Operations } from "../../lib/aws/payment-cryptography/api.ts";
import type { ControlPlane } from "../../local/aws/payment-cryptography/control-plane.ts";

/** ARNs of the keys that the examples are about. */
export interface ExampleKeys {
  readonly card: string;
  readonly pending: string;
  readonly wrapping: string;
  readonly pair: string;
  readonly primary: string;
}

/** Seeds the keys of the examples. */
export function seedExamples(plane: ControlPlane): ExampleKeys {
  return {
    card: plane.seed({ keyId: "examplecardkey001", alias: "alias/card", tags: { Environment: "prod" } }),
    pending: plane.seed({ keyId: "examplependingkey" }),
    wrapping: plane.seed({ keyId: "examplewrapping01", usage: "TR31_K0_KEY_ENCRYPTION_KEY" }),
    pair: plane.seed({
      ...{ keyId: "examplekeypair001", usage: "TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE" },
      algorithm: "RSA_2048",
    }),
    primary: plane.seed({ keyId: "exampleprimary001" }),
  };
}

const expectDate: unknown = expect.any(Date);
const expectText: unknown = expect.any(String);
const Policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "444455556666" }, Action: "payment-cryptography:GetKey", Resource: "*" },
  ],
});
const attributes: Operations["CreateKey"]["input"]["KeyAttributes"] = {
  KeyUsage: "TR31_C0_CARD_VERIFICATION_KEY",
  KeyClass: "SYMMETRIC_KEY",
  KeyAlgorithm: "TDES_2KEY",
  KeyModesOfUse: { Generate: true, Verify: true },
};
const certificate: Operations["ImportKey"]["input"] = {
  KeyMaterial: {
    RootCertificatePublicKey: {
      KeyAttributes: {
        KeyUsage: "TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE",
        KeyClass: "PUBLIC_KEY",
        KeyAlgorithm: "RSA_2048",
        KeyModesOfUse: { Verify: true },
      },
      PublicKeyCertificate: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t",
    },
  },
};
const MpaTeamArn = "arn:aws:mpa:us-east-1:111122223333:approval-team/custodians";
const Action = "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";

type Example<Name extends keyof Operations> = readonly [
  operation: Name,
  input: Operations[Name]["input"],
  /** Part of what is answered. */
  output: object,
];
type AnyExample = { readonly [Name in keyof Operations]: Example<Name> }[keyof Operations];

/** One call of each operation, in an order in which each succeeds once, with part of what it answers. */
export function examplesFor({ card, pending, wrapping, pair, primary }: ExampleKeys): readonly AnyExample[] {
  const ReplicationRegions = ["us-west-2"];
  const created = { Exportable: true, KeyState: "CREATE_COMPLETE", Enabled: true };
  return [
    [
      "CreateKey",
      { KeyAttributes: attributes, Exportable: true },
      { Key: { ...created, UsageStartTimestamp: expectDate } },
    ],
    ["GetKey", { KeyIdentifier: "alias/card" }, { Key: { KeyArn: card, CreateTimestamp: expectDate } }],
    ["ListKeys", { MaxResults: 2 }, { NextToken: expectText }],
    ["CreateAlias", { AliasName: "alias/new", KeyArn: card }, { Alias: { AliasName: "alias/new", KeyArn: card } }],
    ["GetAlias", { AliasName: "alias/new" }, { Alias: { AliasName: "alias/new", KeyArn: card } }],
    ["UpdateAlias", { AliasName: "alias/new" }, { Alias: { AliasName: "alias/new" } }],
    ["ListAliases", { KeyArn: card }, { Aliases: [{ AliasName: "alias/card", KeyArn: card }] }],
    ["DeleteAlias", { AliasName: "alias/new" }, {}],
    ["TagResource", { ResourceArn: card, Tags: [{ Key: "a", Value: "1" }] }, {}],
    ["UntagResource", { ResourceArn: card, TagKeys: ["a"] }, {}],
    ["ListTagsForResource", { ResourceArn: card }, { Tags: [{ Key: "Environment", Value: "prod" }] }],
    ["StopKeyUsage", { KeyIdentifier: card }, { Key: { Enabled: false, UsageStopTimestamp: expectDate } }],
    ["StartKeyUsage", { KeyIdentifier: card }, { Key: { Enabled: true } }],
    ["DeleteKey", { KeyIdentifier: pending, DeleteKeyInDays: 3 }, { Key: { KeyState: "DELETE_PENDING" } }],
    ["RestoreKey", { KeyIdentifier: pending }, { Key: { KeyState: "CREATE_COMPLETE" } }],
    ["PutResourcePolicy", { ResourceArn: card, Policy }, { ResourceArn: card, Policy }],
    ["GetResourcePolicy", { ResourceArn: card }, { ResourceArn: card, Policy }],
    ["DeleteResourcePolicy", { ResourceArn: card }, {}],
    [
      "AddKeyReplicationRegions",
      { KeyIdentifier: primary, ReplicationRegions },
      { Key: { MultiRegionKeyType: "PRIMARY", ReplicationStatus: { "us-west-2": { Status: "IN_PROGRESS" } } } },
    ],
    [
      "RemoveKeyReplicationRegions",
      { KeyIdentifier: primary, ReplicationRegions },
      { Key: { ReplicationStatus: { "us-west-2": { Status: "DELETE_IN_PROGRESS" } } } },
    ],
    [
      "EnableDefaultKeyReplicationRegions",
      { ReplicationRegions: ["us-west-2", "eu-west-1"] },
      { EnabledReplicationRegions: ["us-west-2", "eu-west-1"] },
    ],
    ["DisableDefaultKeyReplicationRegions", { ReplicationRegions }, { EnabledReplicationRegions: ["eu-west-1"] }],
    ["GetDefaultKeyReplicationRegions", {}, { EnabledReplicationRegions: ["eu-west-1"] }],
    ["AssociateMpaTeam", { Action, MpaTeamArn }, { MpaTeamAssociation: { AssociationState: "ACTIVE", MpaTeamArn } }],
    ["GetMpaTeamAssociation", { Action }, { MpaTeamAssociation: { Action, MpaTeamArn } }],
    ["ImportKey", certificate, { Key: { KeyOrigin: "EXTERNAL", MpaStatus: { InitiationDate: expectDate } } }],
    [
      "DisassociateMpaTeam",
      { Action, RequesterComment: "CHG-9" },
      { MpaTeamAssociation: { AssociationState: "DELETE_PENDING", MpaStatus: { InitiationDate: expectDate } } },
    ],
    [
      "ExportKey",
      { ExportKeyIdentifier: card, KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: wrapping } } },
      { WrappedKey: { WrappingKeyArn: wrapping, WrappedKeyMaterialFormat: "TR31_KEY_BLOCK" } },
    ],
    [
      "GetParametersForExport",
      { KeyMaterialType: "TR34_KEY_BLOCK", SigningKeyAlgorithm: "RSA_2048" },
      { SigningKeyAlgorithm: "RSA_2048", ParametersValidUntilTimestamp: expectDate },
    ],
    [
      "GetParametersForImport",
      { KeyMaterialType: "KEY_CRYPTOGRAM", WrappingKeyAlgorithm: "RSA_4096" },
      { WrappingKeyAlgorithm: "RSA_4096", ParametersValidUntilTimestamp: expectDate },
    ],
    ["GetPublicKeyCertificate", { KeyIdentifier: pair }, { KeyCertificate: expectText }],
    [
      "GetCertificateSigningRequest",
      { KeyIdentifier: pair, SigningAlgorithm: "SHA256", CertificateSubject: { CommonName: "payments" } },
      { CertificateSigningRequest: expectText },
    ],
  ];
}
