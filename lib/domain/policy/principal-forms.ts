import { type Arn, parseArn } from "../arn.ts";
import { anySegments, anything } from "./match/arn-pattern.ts";
import { isGlob, matchesGlob } from "./match/glob.ts";

type Kind = "role" | "user";

const example = {
  role: "arn:aws:iam::111122223333:role/ci/key-reaper",
  user: "arn:aws:iam::111122223333:user/alice",
} as const;

/** Returns why no role that CloudTrail names can match `text`, with the form in which CloudTrail names roles; else undefined. */
export function roleFault(text: string): string | undefined {
  if (text === anything) return undefined;
  return text.startsWith("AROA") ? roleIdFault(text) : arnFault(text, "role");
}

/** Returns why no IAM user that CloudTrail names can match `text`, with the form in which CloudTrail names users; else undefined. */
export function userFault(text: string): string | undefined {
  return text === anything ? undefined : arnFault(text, "user");
}

/** Returns why `text` is not the unique id of a role; else undefined. */
export function roleIdFault(text: string): string | undefined {
  if (/^AROA[A-Z0-9]{1,124}$/.test(text)) return undefined;
  const [id = ""] = text.split(":");
  if (text.includes(":") && /^AROA[A-Z0-9]+$/.test(id))
    return `\`${text}\` names one session of a role; expected the id of the role alone, \`${id}\``;
  return `\`${text}\` is not the unique id of a role; expected AROA and capital letters and digits, as aws iam get-role prints it (RoleId)`;
}

/** Returns why an ARN with this partition is refused; else undefined. */
export function partitionFault({ partition }: Pick<Arn, "partition">): string | undefined {
  return partition === "aws"
    ? undefined
    : `\`${partition}\` is another partition; reprieve works in the partition \`aws\` alone, and no requester there is of another`;
}

function arnFault(text: string, kind: Kind): string | undefined {
  const arn = parseArn(text);
  if (arn === undefined) return notAnArn(text, kind);
  return partitionFault(arn) ?? wrongService(text, arn, kind) ?? wrongResource(text, arn, kind);
}

function notAnArn(text: string, kind: Kind): string {
  const pinned = kind === "role" ? ", its unique id (AROA...)" : "";
  const wanted = `expected the ARN of a ${kind} such as ${example[kind]}${pinned}, or \`*\` for every ${kind}`;
  if (/^A(IDA|KIA|SIA|ROA|GPA)/.test(text)) return `\`${text}\` is not the ARN of a ${kind}; ${wanted}`;
  return isGlob(text)
    ? `\`${text}\` does not have the parts of an ARN, and a wildcard never stands for a \`:\`; ${wanted}`
    : `\`${text}\` is not an ARN; ${wanted}`;
}

function wrongService(text: string, arn: Arn, kind: Kind): string | undefined {
  const { service, region, account, resourceType, path, name } = arn;
  if (service === "sts" && resourceType === "assumed-role") {
    const [role = ""] = path === "/" ? [name] : path.slice(1).split("/");
    const elsewhere = kind === "user" ? "in requester.role " : "";
    return `\`${text}\` is a session: CloudTrail names the role behind it, with its path; expected ${elsewhere}\`arn:aws:iam::${account}:role/${role}\`, with the path before the name if the role has one`;
  }
  if (service === "sts")
    return `\`${text}\` is a federated session, and not an IAM ${kind}; expected the ARN of a ${kind} such as ${example[kind]}`;
  if (service !== "iam")
    return `\`${text}\` is of \`${service}\`; expected the ARN of a ${kind} such as ${example[kind]}`;
  if (region !== "") return `\`${text}\` names a Region, and IAM has none; expected \`arn:aws:iam::${account}:...\``;
  return accountFault(text, account);
}

/** Returns why no account id matches the account in `text`; else undefined. */
export function accountFault(text: string, account: string): string | undefined {
  const digits = account.replaceAll("*", "").length;
  const possible = /^[\d*?]+$/.test(account) && (account.includes("*") ? digits <= 12 : digits === 12);
  return possible ? undefined : `\`${account}\` in \`${text}\` is not an account id; expected 12 digits`;
}

function wrongResource(text: string, { resourceType, path, name, account }: Arn, kind: Kind): string | undefined {
  if (resourceType === "root" && path === "") return `\`${text}\` is the root user of an account, and not a ${kind}`;
  if (resourceType !== kind) {
    const other =
      resourceType === "role" || resourceType === "user" ? `; expected it in requester.${resourceType}` : "";
    return `\`${text}\` is not a ${kind}, but \`${resourceType}\`${other || `; expected \`${kind}/\` and its name`}`;
  }
  if (path === "") return `\`${text}\` names no ${kind}; expected \`${kind}/\` and its name`;
  if (name === "")
    return `\`${text}\` ends with \`/\`; expected the ${kind}'s name at the end, or \`**\` for everything below this path`;
  const segments = [...path.split("/").slice(1, -1), name];
  if (segments.some((segment) => segment.includes(anySegments) && segment !== anySegments))
    return `\`${text}\`: \`**\` stands for whole segments; expected it alone between two \`/\``;
  return wrongName(text, name) ?? wrongPath(text, path) ?? strayIdentityCenter(text, path, name, account);
}

function wrongName(text: string, name: string): string | undefined {
  if (!/^[\w+=,.@*?-]+$/.test(name))
    return `\`${text}\`: no name in IAM has other characters than letters, digits and +=,.@_-`;
  return name.replaceAll("*", "").length > 64 ? `\`${text}\`: no name in IAM is longer than 64 characters` : undefined;
}

function wrongPath(text: string, path: string): string | undefined {
  return /^[!-~]*$/.test(path) ? undefined : `\`${text}\`: no path in IAM has spaces or characters beyond ASCII`;
}

/** Identity Center's roles are at its own path, and nowhere else. */
function strayIdentityCenter(text: string, path: string, name: string, account: string): string | undefined {
  const set = /^AWSReservedSSO_(.+)_[0-9a-f*?]+$/.exec(name)?.[1];
  const [first, second] = path.slice(1, -1).split("/");
  const reserved = matchesGlob(first ?? "", "aws-reserved") && matchesGlob(second ?? "", "sso.amazonaws.com");
  if (set === undefined || reserved || path.includes(anySegments)) return undefined;
  return `\`${text}\` lacks the path of Identity Center's roles; expected requester.permissionSet: \`${set}\`, or \`arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/**/${name}\``;
}
