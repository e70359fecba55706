import { listOf, type PolicyDocument, type Statement } from "../iam/policy/document.ts";
import { jsonObject } from "../service-request.ts";
import { publicPolicyError, validationError } from "./api-error.ts";
import type { KeyRecord } from "./key-records.ts";
import type { OperationTable } from "./operation.ts";
import type { ControlPlaneSettings } from "./plane-state.ts";

type PolicyOperation = "DeleteResourcePolicy" | "GetResourcePolicy" | "PutResourcePolicy";

/** Resource policies. A key without one, and a replica, answers `"{}"` (recorded). */
export const policyOperations: OperationTable<PolicyOperation> = {
  PutResourcePolicy: (state, { ResourceArn, Policy }) => {
    const key = state.findKey(ResourceArn);
    // Documented: policies go to primaries only. The error is inferred.
    if (key.MultiRegionKeyType === "REPLICA") throw validationError(`Key ${ResourceArn} is a replica.`);
    const document = documentIn(Policy, key);
    if (listOf(document.Statement).some((statement) => isPublic(statement, state.settings)))
      throw publicPolicyError("The resource policy grants public access.");
    // Recorded answers are compact.
    const text = JSON.stringify(document);
    state.records.policies.set(key.KeyArn, text);
    return { ResourceArn, Policy: text };
  },
  GetResourcePolicy: (state, { ResourceArn }) => {
    const key = state.findKey(ResourceArn);
    return { ResourceArn, Policy: state.records.policies.get(key.KeyArn) ?? "{}" };
  },
  DeleteResourcePolicy: (state, { ResourceArn }) => {
    state.records.policies.delete(state.findKey(ResourceArn).KeyArn);
    return {};
  },
};

function documentIn(text: string, key: KeyRecord): PolicyDocument {
  const document = jsonObject(text);
  if (document === undefined) throw malformed("expected a JSON object");
  const { Version = "2008-10-17", Statement } = document;
  if (!["2008-10-17", "2012-10-17"].includes(String(Version))) throw malformed(`Version ${String(Version)} is unknown`);
  const statements = [Statement ?? []].flat();
  if (statements.length === 0) throw malformed("Statement is missing");
  for (const statement of statements) {
    const fault = statementFault(statement, key);
    if (fault !== undefined) throw malformed(fault);
  }
  return document as unknown as PolicyDocument;
}

const elements = new Set([
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "Condition"],
]);

/** IAM's grammar, and this service's own rule for Resource: `*` or exactly the key. */
function statementFault(given: unknown, { KeyArn }: KeyRecord): string | undefined {
  if (typeof given !== "object" || given === null) return "a statement is no object";
  const statement = given as Statement;
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource } = statement;
  const unknown = Object.keys(statement).find((name) => !elements.has(name));
  if (unknown !== undefined) return `${unknown} is not an element of a key's policy`;
  if (!["Allow", "Deny"].includes(Effect)) return "Effect must be Allow or Deny";
  if ((Principal === undefined) === (NotPrincipal === undefined)) return "expected one of Principal and NotPrincipal";
  if ((Action === undefined) === (NotAction === undefined)) return "expected one of Action and NotAction";
  if (listOf(Resource).length === 0 || !listOf(Resource).every((each) => each === "*" || each === KeyArn))
    return "Resource must be `*` or the key's ARN";
  return principalFault(Principal ?? NotPrincipal);
}

function principalFault(element: Statement["Principal"]): string | undefined {
  if (element === "*") return undefined;
  if (typeof element !== "object") return "Principal must be `*` or an object";
  const partial = listOf(element["AWS"]).find((name) => name !== "*" && name.includes("*"));
  return partial === undefined ? undefined : `Principal ${partial}: a wildcard must stand alone`;
}

function malformed(fault: string): Error {
  return validationError(`The resource policy is malformed: ${fault}.`);
}

/** Keys that narrow a grant to chosen callers; the list is that of other services' public-access blocks, and inferred here. */
const narrowing = /^aws:(Principal(Arn|Account|OrgID|OrgPaths)|Source(Arn|Account|OrgID|Vpc|Vpce|Ip)|userid)$/i;

/** Everybody is granted something. Whether a condition makes that less than public is unknown: here one does. */
function isPublic(
  { Effect, Principal, NotPrincipal, Condition }: Statement,
  { denyForAllIsPublic }: ControlPlaneSettings,
): boolean {
  const everyone = Principal === "*" || listOf(Principal?.["AWS"]).includes("*");
  if (Effect === "Deny") return everyone && denyForAllIsPublic;
  const keys = Object.values(Condition ?? {}).flatMap((condition) => Object.keys(condition));
  return (everyone || NotPrincipal !== undefined) && !keys.some((key) => narrowing.test(key));
}
