import { keyArnParts } from "../../lib/domain/key/key-arn.ts";
import { type ChangeName, changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import { subjectText } from "../../lib/domain/operations/subject.ts";

/** Returns the operation and what it changed, such as `stop kwapwa6qaifllw2h`; undefined for a text that names no change. */
export function changeTitle(text: string): string | undefined {
  const name = changeNameFrom(text);
  return name && `${name.operation} ${subjectTitle(name.subject)}`;
}

/** Returns what people call a subject: the id of a key, the name of an alias. */
export function subjectTitle(subject: ChangeName["subject"]): string {
  return subject.kind === "key" ? keyArnParts(subject.keyArn).keyId : subjectText(subject);
}
