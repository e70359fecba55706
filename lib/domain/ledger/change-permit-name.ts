import { type Subject, subjectFrom, subjectText } from "../operations/subject.ts";
import { type ChangeName, changeNameFrom, changeNameText } from "./change-name.ts";

/** Tells a permit from the others of its subject and operation: people were asked about the change of an hour, or it was requested beforehand. */
export type ChangePermitId =
  | { readonly by: "change"; readonly hour: number }
  | { readonly by: "request"; readonly number: number };

/** Names a permit for a change other than deletion: what may be done, to what, and which of its permits. */
export interface ChangePermitName {
  readonly operation: string;
  readonly subject: Subject;
  readonly id: ChangePermitId;
}

/** Ends the name of a permit that people were asked for because of a change: the change has a chain of its own. */
const ofChange = "#permit";

/** `change#<operation>#<subject>#<hour>#permit`, or `change#<operation>#<subject>#p<number>` for one that was requested beforehand. */
export function changePermitText({ operation, subject, id }: ChangePermitName): string {
  return id.by === "change"
    ? `${changeNameText({ operation, subject, hour: id.hour })}${ofChange}`
    : `change#${operation}#${subjectText(subject)}#p${id.number}`;
}

/** The name that `text` spells, or undefined for anything else. */
export function changePermitNameFrom(text: string): ChangePermitName | undefined {
  if (text.endsWith(ofChange)) {
    const change = changeNameFrom(text.slice(0, -ofChange.length));
    return change && permitOfChange(change);
  }
  const split = text.lastIndexOf("#p");
  const number = text.slice(split + 2);
  if (split === -1 || !/^[1-9]\d{0,5}$/.test(number)) return undefined;
  // Any hour will do: only what is before it is read.
  const change = changeNameFrom(`${text.slice(0, split)}#0`);
  return (
    change && { operation: change.operation, subject: change.subject, id: { by: "request", number: Number(number) } }
  );
}

/** The name of the permit that `requested` begins: of the change that people were asked about, or by its number. Undefined where it names neither, or both. */
export function changePermitNameOf({
  operation,
  subject: text,
  change,
  number,
}: {
  readonly operation: string;
  readonly subject: string;
  readonly change?: { readonly hour: number } | undefined;
  readonly number?: number | undefined;
}): ChangePermitName | undefined {
  const subject = subjectFrom(text);
  if (subject === undefined || (change === undefined) === (number === undefined)) return undefined;
  if (change !== undefined) return permitOfChange({ operation, subject, hour: change.hour });
  return number === undefined ? undefined : { operation, subject, id: { by: "request", number } };
}

/** Names the permit that people are asked for because of the changes of one hour. */
export function permitOfChange({ operation, subject, hour }: ChangeName): ChangePermitName {
  return { operation, subject, id: { by: "change", hour } };
}
