import { principalNumber } from "../ledger/calls-name.ts";
import type { Requester } from "../people/requester.ts";
import { printableText } from "../printable-text.ts";

/** The account and Region that a stack guards. */
export interface ReconciledPlace {
  readonly account: string;
  readonly region: string;
}

/** One record of AWS Payment Cryptography, as CloudTrail has it. Nothing in it is judged yet. */
export interface RecordedCall {
  readonly name: string;
  /** The eventID, or that of the record which this one corrects. Absent for some service events. */
  readonly eventId?: string;
  readonly isCorrection: boolean;
  /** `eventTime`, ms since the epoch. */
  readonly at: number;
  readonly isServiceEvent: boolean;
  readonly hasFailed: boolean;
  /** The key by its ARN, and the alias that the caller used. */
  readonly keyArn?: string;
  readonly alias?: string;
  /** ARN of the role whose session made the call. */
  readonly roleArn?: string;
  /** Stands for the caller of a call that failed, as the trail names it (`principalNumber`). */
  readonly principal?: number;
  /** Whether the key that it names is of another account or Region. */
  readonly isForeign: boolean;
}

/** Returns the caller that a `userIdentity` of CloudTrail names, as the trail records it. */
export type ReadRequester = (userIdentity: unknown) => Requester;

/** Why a record of the service cannot be compared. */
export type CallFault = "a record without an event id" | "a record without a time" | "a record without a name";

const source = "payment-cryptography.amazonaws.com";

/**
 * Returns what a record of CloudTrail says of a call, or why it cannot be compared; `elsewhere` for one of another account or Region, undefined for
 * another service's.
 * Lenient on everything that is not compared: a record that is dropped hides a call.
 */
export function recordedCall(
  record: unknown,
  place: ReconciledPlace,
  requesterIn: ReadRequester,
): RecordedCall | CallFault | "elsewhere" | undefined {
  const members = membersOf(record);
  if (members["eventSource"] !== source) return undefined;
  if (!isOf(place, members)) return "elsewhere";
  const { eventName, eventTime, eventID, eventType, errorCode } = members;
  if (typeof eventName !== "string" || eventName === "") return "a record without a name";
  const at = timeOf(eventTime);
  if (at === undefined) return "a record without a time";
  const isServiceEvent = eventType === "AwsServiceEvent";
  const original = originalIn(members["addendum"]);
  const eventId = original ?? idOf(eventID);
  if (eventId === undefined && !isServiceEvent) return "a record without an event id";
  // Absent, null and "" are one thing: the call was carried out.
  const hasFailed = !(errorCode === undefined || errorCode === null || errorCode === "");
  const named = keyIn(members);
  return {
    ...{ name: printableText(eventName, 128), at, isServiceEvent, isCorrection: original !== undefined, hasFailed },
    ...(hasFailed && { principal: principalNumber(requesterIn(members["userIdentity"])) }),
    ...(eventId !== undefined && { eventId }),
    ...{ ...named, isForeign: isForeign(place, named.keyArn) },
    ...roleIn(members["userIdentity"]),
  };
}

/** A record that does not say where it belongs counts: leaving it out would hide a call. */
function isOf({ account, region }: ReconciledPlace, { recipientAccountId, awsRegion }: Members): boolean {
  return (recipientAccountId ?? account) === account && (awsRegion ?? region) === region;
}

/** Returns the time that CloudTrail's text names (ms since the epoch), or undefined for any other text. */
export function timeOf(text: unknown): number | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isFinite(at) ? at : undefined;
}

function originalIn(addendum: unknown): string | undefined {
  const { reason, originalEventID } = membersOf(addendum);
  return reason === "UPDATED_DATA" ? idOf(originalEventID) : undefined;
}

function idOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 64 ? value : undefined;
}

/** Returns the ARN that a call was answered with, else the one that it named, else that of a resource; and an alias that it named. */
function keyIn(members: Members) {
  const { responseElements, requestParameters, resources, serviceEventDetails } = members;
  const request = membersOf(requestParameters);
  const named = request["keyIdentifier"] ?? request["keyArn"] ?? request["resourceArn"];
  const listed = Array.isArray(resources) ? resources.slice(0, 20).map((each) => membersOf(each)["ARN"]) : [];
  const answered = membersOf(membersOf(responseElements)["key"])["keyArn"];
  const places = [answered, named, ...listed, ...Object.values(membersOf(serviceEventDetails)).slice(0, 20)];
  const keyArn = places.map((place) => resourceArn(place, "key/")).find((arn) => arn !== undefined);
  const alias = aliasNamed(named) ?? aliasNamed(request["aliasName"]);
  return { ...(keyArn !== undefined && { keyArn }), ...(alias !== undefined && { alias }) };
}

function isForeign({ account, region }: ReconciledPlace, keyArn: string | undefined): boolean {
  const [, , , keyRegion, keyAccount] = keyArn?.split(":") ?? [];
  return keyArn !== undefined && (keyRegion !== region || keyAccount !== account);
}

function aliasNamed(named: unknown): string | undefined {
  if (typeof named === "string" && named.startsWith("alias/")) return named.slice(0, 256);
  return resourceArn(named, "alias/")?.split(":")[5];
}

/** Returns `value` as the ARN of a resource of the service of one type, or undefined. */
function resourceArn(value: unknown, type: "key/" | "alias/"): string | undefined {
  if (typeof value !== "string" || value.length > 400) return undefined;
  const [arn, , service, , , resource = "", ...more] = value.split(":");
  const isOne = arn === "arn" && service === "payment-cryptography" && resource.startsWith(type);
  return isOne && more.length === 0 ? value : undefined;
}

function roleIn(identity: unknown): { readonly roleArn?: string } {
  const { type, sessionContext } = membersOf(identity);
  const { arn } = membersOf(membersOf(sessionContext)["sessionIssuer"]);
  return type === "AssumedRole" && typeof arn === "string" ? { roleArn: arn } : {};
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}
