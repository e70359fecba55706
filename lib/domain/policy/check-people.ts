import { parseArn } from "../arn.ts";
import { parseUserArn } from "../people/iam-arn.ts";
import type { PolicyFault } from "./fault.ts";
import { partitionFault, userFault } from "./principal-forms.ts";
import type { PolicyDocument } from "./schema.ts";

/** Returns the faults of the directory: identities that nobody can have, or that two people could have. */
export function checkPeople({ people }: PolicyDocument): readonly PolicyFault[] {
  const forms = Object.entries(people).flatMap(([person, { aws }]) =>
    aws.flatMap((identity, n) => {
      const message = identityFault(identity);
      return message === undefined ? [] : [{ path: ["people", person, "aws", n], message }];
    }),
  );
  return [...forms, ...sharedIdentities(people)];
}

/** STS sets the bounds of session names and source identities; Identity Center's user names are session names. */
const nameForm = /^[\w+=,.@-]{2,64}$/;

function identityFault(identity: string): string | undefined {
  if (!identity.includes(":")) {
    if (/^A(ROA|IDA|SIA|KIA)[A-Z0-9]{12,}$/.test(identity))
      return `\`${identity}\` is an id, and never names a person; expected the ARN of an IAM user, or the name of an Identity Center user`;
    return nameForm.test(identity)
      ? undefined
      : `no session is called \`${identity}\`; expected 2 to 64 letters, digits and +=,.@_-`;
  }
  if (parseUserArn(identity) !== undefined) return undefined;
  const arn = parseArn(identity);
  if (arn === undefined)
    return `\`${identity}\` is neither an ARN nor a name; expected the ARN of an IAM user, or a name`;
  const foreign = partitionFault(arn);
  if (foreign !== undefined) return foreign;
  if (arn.service === "sts" && arn.resourceType === "assumed-role")
    return `\`${identity}\` is a session, whose name is compared alone; expected \`${arn.name}\``;
  if (arn.resourceType === "role")
    return `\`${identity}\` is a role, which many may assume; expected the name of the Identity Center user, or the ARN of an IAM user`;
  return userFault(identity) ?? `\`${identity}\` is a pattern; expected the exact ARN of an IAM user`;
}

/** Names are compared exactly. INVARIANT: no two people have identities that differ in letter case only, so none is taken for the other. */
function sharedIdentities(people: PolicyDocument["people"]): PolicyFault[] {
  const seen = new Map<string, { readonly person: string; readonly identity: string }>();
  return Object.entries(people).flatMap(([person, { slack, aws }]) =>
    [...(slack === undefined ? [] : [slack]), ...aws].flatMap((identity) => {
      const folded = identity.toLowerCase();
      const owner = seen.get(folded);
      seen.set(folded, owner ?? { person, identity });
      if (owner === undefined || (owner.person === person && owner.identity !== identity)) return [];
      const message =
        owner.identity === identity
          ? `\`${identity}\` belongs to \`${owner.person}\` already`
          : `\`${identity}\` differs in letter case only from \`${owner.identity}\` of \`${owner.person}\`; if they are one person, give both to that one`;
      return [{ path: ["people", person], message }];
    }),
  );
}
