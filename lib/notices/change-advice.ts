import { keyArnParts, parseKeyArn } from "../domain/key/key-arn.ts";
import type { EntryOf } from "../domain/ledger/entry.ts";

/** A change on record, as far as advice reads it. */
export type AdvisedChange = Pick<EntryOf<"change-detected">, "operation" | "subject" | "keyArn" | "before" | "after">;

/**
 * Returns what a change that stands means for those who use the key, and what undoes it by hand. INVARIANT: it holds no text that others chose, but
 * for names that were checked, so that no hostile text pushes the command out of a message.
 */
export function changeAdvice(change: AdvisedChange): string {
  const { operation } = change;
  if (operation === "alias") return aliasAdvice(change);
  const { effect, purpose, command } = adviceOf[operation] ?? unknownOperation;
  const line = command && commandFor(change, command);
  return line === undefined ? effect : `${effect} ${purpose}: ${line}`;
}

/** Returns how the key is once a change by the operation `name` is undone, as a clause. */
export function undoneText(name: string): string {
  return name === "stop" ? "the key was started and can be used again" : "everything is as it was before";
}

interface Advice {
  readonly effect: string;
  readonly purpose?: string;
  /** The AWS CLI's name of the call, and its option that names the key. */
  readonly command?: readonly [call: string, option: "key-identifier" | "resource-arn"];
}

const unknownOperation: Advice = { effect: "If this was not planned, find out who changed it and why." };

const adviceOf: Readonly<Partial<Record<string, Advice>>> = {
  stop: {
    effect:
      "Cards, PINs and terminals that need the key fail until it is started. CAUTION: a stop may answer a compromise; ask the responders first.",
    purpose: "To start it",
    command: ["start-key-usage", "key-identifier"],
  },
  start: {
    effect: "The key can be used again. It may have been stopped because of a compromise.",
    purpose: "To stop it again",
    command: ["stop-key-usage", "key-identifier"],
  },
  labels: {
    effect:
      "Rules that read tags or aliases may decide otherwise about a deletion of the key. If this was not planned, set them back.",
    purpose: "To see the tags",
    command: ["list-tags-for-resource", "resource-arn"],
  },
  "resource-policy": {
    effect:
      "A resource policy alone can let others use, export, stop or delete the key, or lock out its users. If this was not planned, put the former one back.",
    purpose: "To read it",
    command: ["get-resource-policy", "resource-arn"],
  },
  replication: {
    effect:
      "Where a replica is gone, everything that uses the key in that Region fails; a new replica is key material in one more Region.",
    purpose: "To see the Regions",
    command: ["get-key", "key-identifier"],
  },
  "default-regions": { effect: "Existing keys are not affected. Keys created from now on are replicated differently." },
  export: {
    effect:
      "Nothing undoes an export: the key now exists outside this account. If it was not planned, treat the key as compromised.",
  },
  import: {
    effect: "If this was not planned, stop the key before anything relies on it.",
    purpose: "To stop it",
    command: ["stop-key-usage", "key-identifier"],
  },
  "approval-team": {
    effect: "Imports of root certificates may need no approval now: a forged one lets keys be exported under it.",
  },
};

function commandFor({ keyArn, subject }: AdvisedChange, [call, option]: NonNullable<Advice["command"]>) {
  const region = keyArn === undefined ? "" : ` --region ${keyArnParts(keyArn).region}`;
  // A key that nothing could look up is known by its alias, which the calls on tags and policies do not take.
  const isAlias = subject.startsWith("alias/") && option === "key-identifier";
  const named = keyArn ?? (isAlias ? subject : undefined);
  return named && `aws payment-cryptography ${call}${region} --${option} ${named}`;
}

function aliasAdvice({ subject, keyArn, before, after }: AdvisedChange): string {
  const effect =
    "Whatever names the key by this alias now reaches another key, or none: payments may fail, or use the wrong key.";
  const former = parseKeyArn(stateIn(before)) ?? keyArn;
  if (former === undefined) return `${effect} Find the key that it named before in CloudTrail, and point it back.`;
  const call = stateIn(after) === "none" ? "create-alias" : "update-alias";
  const { region } = keyArnParts(former);
  return `${effect} To point it back: aws payment-cryptography ${call} --region ${region} --alias-name ${subject} --key-arn ${former}`;
}

/** Returns the state that an entry holds as text, or undefined where it holds none. */
function stateIn(state: AdvisedChange["before"]): unknown {
  try {
    return state?.text === undefined ? undefined : (JSON.parse(state.text) as unknown);
  } catch {
    return undefined;
  }
}
