import { randomBytes } from "node:crypto";
import { dayMs } from "../../../lib/domain/time.ts";
import { validationError } from "./api-error.ts";
import { isSymmetric } from "./key-attributes.ts";
import type { KeyRecord } from "./key-records.ts";
import type { OperationTable } from "./operation.ts";
import type { PlaneState } from "./plane-state.ts";

type CertificateOperation =
  | "GetCertificateSigningRequest"
  | "GetParametersForExport"
  | "GetParametersForImport"
  | "GetPublicKeyCertificate";

/** Documented: tokens hold for 30 days. */
const tokenDays = 30;

/** Certificates and tokens for exchanging keys. Certificates are text of the right form; there is no key material in this world. */
export const certificateOperations: OperationTable<CertificateOperation> = {
  GetPublicKeyCertificate: (state, { KeyIdentifier }) => {
    keyPairIn(state, KeyIdentifier);
    return { KeyCertificate: pem("certificate"), KeyCertificateChain: pem("chain") };
  },
  GetCertificateSigningRequest: (state, { KeyIdentifier }) => {
    keyPairIn(state, KeyIdentifier);
    return { CertificateSigningRequest: pem("signing request") };
  },
  GetParametersForExport: (state, { KeyMaterialType, SigningKeyAlgorithm, ReuseLastGeneratedToken = false }) =>
    parameters(state, { KeyMaterialType, algorithm: SigningKeyAlgorithm, reuse: ReuseLastGeneratedToken }, "export"),
  GetParametersForImport: (state, { KeyMaterialType, WrappingKeyAlgorithm, ReuseLastGeneratedToken = false }) =>
    parameters(state, { KeyMaterialType, algorithm: WrappingKeyAlgorithm, reuse: ReuseLastGeneratedToken }, "import"),
};

interface ParametersRequest {
  readonly KeyMaterialType: string;
  readonly algorithm: string;
  readonly reuse: boolean;
}

/** Documented: a token serves TR-34, and on import RSA-wrapped cryptograms; TR-31 needs none. That others are refused is inferred. */
const tokenTypes = { export: ["TR34_KEY_BLOCK"], import: ["TR34_KEY_BLOCK", "KEY_CRYPTOGRAM"] };
const members = { export: "SigningKey", import: "WrappingKey" };

function parameters(state: PlaneState, request: ParametersRequest, kind: "export" | "import"): object {
  const { KeyMaterialType, algorithm, reuse } = request;
  if (!tokenTypes[kind].includes(KeyMaterialType))
    throw validationError(`KeyMaterialType ${KeyMaterialType} needs no parameters for ${kind}.`);
  if (!algorithm.startsWith("RSA_")) throw validationError(`Key algorithm ${algorithm} is not valid here.`);
  const asked = `${kind} ${KeyMaterialType} ${algorithm}`;
  const earlier = [...state.tokens.values()].findLast((each) => each.request === asked && each.until > state.nowMs);
  if (reuse && earlier !== undefined) return earlier.answer;
  const until = state.nowMs + tokenDays * dayMs;
  const token = `${kind}-token-${randomBytes(8).toString("hex")}`;
  const answer = {
    [`${members[kind]}Certificate`]: pem("certificate"),
    [`${members[kind]}CertificateChain`]: pem("chain"),
    [`${members[kind]}Algorithm`]: algorithm,
    [kind === "export" ? "ExportToken" : "ImportToken"]: token,
    ParametersValidUntilTimestamp: until / 1000,
  };
  state.tokens.set(token, { answer, request: asked, until });
  return answer;
}

/** Throws a ValidationException for a token that was never given out, or not any more. */
export function requireToken(state: PlaneState, token: string | undefined): void {
  if (token === undefined || token === "") return;
  const { until = 0 } = state.tokens.get(token) ?? {};
  if (until <= state.nowMs) throw validationError(`Token ${token} is unknown or has expired.`);
}

function keyPairIn(state: PlaneState, identifier: string): KeyRecord {
  const key = state.findKey(identifier);
  if (isSymmetric(key.KeyAttributes.KeyAlgorithm)) throw validationError(`Key ${key.KeyArn} is not asymmetric.`);
  return key;
}

/** The API shows certificates as base64 of PEM. */
function pem(title: string): string {
  return Buffer.from(`${title} ${randomBytes(48).toString("base64")}`).toString("base64");
}
