import { type KeyArn, parseKeyArn } from "../key/key-arn.ts";
import { aliasOf } from "./call.ts";

/** What a call changes. */
export type Subject =
  | { readonly kind: "key"; readonly keyArn: KeyArn }
  | { readonly kind: "alias"; readonly alias: string }
  /** A setting of the whole account and Region. */
  | { readonly kind: "account" };

/** Returns the ARN, the name of the alias, or `account`. */
export function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case "key":
      return subject.keyArn;
    case "alias":
      return subject.alias;
    case "account":
      return "account";
  }
}

/** Returns the subject that `text` names, or undefined for anything else. */
export function subjectFrom(text: string): Subject | undefined {
  if (text === "account") return { kind: "account" };
  const keyArn = parseKeyArn(text);
  if (keyArn !== undefined) return { kind: "key", keyArn };
  const alias = aliasOf(text);
  return alias === undefined ? undefined : { kind: "alias", alias };
}
