import type { Operations } from "../../../lib/aws/payment-cryptography/api.ts";
import { conflictError, validationError } from "./api-error.ts";
import { requireToken } from "./certificate-operations.ts";
import type { KeyAttributes } from "./key-attributes.ts";
import { type BlockContent, blockContent, keyBlock } from "./key-block.ts";
import { addKey, type NewKey } from "./key-operations.ts";
import type { KeyRecord } from "./key-records.ts";
import { pendingSession } from "./mpa-teams.ts";
import type { OperationTable } from "./operation.ts";
import type { PlaneState } from "./plane-state.ts";

type ExportMaterial = Operations["ExportKey"]["input"]["KeyMaterial"];
type ImportMaterial = Operations["ImportKey"]["input"]["KeyMaterial"];

/** Export and import of keys: who may wrap whom is checked, and no material changes hands. */
export const exchangeOperations: OperationTable<"ExportKey" | "ImportKey"> = {
  ExportKey: (state, { ExportKeyIdentifier, KeyMaterial, ExportAttributes }) => {
    const key = usableKey(state, ExportKeyIdentifier);
    if (!key.Exportable) throw validationError(`Key ${key.KeyArn} is not exportable.`);
    const initialKey = ExportAttributes?.ExportDukptInitialKey !== undefined;
    if (initialKey && key.KeyAttributes.KeyUsage !== "TR31_B0_BASE_DERIVATION_KEY")
      throw validationError("ExportDukptInitialKey is only valid for a base derivation key.");
    const { wrapping, format } = exportWrapping(state, KeyMaterial);
    const block = keyBlock(key);
    return {
      WrappedKey: {
        WrappingKeyArn: wrapping.KeyArn,
        WrappedKeyMaterialFormat: format,
        KeyMaterial: format === "TR31_KEY_BLOCK" ? block : hexOf(block),
        KeyCheckValue: key.KeyCheckValue,
        KeyCheckValueAlgorithm: ExportAttributes?.KeyCheckValueAlgorithm ?? key.KeyCheckValueAlgorithm,
      },
    };
  },
  ImportKey: (state, { KeyMaterial, KeyCheckValueAlgorithm, Enabled, Tags, ReplicationRegions }) => {
    const content = importedKey(state, KeyMaterial);
    const given: NewKey = {
      ...content,
      KeyOrigin: "EXTERNAL",
      KeyCheckValueAlgorithm,
      Enabled,
      Tags,
      ReplicationRegions,
    };
    return { Key: addKey(state, given) };
  },
};

function exportWrapping(state: PlaneState, material: ExportMaterial): { wrapping: KeyRecord; format: string } {
  if ("Tr31KeyBlock" in material) {
    const { WrappingKeyIdentifier } = material.Tr31KeyBlock;
    return { wrapping: wrappingKey(state, WrappingKeyIdentifier, "Wrap"), format: "TR31_KEY_BLOCK" };
  }
  if ("As2805KeyCryptogram" in material) {
    const { WrappingKeyIdentifier } = material.As2805KeyCryptogram;
    return { wrapping: wrappingKey(state, WrappingKeyIdentifier, "Wrap"), format: "KEY_CRYPTOGRAM" };
  }
  if ("DiffieHellmanTr31KeyBlock" in material) {
    const { PrivateKeyIdentifier, CertificateAuthorityPublicKeyIdentifier } = material.DiffieHellmanTr31KeyBlock;
    usableKey(state, CertificateAuthorityPublicKeyIdentifier);
    return { wrapping: usableKey(state, PrivateKeyIdentifier), format: "TR31_KEY_BLOCK" };
  }
  if ("KeyCryptogram" in material) {
    const { CertificateAuthorityPublicKeyIdentifier } = material.KeyCryptogram;
    return { wrapping: usableKey(state, CertificateAuthorityPublicKeyIdentifier), format: "KEY_CRYPTOGRAM" };
  }
  const { CertificateAuthorityPublicKeyIdentifier, ExportToken } = material.Tr34KeyBlock;
  requireToken(state, ExportToken);
  return { wrapping: usableKey(state, CertificateAuthorityPublicKeyIdentifier), format: "TR34_KEY_BLOCK" };
}

type Imported = Pick<NewKey, "KeyAttributes" | "Exportable" | "KeyCheckValue" | "MpaStatus">;

function importedKey(state: PlaneState, material: ImportMaterial): Imported {
  if ("RootCertificatePublicKey" in material) {
    const team = state.mpaTeams.get("IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE");
    const waiting = team === undefined ? undefined : pendingSession(state, team.MpaTeamArn);
    const { KeyAttributes } = material.RootCertificatePublicKey;
    return { ...publicKey(KeyAttributes), ...(waiting !== undefined && { MpaStatus: waiting }) };
  }
  if ("TrustedCertificatePublicKey" in material) {
    usableKey(state, material.TrustedCertificatePublicKey.CertificateAuthorityPublicKeyIdentifier);
    return publicKey(material.TrustedCertificatePublicKey.KeyAttributes);
  }
  if ("KeyCryptogram" in material) {
    const { KeyAttributes, Exportable, ImportToken } = material.KeyCryptogram;
    requireToken(state, ImportToken);
    return { KeyAttributes, Exportable };
  }
  return wrappedKey(state, material);
}

function wrappedKey(state: PlaneState, material: ImportMaterial): Imported | BlockContent {
  if ("Tr31KeyBlock" in material) {
    wrappingKey(state, material.Tr31KeyBlock.WrappingKeyIdentifier, "Unwrap");
    return blockContent(material.Tr31KeyBlock.WrappedKeyBlock);
  }
  if ("DiffieHellmanTr31KeyBlock" in material) {
    const { PrivateKeyIdentifier, CertificateAuthorityPublicKeyIdentifier } = material.DiffieHellmanTr31KeyBlock;
    usableKey(state, CertificateAuthorityPublicKeyIdentifier);
    usableKey(state, PrivateKeyIdentifier);
    return blockContent(material.DiffieHellmanTr31KeyBlock.WrappedKeyBlock);
  }
  if ("As2805KeyCryptogram" in material) {
    const { KeyModesOfUse, KeyAlgorithm, Exportable, WrappingKeyIdentifier, As2805KeyVariant } =
      material.As2805KeyCryptogram;
    wrappingKey(state, WrappingKeyIdentifier, "Unwrap");
    const KeyUsage = variantUsages[As2805KeyVariant];
    return { KeyAttributes: { KeyUsage, KeyClass: "SYMMETRIC_KEY", KeyAlgorithm, KeyModesOfUse }, Exportable };
  }
  if (!("Tr34KeyBlock" in material)) throw validationError("The key material is of an unknown kind.");
  const { CertificateAuthorityPublicKeyIdentifier, ImportToken, WrappedKeyBlock } = material.Tr34KeyBlock;
  requireToken(state, ImportToken);
  usableKey(state, CertificateAuthorityPublicKeyIdentifier);
  return blockContent(Buffer.from(WrappedKeyBlock, "hex").toString("latin1"));
}

/** What each variant of AS 2805 is for; the mapping is inferred from the names. */
const variantUsages = {
  TERMINAL_MAJOR_KEY_VARIANT_00: "TR31_K0_KEY_ENCRYPTION_KEY",
  PIN_ENCRYPTION_KEY_VARIANT_28: "TR31_P0_PIN_ENCRYPTION_KEY",
  MESSAGE_AUTHENTICATION_KEY_VARIANT_24: "TR31_M0_ISO_16609_MAC_KEY",
  DATA_ENCRYPTION_KEY_VARIANT_22: "TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY",
} as const;

function publicKey(KeyAttributes: KeyAttributes): Imported {
  if (KeyAttributes.KeyClass !== "PUBLIC_KEY") throw validationError("A certificate's KeyClass must be PUBLIC_KEY.");
  return { KeyAttributes, Exportable: false };
}

function usableKey(state: PlaneState, identifier: string): KeyRecord {
  const key = state.findKey(identifier);
  if (key.KeyState !== "CREATE_COMPLETE") throw conflictError(`Key ${key.KeyArn} is not in CREATE_COMPLETE state.`);
  if (!key.Enabled) throw conflictError(`Key ${key.KeyArn} is not enabled.`);
  return key;
}

/** A key encryption key: K0 or K1 that may wrap or unwrap. */
function wrappingKey(state: PlaneState, identifier: string, mode: "Wrap" | "Unwrap"): KeyRecord {
  const key = usableKey(state, identifier);
  const { KeyUsage, KeyModesOfUse } = key.KeyAttributes;
  const may = KeyModesOfUse[mode] === true || KeyModesOfUse.NoRestrictions === true;
  if (!/^TR31_K[01]_/.test(KeyUsage) || !may)
    throw validationError(`Key ${key.KeyArn} cannot ${mode.toLowerCase()} keys.`);
  return key;
}

function hexOf(text: string): string {
  return Buffer.from(text, "latin1").toString("hex").toUpperCase();
}
