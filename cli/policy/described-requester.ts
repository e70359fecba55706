import * as v from "valibot";
import { parseArn } from "../../lib/domain/arn.ts";
import { parseRoleArn, parseUserArn } from "../../lib/domain/people/iam-arn.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";

const text = v.string("expected text");
const roleArn = v.pipe(
  text,
  v.check((value) => parseRoleArn(value) !== undefined, "expected the exact ARN of a role"),
);
const userArn = v.pipe(
  text,
  v.check((value) => parseUserArn(value) !== undefined, "expected the exact ARN of an IAM user"),
);

/** Who made the call: `unknown`, or what its record says of them. */
export const requesterSchema = v.union(
  [
    v.literal("unknown"),
    v.strictObject({ user: userArn, mfa: v.optional(v.boolean()) }),
    v.strictObject({
      role: roleArn,
      roleId: v.optional(text),
      session: v.optional(text),
      permissionSet: v.optional(text),
      sourceIdentity: v.optional(text),
      mfa: v.optional(v.boolean()),
    }),
    v.strictObject({ root: v.pipe(text, v.regex(/^\d{12}$/, "expected an account id in quotes")) }),
  ],
  "expected unknown, or fields: user, or role (with session, permissionSet, sourceIdentity), or root",
);

type DescribedRequester = v.InferOutput<typeof requesterSchema>;

/** Returns the requester that a test file describes. */
export function requesterFrom(described: DescribedRequester): Requester {
  if (described === "unknown") return { kind: "unknown" };
  if ("root" in described) return { kind: "root", account: described.root };
  const mfa = described.mfa === undefined ? {} : { mfa: described.mfa };
  if ("user" in described) return { kind: "user", account: accountOf(described.user), userArn: described.user, ...mfa };
  const { role, roleId, session, permissionSet, sourceIdentity } = described;
  return {
    ...{ kind: "role-session", account: accountOf(role), roleArn: role },
    ...(roleId !== undefined && { roleId }),
    ...(session !== undefined && { sessionName: session }),
    ...(permissionSet !== undefined && { permissionSet }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...mfa,
  };
}

function accountOf(text: string): string {
  return parseArn(text)?.account ?? "";
}
