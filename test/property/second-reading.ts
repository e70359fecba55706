/**
 * A second reading of identities and patterns, for tests: by regular expressions over whole texts, where `lib` splits them into parts. It
 * shares no code with `lib`, so that both are wrong in the same way only if both authors were.
 */

export interface SeenIdentity {
  readonly kind: "role" | "user" | "other";
  readonly account?: string;
  readonly arn?: string;
  readonly id?: string | undefined;
  readonly session?: string | undefined;
  readonly set?: string | undefined;
  readonly source?: string | undefined;
}

interface WireIdentity {
  readonly type?: string;
  readonly arn?: string;
  readonly principalId?: string;
  readonly accountId?: string;
  readonly sessionContext?: {
    readonly sessionIssuer?: { readonly arn?: string; readonly principalId?: string };
    readonly sourceIdentity?: string;
  };
}

const path = "(/|/[!-~]{1,510}/)";
const principal = (type: string) => new RegExp(`^arn:aws:iam::([0-9]{12}):${type}${path}([A-Za-z0-9_+=,.@-]{1,64})$`);
const roleForm = principal("role");
const userForm = principal("user");
const sessionForm = /^arn:aws:sts::([0-9]{12}):assumed-role\/([A-Za-z0-9_+=,.@-]{1,64})\/([^/]+)$/;
const identityCenterForm =
  /^arn:aws:iam::[0-9]{12}:role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z]{2}(?:-[a-z]{1,16}){1,2}-[0-9]{1,2}\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** The longest `(.+)` could take a `/`, which no name has. */
function permissionSetIn(arn: string): string | undefined {
  const set = identityCenterForm.exec(arn)?.[1];
  return set === undefined || set.includes("/") ? undefined : set;
}

/** Returns who a record names, or `other` for anyone who is neither the session of a role nor a user. */
export function readIdentity(record: WireIdentity): SeenIdentity {
  const { arn = "", accountId } = record;
  // A malformed account makes the whole identity unreadable.
  if (accountId !== undefined && !/^[0-9]{12}$/.test(accountId)) return { kind: "other" };
  const type = record.type ?? (sessionForm.test(arn) ? "AssumedRole" : userForm.test(arn) ? "IAMUser" : "none");
  if (type === "IAMUser") {
    const account = userForm.exec(arn)?.[1];
    return account !== undefined && account === accountId ? { kind: "user", account, arn } : { kind: "other" };
  }
  return type === "AssumedRole" ? readSession(record) : { kind: "other" };
}

function readSession({ arn, accountId, principalId = "", sessionContext = {} }: WireIdentity): SeenIdentity {
  const { sessionIssuer = {}, sourceIdentity } = sessionContext;
  const role = sessionIssuer.arn ?? "";
  const [, account, , name] = roleForm.exec(role) ?? [];
  if (account === undefined || (accountId !== undefined && accountId !== account)) return { kind: "other" };
  const session = sessionForm.exec(arn ?? "");
  const belongs = arn === undefined || arn === role || (session?.[1] === account && session[2] === name);
  if (!belongs) return { kind: "other" };
  const colon = principalId.indexOf(":");
  const called = session?.[3] ?? (colon < 0 ? undefined : principalId.slice(colon + 1) || undefined);
  return {
    ...{ kind: "role", account, arn: role, session: called, set: permissionSetIn(role) },
    id: sessionIssuer.principalId?.startsWith("AROA") ? sessionIssuer.principalId : undefined,
    source: sourceIdentity,
  };
}

type People = Readonly<Record<string, { readonly aws: readonly string[] }>>;
interface Trust {
  readonly accounts: readonly string[];
  readonly sourceIdentityFrom: readonly string[];
  readonly votersFrom: readonly string[];
}

function ownerOf(identity: string | undefined, people: People, isArn: boolean): string | undefined {
  const owners = Object.entries(people).filter(([, { aws }]) => identity !== undefined && aws.includes(identity));
  return identity?.startsWith("arn:") === isArn ? owners[0]?.[0] : undefined;
}

/** Returns the person behind an identity, as the documentation of the policy states it. */
export function personIn(identity: SeenIdentity, people: People, trust: Trust): string | undefined {
  const { kind, arn = "", id = "", account = "", source, set, session } = identity;
  if (kind === "user") return ownerOf(arn, people, true);
  if (kind !== "role" || !trust.accounts.includes(account)) return undefined;
  const believed = trust.sourceIdentityFrom.includes(arn) || trust.sourceIdentityFrom.includes(id);
  if (believed && source !== undefined) return ownerOf(source, people, false);
  return set === undefined ? undefined : ownerOf(session, people, false);
}

/** Returns the person whom STS proves: a user by ARN, or the session of a role that is listed by its id. */
export function personVoting(arn: string, userId: string, people: People, trust: Trust): string | undefined {
  if (!userId.includes(":")) return ownerOf(arn, people, true);
  const role = trust.votersFrom.find((id) => userId.startsWith(`${id}:`));
  return role === undefined ? undefined : ownerOf(userId.slice(role.length + 1), people, false);
}

const escaped = (text: string) => text.replace(/[\\^$.|+()[\]{}]/g, "\\$&");

/** Returns a regular expression over the whole text that means the same as the pattern. */
export function readPattern(pattern: string): RegExp {
  if (pattern === "*") return /^[\s\S]*$/;
  const form = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):([\s\S]+)$/.exec(pattern);
  if (form === null) return new RegExp(`^${escaped(pattern).replace(/[*?]/g, "\\$&")}$`);
  const [, ...fields] = form;
  const resource = fields.pop() ?? "";
  const wild = (text: string, one: string) => escaped(text).replace(/\*/g, `${one}*`).replace(/\?/g, one);
  const [first = "", ...rest] = resource.split("/");
  const tail = rest.map((segment, n) => {
    const some = n === rest.length - 1 ? "+" : "*";
    return segment === "**" ? `(?:/[^/]*)${some}` : `/${wild(segment, "[^/]")}`;
  });
  const start = first === "**" ? "[^/]*(?:/[^/]*)*" : wild(first, "[^/]");
  // A text without partition, service or resource is not an ARN, whatever the pattern.
  const isArn = "(?=arn:[^:]+:[^:]+:[^:]*:[^:]*:[\\s\\S])";
  return new RegExp(`^${isArn}arn:${fields.map((field) => wild(field, "[^:]")).join(":")}:${start}${tail.join("")}$`);
}
