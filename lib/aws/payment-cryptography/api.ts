// Made by scripts/extract-service-model.ts from AWS's API model; do not edit.

/** Input and output of each of the 32 operations; times are `Date`s. */

export interface Operations {
  readonly AddKeyReplicationRegions: {
    readonly input: AddKeyReplicationRegionsInput;
    readonly output: AddKeyReplicationRegionsOutput;
  };
  readonly AssociateMpaTeam: { readonly input: AssociateMpaTeamInput; readonly output: AssociateMpaTeamOutput };
  readonly CreateAlias: { readonly input: CreateAliasInput; readonly output: CreateAliasOutput };
  readonly CreateKey: { readonly input: CreateKeyInput; readonly output: CreateKeyOutput };
  readonly DeleteAlias: { readonly input: DeleteAliasInput; readonly output: DeleteAliasOutput };
  readonly DeleteKey: { readonly input: DeleteKeyInput; readonly output: DeleteKeyOutput };
  readonly DeleteResourcePolicy: {
    readonly input: DeleteResourcePolicyInput;
    readonly output: DeleteResourcePolicyOutput;
  };
  readonly DisableDefaultKeyReplicationRegions: {
    readonly input: DisableDefaultKeyReplicationRegionsInput;
    readonly output: DisableDefaultKeyReplicationRegionsOutput;
  };
  readonly DisassociateMpaTeam: {
    readonly input: DisassociateMpaTeamInput;
    readonly output: DisassociateMpaTeamOutput;
  };
  readonly EnableDefaultKeyReplicationRegions: {
    readonly input: EnableDefaultKeyReplicationRegionsInput;
    readonly output: EnableDefaultKeyReplicationRegionsOutput;
  };
  readonly ExportKey: { readonly input: ExportKeyInput; readonly output: ExportKeyOutput };
  readonly GetAlias: { readonly input: GetAliasInput; readonly output: GetAliasOutput };
  readonly GetCertificateSigningRequest: {
    readonly input: GetCertificateSigningRequestInput;
    readonly output: GetCertificateSigningRequestOutput;
  };
  readonly GetDefaultKeyReplicationRegions: {
    readonly input: GetDefaultKeyReplicationRegionsInput;
    readonly output: GetDefaultKeyReplicationRegionsOutput;
  };
  readonly GetKey: { readonly input: GetKeyInput; readonly output: GetKeyOutput };
  readonly GetMpaTeamAssociation: {
    readonly input: GetMpaTeamAssociationInput;
    readonly output: GetMpaTeamAssociationOutput;
  };
  readonly GetParametersForExport: {
    readonly input: GetParametersForExportInput;
    readonly output: GetParametersForExportOutput;
  };
  readonly GetParametersForImport: {
    readonly input: GetParametersForImportInput;
    readonly output: GetParametersForImportOutput;
  };
  readonly GetPublicKeyCertificate: {
    readonly input: GetPublicKeyCertificateInput;
    readonly output: GetPublicKeyCertificateOutput;
  };
  readonly GetResourcePolicy: { readonly input: GetResourcePolicyInput; readonly output: GetResourcePolicyOutput };
  readonly ImportKey: { readonly input: ImportKeyInput; readonly output: ImportKeyOutput };
  readonly ListAliases: { readonly input: ListAliasesInput; readonly output: ListAliasesOutput };
  readonly ListKeys: { readonly input: ListKeysInput; readonly output: ListKeysOutput };
  readonly ListTagsForResource: {
    readonly input: ListTagsForResourceInput;
    readonly output: ListTagsForResourceOutput;
  };
  readonly PutResourcePolicy: { readonly input: PutResourcePolicyInput; readonly output: PutResourcePolicyOutput };
  readonly RemoveKeyReplicationRegions: {
    readonly input: RemoveKeyReplicationRegionsInput;
    readonly output: RemoveKeyReplicationRegionsOutput;
  };
  readonly RestoreKey: { readonly input: RestoreKeyInput; readonly output: RestoreKeyOutput };
  readonly StartKeyUsage: { readonly input: StartKeyUsageInput; readonly output: StartKeyUsageOutput };
  readonly StopKeyUsage: { readonly input: StopKeyUsageInput; readonly output: StopKeyUsageOutput };
  readonly TagResource: { readonly input: TagResourceInput; readonly output: TagResourceOutput };
  readonly UntagResource: { readonly input: UntagResourceInput; readonly output: UntagResourceOutput };
  readonly UpdateAlias: { readonly input: UpdateAliasInput; readonly output: UpdateAliasOutput };
}

interface AddKeyReplicationRegionsInput {
  readonly KeyIdentifier: string;
  readonly ReplicationRegions: readonly string[];
}

interface AddKeyReplicationRegionsOutput {
  readonly Key: Key;
}

interface Alias {
  readonly AliasName: string;
  readonly KeyArn?: string | undefined;
}

interface AssociateMpaTeamInput {
  readonly Action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
  readonly MpaTeamArn: string;
  readonly RequesterComment?: string | undefined;
}

interface AssociateMpaTeamOutput {
  readonly MpaTeamAssociation: MpaTeamAssociation;
}

interface CertificateSubjectType {
  readonly CommonName: string;
  readonly OrganizationUnit?: string | undefined;
  readonly Organization?: string | undefined;
  readonly City?: string | undefined;
  readonly Country?: string | undefined;
  readonly StateOrProvince?: string | undefined;
  readonly EmailAddress?: string | undefined;
}

interface CreateAliasInput {
  readonly AliasName: string;
  readonly KeyArn?: string | undefined;
}

interface CreateAliasOutput {
  readonly Alias: Alias;
}

interface CreateKeyInput {
  readonly KeyAttributes: KeyAttributes;
  readonly KeyCheckValueAlgorithm?: "CMAC" | "ANSI_X9_24" | "HMAC" | "SHA_1" | undefined;
  readonly Exportable: boolean;
  readonly Enabled?: boolean | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly DeriveKeyUsage?:
    | "TR31_B0_BASE_DERIVATION_KEY"
    | "TR31_C0_CARD_VERIFICATION_KEY"
    | "TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY"
    | "TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS"
    | "TR31_E1_EMV_MKEY_CONFIDENTIALITY"
    | "TR31_E2_EMV_MKEY_INTEGRITY"
    | "TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS"
    | "TR31_E5_EMV_MKEY_CARD_PERSONALIZATION"
    | "TR31_E6_EMV_MKEY_OTHER"
    | "TR31_K0_KEY_ENCRYPTION_KEY"
    | "TR31_K1_KEY_BLOCK_PROTECTION_KEY"
    | "TR31_M3_ISO_9797_3_MAC_KEY"
    | "TR31_M1_ISO_9797_1_MAC_KEY"
    | "TR31_M6_ISO_9797_5_CMAC_KEY"
    | "TR31_M7_HMAC_KEY"
    | "TR31_P0_PIN_ENCRYPTION_KEY"
    | "TR31_P1_PIN_GENERATION_KEY"
    | "TR31_V1_IBM3624_PIN_VERIFICATION_KEY"
    | "TR31_V2_VISA_PIN_VERIFICATION_KEY"
    | undefined;
  readonly ReplicationRegions?: readonly string[] | undefined;
}

interface CreateKeyOutput {
  readonly Key: Key;
}

interface DeleteAliasInput {
  readonly AliasName: string;
}

type DeleteAliasOutput = Readonly<Record<string, never>>;

interface DeleteKeyInput {
  readonly KeyIdentifier: string;
  readonly DeleteKeyInDays?: number | undefined;
}

interface DeleteKeyOutput {
  readonly Key: Key;
}

interface DeleteResourcePolicyInput {
  readonly ResourceArn: string;
}

type DeleteResourcePolicyOutput = Readonly<Record<string, never>>;

type DiffieHellmanDerivationData = { readonly SharedInformation: string };

interface DisableDefaultKeyReplicationRegionsInput {
  readonly ReplicationRegions: readonly string[];
}

interface DisableDefaultKeyReplicationRegionsOutput {
  readonly EnabledReplicationRegions: readonly string[];
}

interface DisassociateMpaTeamInput {
  readonly Action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
  readonly RequesterComment?: string | undefined;
}

interface DisassociateMpaTeamOutput {
  readonly MpaTeamAssociation: MpaTeamAssociation;
}

interface EnableDefaultKeyReplicationRegionsInput {
  readonly ReplicationRegions: readonly string[];
}

interface EnableDefaultKeyReplicationRegionsOutput {
  readonly EnabledReplicationRegions: readonly string[];
}

interface ExportAs2805KeyCryptogram {
  readonly WrappingKeyIdentifier: string;
  readonly As2805KeyVariant:
    | "TERMINAL_MAJOR_KEY_VARIANT_00"
    | "PIN_ENCRYPTION_KEY_VARIANT_28"
    | "MESSAGE_AUTHENTICATION_KEY_VARIANT_24"
    | "DATA_ENCRYPTION_KEY_VARIANT_22";
}

interface ExportAttributes {
  readonly ExportDukptInitialKey?: ExportDukptInitialKey | undefined;
  readonly KeyCheckValueAlgorithm?: "CMAC" | "ANSI_X9_24" | "HMAC" | "SHA_1" | undefined;
}

interface ExportDiffieHellmanTr31KeyBlock {
  readonly PrivateKeyIdentifier: string;
  readonly CertificateAuthorityPublicKeyIdentifier: string;
  readonly PublicKeyCertificate: string;
  readonly DeriveKeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224";
  readonly KeyDerivationFunction: "NIST_SP800" | "ANSI_X963";
  readonly KeyDerivationHashAlgorithm: "SHA_256" | "SHA_384" | "SHA_512";
  readonly DerivationData: DiffieHellmanDerivationData;
  readonly KeyBlockHeaders?: KeyBlockHeaders | undefined;
}

interface ExportDukptInitialKey {
  readonly KeySerialNumber: string;
}

interface ExportKeyCryptogram {
  readonly CertificateAuthorityPublicKeyIdentifier: string;
  readonly WrappingKeyCertificate: string;
  readonly WrappingSpec?: "RSA_OAEP_SHA_256" | "RSA_OAEP_SHA_512" | undefined;
}

interface ExportKeyInput {
  readonly KeyMaterial: ExportKeyMaterial;
  readonly ExportKeyIdentifier: string;
  readonly ExportAttributes?: ExportAttributes | undefined;
}

type ExportKeyMaterial =
  | { readonly Tr31KeyBlock: ExportTr31KeyBlock }
  | { readonly Tr34KeyBlock: ExportTr34KeyBlock }
  | { readonly KeyCryptogram: ExportKeyCryptogram }
  | { readonly DiffieHellmanTr31KeyBlock: ExportDiffieHellmanTr31KeyBlock }
  | { readonly As2805KeyCryptogram: ExportAs2805KeyCryptogram };

interface ExportKeyOutput {
  readonly WrappedKey?: WrappedKey | undefined;
}

interface ExportTr31KeyBlock {
  readonly WrappingKeyIdentifier: string;
  readonly KeyBlockHeaders?: KeyBlockHeaders | undefined;
}

interface ExportTr34KeyBlock {
  readonly CertificateAuthorityPublicKeyIdentifier: string;
  readonly WrappingKeyCertificate: string;
  readonly ExportToken?: string | undefined;
  readonly SigningKeyIdentifier?: string | undefined;
  readonly SigningKeyCertificate?: string | undefined;
  readonly KeyBlockFormat: "X9_TR34_2012";
  readonly RandomNonce?: string | undefined;
  readonly KeyBlockHeaders?: KeyBlockHeaders | undefined;
}

interface GetAliasInput {
  readonly AliasName: string;
}

interface GetAliasOutput {
  readonly Alias: Alias;
}

interface GetCertificateSigningRequestInput {
  readonly KeyIdentifier: string;
  readonly SigningAlgorithm: "SHA224" | "SHA256" | "SHA384" | "SHA512";
  readonly CertificateSubject: CertificateSubjectType;
}

interface GetCertificateSigningRequestOutput {
  readonly CertificateSigningRequest: string;
}

type GetDefaultKeyReplicationRegionsInput = Readonly<Record<string, never>>;

interface GetDefaultKeyReplicationRegionsOutput {
  readonly EnabledReplicationRegions: readonly string[];
}

interface GetKeyInput {
  readonly KeyIdentifier: string;
}

interface GetKeyOutput {
  readonly Key: Key;
}

interface GetMpaTeamAssociationInput {
  readonly Action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
}

interface GetMpaTeamAssociationOutput {
  readonly MpaTeamAssociation: MpaTeamAssociation;
}

interface GetParametersForExportInput {
  readonly KeyMaterialType:
    | "TR34_KEY_BLOCK"
    | "TR31_KEY_BLOCK"
    | "ROOT_PUBLIC_KEY_CERTIFICATE"
    | "TRUSTED_PUBLIC_KEY_CERTIFICATE"
    | "KEY_CRYPTOGRAM";
  readonly SigningKeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224"
    | "RSA_2048"
    | "RSA_3072"
    | "RSA_4096"
    | "ECC_NIST_P256"
    | "ECC_NIST_P384"
    | "ECC_NIST_P521";
  readonly ReuseLastGeneratedToken?: boolean | undefined;
}

interface GetParametersForExportOutput {
  readonly SigningKeyCertificate: string;
  readonly SigningKeyCertificateChain: string;
  readonly SigningKeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224"
    | "RSA_2048"
    | "RSA_3072"
    | "RSA_4096"
    | "ECC_NIST_P256"
    | "ECC_NIST_P384"
    | "ECC_NIST_P521";
  readonly ExportToken: string;
  readonly ParametersValidUntilTimestamp: Date;
}

interface GetParametersForImportInput {
  readonly KeyMaterialType:
    | "TR34_KEY_BLOCK"
    | "TR31_KEY_BLOCK"
    | "ROOT_PUBLIC_KEY_CERTIFICATE"
    | "TRUSTED_PUBLIC_KEY_CERTIFICATE"
    | "KEY_CRYPTOGRAM";
  readonly WrappingKeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224"
    | "RSA_2048"
    | "RSA_3072"
    | "RSA_4096"
    | "ECC_NIST_P256"
    | "ECC_NIST_P384"
    | "ECC_NIST_P521";
  readonly ReuseLastGeneratedToken?: boolean | undefined;
}

interface GetParametersForImportOutput {
  readonly WrappingKeyCertificate: string;
  readonly WrappingKeyCertificateChain: string;
  readonly WrappingKeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224"
    | "RSA_2048"
    | "RSA_3072"
    | "RSA_4096"
    | "ECC_NIST_P256"
    | "ECC_NIST_P384"
    | "ECC_NIST_P521";
  readonly ImportToken: string;
  readonly ParametersValidUntilTimestamp: Date;
}

interface GetPublicKeyCertificateInput {
  readonly KeyIdentifier: string;
}

interface GetPublicKeyCertificateOutput {
  readonly KeyCertificate: string;
  readonly KeyCertificateChain: string;
}

interface GetResourcePolicyInput {
  readonly ResourceArn: string;
}

interface GetResourcePolicyOutput {
  readonly ResourceArn: string;
  readonly Policy: string;
}

interface ImportAs2805KeyCryptogram {
  readonly As2805KeyVariant:
    | "TERMINAL_MAJOR_KEY_VARIANT_00"
    | "PIN_ENCRYPTION_KEY_VARIANT_28"
    | "MESSAGE_AUTHENTICATION_KEY_VARIANT_24"
    | "DATA_ENCRYPTION_KEY_VARIANT_22";
  readonly KeyModesOfUse: KeyModesOfUse;
  readonly KeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224"
    | "RSA_2048"
    | "RSA_3072"
    | "RSA_4096"
    | "ECC_NIST_P256"
    | "ECC_NIST_P384"
    | "ECC_NIST_P521";
  readonly Exportable: boolean;
  readonly WrappingKeyIdentifier: string;
  readonly WrappedKeyCryptogram: string;
}

interface ImportDiffieHellmanTr31KeyBlock {
  readonly PrivateKeyIdentifier: string;
  readonly CertificateAuthorityPublicKeyIdentifier: string;
  readonly PublicKeyCertificate: string;
  readonly DeriveKeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224";
  readonly KeyDerivationFunction: "NIST_SP800" | "ANSI_X963";
  readonly KeyDerivationHashAlgorithm: "SHA_256" | "SHA_384" | "SHA_512";
  readonly DerivationData: DiffieHellmanDerivationData;
  readonly WrappedKeyBlock: string;
}

interface ImportKeyCryptogram {
  readonly KeyAttributes: KeyAttributes;
  readonly Exportable: boolean;
  readonly WrappedKeyCryptogram: string;
  readonly ImportToken: string;
  readonly WrappingSpec?: "RSA_OAEP_SHA_256" | "RSA_OAEP_SHA_512" | undefined;
}

interface ImportKeyInput {
  readonly KeyMaterial: ImportKeyMaterial;
  readonly KeyCheckValueAlgorithm?: "CMAC" | "ANSI_X9_24" | "HMAC" | "SHA_1" | undefined;
  readonly Enabled?: boolean | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly ReplicationRegions?: readonly string[] | undefined;
  readonly RequesterComment?: string | undefined;
}

type ImportKeyMaterial =
  | { readonly RootCertificatePublicKey: RootCertificatePublicKey }
  | { readonly TrustedCertificatePublicKey: TrustedCertificatePublicKey }
  | { readonly Tr31KeyBlock: ImportTr31KeyBlock }
  | { readonly Tr34KeyBlock: ImportTr34KeyBlock }
  | { readonly KeyCryptogram: ImportKeyCryptogram }
  | { readonly DiffieHellmanTr31KeyBlock: ImportDiffieHellmanTr31KeyBlock }
  | { readonly As2805KeyCryptogram: ImportAs2805KeyCryptogram };

interface ImportKeyOutput {
  readonly Key: Key;
}

interface ImportTr31KeyBlock {
  readonly WrappingKeyIdentifier: string;
  readonly WrappedKeyBlock: string;
}

interface ImportTr34KeyBlock {
  readonly CertificateAuthorityPublicKeyIdentifier: string;
  readonly SigningKeyCertificate: string;
  readonly ImportToken?: string | undefined;
  readonly WrappingKeyIdentifier?: string | undefined;
  readonly WrappingKeyCertificate?: string | undefined;
  readonly WrappedKeyBlock: string;
  readonly KeyBlockFormat: "X9_TR34_2012";
  readonly RandomNonce?: string | undefined;
}

interface Key {
  readonly KeyArn: string;
  readonly KeyAttributes: KeyAttributes;
  readonly KeyCheckValue: string;
  readonly KeyCheckValueAlgorithm: "CMAC" | "ANSI_X9_24" | "HMAC" | "SHA_1";
  readonly Enabled: boolean;
  readonly Exportable: boolean;
  readonly KeyState: "CREATE_IN_PROGRESS" | "CREATE_COMPLETE" | "DELETE_PENDING" | "DELETE_COMPLETE";
  readonly KeyOrigin: "EXTERNAL" | "AWS_PAYMENT_CRYPTOGRAPHY";
  readonly CreateTimestamp: Date;
  readonly UsageStartTimestamp?: Date | undefined;
  readonly UsageStopTimestamp?: Date | undefined;
  readonly DeletePendingTimestamp?: Date | undefined;
  readonly DeleteTimestamp?: Date | undefined;
  readonly DeriveKeyUsage?:
    | "TR31_B0_BASE_DERIVATION_KEY"
    | "TR31_C0_CARD_VERIFICATION_KEY"
    | "TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY"
    | "TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS"
    | "TR31_E1_EMV_MKEY_CONFIDENTIALITY"
    | "TR31_E2_EMV_MKEY_INTEGRITY"
    | "TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS"
    | "TR31_E5_EMV_MKEY_CARD_PERSONALIZATION"
    | "TR31_E6_EMV_MKEY_OTHER"
    | "TR31_K0_KEY_ENCRYPTION_KEY"
    | "TR31_K1_KEY_BLOCK_PROTECTION_KEY"
    | "TR31_M3_ISO_9797_3_MAC_KEY"
    | "TR31_M1_ISO_9797_1_MAC_KEY"
    | "TR31_M6_ISO_9797_5_CMAC_KEY"
    | "TR31_M7_HMAC_KEY"
    | "TR31_P0_PIN_ENCRYPTION_KEY"
    | "TR31_P1_PIN_GENERATION_KEY"
    | "TR31_V1_IBM3624_PIN_VERIFICATION_KEY"
    | "TR31_V2_VISA_PIN_VERIFICATION_KEY"
    | undefined;
  readonly MultiRegionKeyType?: "PRIMARY" | "REPLICA" | undefined;
  readonly PrimaryRegion?: string | undefined;
  readonly ReplicationStatus?: Readonly<Record<string, ReplicationStatusType>> | undefined;
  readonly UsingDefaultReplicationRegions?: boolean | undefined;
  readonly MpaStatus?: MpaStatus | undefined;
}

interface KeyAttributes {
  readonly KeyUsage:
    | "TR31_B0_BASE_DERIVATION_KEY"
    | "TR31_C0_CARD_VERIFICATION_KEY"
    | "TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY"
    | "TR31_D1_ASYMMETRIC_KEY_FOR_DATA_ENCRYPTION"
    | "TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS"
    | "TR31_E1_EMV_MKEY_CONFIDENTIALITY"
    | "TR31_E2_EMV_MKEY_INTEGRITY"
    | "TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS"
    | "TR31_E5_EMV_MKEY_CARD_PERSONALIZATION"
    | "TR31_E6_EMV_MKEY_OTHER"
    | "TR31_K0_KEY_ENCRYPTION_KEY"
    | "TR31_K1_KEY_BLOCK_PROTECTION_KEY"
    | "TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT"
    | "TR31_M0_ISO_16609_MAC_KEY"
    | "TR31_M3_ISO_9797_3_MAC_KEY"
    | "TR31_M1_ISO_9797_1_MAC_KEY"
    | "TR31_M6_ISO_9797_5_CMAC_KEY"
    | "TR31_M7_HMAC_KEY"
    | "TR31_P0_PIN_ENCRYPTION_KEY"
    | "TR31_P1_PIN_GENERATION_KEY"
    | "TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE"
    | "TR31_V1_IBM3624_PIN_VERIFICATION_KEY"
    | "TR31_V2_VISA_PIN_VERIFICATION_KEY"
    | "TR31_K2_TR34_ASYMMETRIC_KEY";
  readonly KeyClass: "SYMMETRIC_KEY" | "ASYMMETRIC_KEY_PAIR" | "PRIVATE_KEY" | "PUBLIC_KEY";
  readonly KeyAlgorithm:
    | "TDES_2KEY"
    | "TDES_3KEY"
    | "AES_128"
    | "AES_192"
    | "AES_256"
    | "HMAC_SHA256"
    | "HMAC_SHA384"
    | "HMAC_SHA512"
    | "HMAC_SHA224"
    | "RSA_2048"
    | "RSA_3072"
    | "RSA_4096"
    | "ECC_NIST_P256"
    | "ECC_NIST_P384"
    | "ECC_NIST_P521";
  readonly KeyModesOfUse: KeyModesOfUse;
}

interface KeyBlockHeaders {
  readonly KeyModesOfUse?: KeyModesOfUse | undefined;
  readonly KeyExportability?: "EXPORTABLE" | "NON_EXPORTABLE" | "SENSITIVE" | undefined;
  readonly KeyVersion?: string | undefined;
  readonly OptionalBlocks?: Readonly<Record<string, string>> | undefined;
}

interface KeyModesOfUse {
  readonly Encrypt?: boolean | undefined;
  readonly Decrypt?: boolean | undefined;
  readonly Wrap?: boolean | undefined;
  readonly Unwrap?: boolean | undefined;
  readonly Generate?: boolean | undefined;
  readonly Sign?: boolean | undefined;
  readonly Verify?: boolean | undefined;
  readonly DeriveKey?: boolean | undefined;
  readonly NoRestrictions?: boolean | undefined;
}

interface KeySummary {
  readonly KeyArn: string;
  readonly KeyState: "CREATE_IN_PROGRESS" | "CREATE_COMPLETE" | "DELETE_PENDING" | "DELETE_COMPLETE";
  readonly KeyAttributes: KeyAttributes;
  readonly KeyCheckValue: string;
  readonly Exportable: boolean;
  readonly Enabled: boolean;
  readonly MultiRegionKeyType?: "PRIMARY" | "REPLICA" | undefined;
  readonly PrimaryRegion?: string | undefined;
}

interface ListAliasesInput {
  readonly KeyArn?: string | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

interface ListAliasesOutput {
  readonly Aliases: readonly Alias[];
  readonly NextToken?: string | undefined;
}

interface ListKeysInput {
  readonly KeyState?: "CREATE_IN_PROGRESS" | "CREATE_COMPLETE" | "DELETE_PENDING" | "DELETE_COMPLETE" | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

interface ListKeysOutput {
  readonly Keys: readonly KeySummary[];
  readonly NextToken?: string | undefined;
}

interface ListTagsForResourceInput {
  readonly ResourceArn: string;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

interface ListTagsForResourceOutput {
  readonly Tags: readonly Tag[];
  readonly NextToken?: string | undefined;
}

interface MpaStatus {
  readonly MpaSessionArn: string;
  readonly Status: "PENDING" | "APPROVED" | "FAILED" | "CANCELLED";
  readonly InitiationDate: Date;
  readonly StatusMessage?: string | undefined;
}

interface MpaTeamAssociation {
  readonly Action: "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
  readonly MpaTeamArn: string;
  readonly AssociationState: "ACTIVE" | "UPDATE_PENDING" | "DELETE_PENDING";
  readonly MpaStatus?: MpaStatus | undefined;
}

interface PutResourcePolicyInput {
  readonly ResourceArn: string;
  readonly Policy: string;
}

interface PutResourcePolicyOutput {
  readonly ResourceArn: string;
  readonly Policy: string;
}

interface RemoveKeyReplicationRegionsInput {
  readonly KeyIdentifier: string;
  readonly ReplicationRegions: readonly string[];
}

interface RemoveKeyReplicationRegionsOutput {
  readonly Key: Key;
}

interface ReplicationStatusType {
  readonly Status: "IN_PROGRESS" | "DELETE_IN_PROGRESS" | "FAILED" | "SYNCHRONIZED";
  readonly StatusMessage?: string | undefined;
}

interface RestoreKeyInput {
  readonly KeyIdentifier: string;
}

interface RestoreKeyOutput {
  readonly Key: Key;
}

interface RootCertificatePublicKey {
  readonly KeyAttributes: KeyAttributes;
  readonly PublicKeyCertificate: string;
}

interface StartKeyUsageInput {
  readonly KeyIdentifier: string;
}

interface StartKeyUsageOutput {
  readonly Key: Key;
}

interface StopKeyUsageInput {
  readonly KeyIdentifier: string;
}

interface StopKeyUsageOutput {
  readonly Key: Key;
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

interface TagResourceInput {
  readonly ResourceArn: string;
  readonly Tags: readonly Tag[];
}

type TagResourceOutput = Readonly<Record<string, never>>;

interface TrustedCertificatePublicKey {
  readonly KeyAttributes: KeyAttributes;
  readonly PublicKeyCertificate: string;
  readonly CertificateAuthorityPublicKeyIdentifier: string;
}

interface UntagResourceInput {
  readonly ResourceArn: string;
  readonly TagKeys: readonly string[];
}

type UntagResourceOutput = Readonly<Record<string, never>>;

interface UpdateAliasInput {
  readonly AliasName: string;
  readonly KeyArn?: string | undefined;
}

interface UpdateAliasOutput {
  readonly Alias: Alias;
}

interface WrappedKey {
  readonly WrappingKeyArn: string;
  readonly WrappedKeyMaterialFormat: "KEY_CRYPTOGRAM" | "TR31_KEY_BLOCK" | "TR34_KEY_BLOCK";
  readonly KeyMaterial: string;
  readonly KeyCheckValue?: string | undefined;
  readonly KeyCheckValueAlgorithm?: "CMAC" | "ANSI_X9_24" | "HMAC" | "SHA_1" | undefined;
}
