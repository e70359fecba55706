type OneOrMore<Item> = Item | readonly Item[];

/** `*`, or principals by kind: `{"AWS": [...]}`, `{"Service": ...}`. */
export type PrincipalElement = "*" | Readonly<Record<string, OneOrMore<string>>>;

/** Operator -> condition key -> values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMore<string | boolean | number>>>>>;

/** A statement of a resource-based policy, as IAM's grammar has it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMore<string>;
  readonly NotAction?: OneOrMore<string>;
  readonly Resource?: OneOrMore<string>;
  readonly NotResource?: OneOrMore<string>;
  readonly Condition?: Conditions;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: OneOrMore<Statement>;
}

/** Returns an element of the grammar that may stand alone as a list. */
export function listOf<Item>(value: OneOrMore<Item> | undefined): readonly Item[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}
