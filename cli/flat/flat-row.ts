import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { membersIn } from "../../lib/domain/ledger/chain.ts";
import { chainSubject } from "../../lib/domain/ledger/chain-name.ts";
import type { Entry } from "../../lib/domain/ledger/entry.ts";
import type { LoggedLine } from "../../lib/domain/log/log-report.ts";
import type { ExportStack } from "../trail/export-stack.ts";
import { actorIn, outcomeIn, personIn, reasonIn, requestIn } from "./flat-members.ts";

/** The columns of the flat format, in the order of its lines and of the Athena table (docs/evidence/athena.sql). */
export const flatColumns = [
  ...(["log_index", "closing_no", "time", "logged_at", "account", "region", "stack", "chain", "chain_kind"] as const),
  ...(["key_arn", "generation", "seq", "kind", "holds", "actor", "actor_type", "person", "source_ip"] as const),
  ...(["event_id", "request_id", "rule", "policy_hash", "outcome", "reason", "leaf_sha256", "head_sha256"] as const),
  "entry",
] as const;
export type FlatColumn = (typeof flatColumns)[number];

/** One line of the log for a database: what is not known is null. */
export type FlatRow = Readonly<Record<FlatColumn, string | number | boolean | null>>;

/** Makes the rows of a log, line after line. A change names its key in its first entry alone, which this remembers. */
export class FlatRows {
  readonly #stack: ExportStack;
  /** The key of each chain of changes. */
  readonly #changedKeys = new Map<string, string>();

  constructor(stack: ExportStack) {
    this.#stack = stack;
  }

  /** INVARIANT: every line of the log has a row, also one that does not hold, so that the tree can be computed from the rows. */
  rowOf({ text, leaf, entry, index, object, closedAt }: LoggedLine): FlatRow {
    const members = membersIn(text);
    const chain = textOr(members?.["chain"]);
    return {
      ...{ log_index: index, closing_no: object, time: isoOr(members?.["at"]), logged_at: isoOr(closedAt) },
      ...{ account: this.#stack.account, region: this.#stack.region, stack: this.#stack.stack },
      ...this.#chainColumns(chain, entry),
      ...{ seq: wholeOr(members?.["seq"]), kind: textOr(members?.["kind"]), holds: entry !== undefined },
      ...(entry === undefined ? noMembers : membersOf(entry)),
      ...{ leaf_sha256: leaf.toString("hex"), head_sha256: sha256Hex(text), entry: text },
    };
  }

  #chainColumns(chain: string | null, entry: Entry | undefined) {
    const subject = chainSubject(chain ?? "");
    const none = { chain, chain_kind: subject?.kind ?? null, key_arn: null, generation: null };
    switch (subject?.kind) {
      case "case":
        return { ...none, key_arn: subject.name.keyArn, generation: subject.name.generation };
      case "permit": {
        const generation = subject.id.by === "case" ? subject.id.generation : null;
        return { ...none, key_arn: subject.keyArn, generation };
      }
      case "change": {
        if (entry?.kind === "change-detected" && entry.keyArn !== undefined)
          this.#changedKeys.set(entry.chain, entry.keyArn);
        const { subject: changed } = subject.name;
        const own = changed.kind === "key" ? changed.keyArn : undefined;
        return { ...none, key_arn: own ?? this.#changedKeys.get(chain ?? "") ?? null };
      }
      default:
        return none;
    }
  }
}

type MemberColumns = Pick<
  FlatRow,
  | ("actor" | "actor_type" | "person" | "source_ip" | "event_id" | "request_id")
  | ("rule" | "policy_hash" | "outcome" | "reason")
>;

const noMembers: MemberColumns = {
  ...{ actor: null, actor_type: null, person: null, source_ip: null, event_id: null, request_id: null },
  ...{ rule: null, policy_hash: null, outcome: null, reason: null },
};

function membersOf(entry: Entry): MemberColumns {
  return {
    ...actorIn(entry),
    ...requestIn(entry),
    person: personIn(entry),
    rule: "rule" in entry ? entry.rule : null,
    policy_hash: "policyHash" in entry ? entry.policyHash : null,
    outcome: outcomeIn(entry),
    reason: reasonIn(entry),
  };
}

/** Returns a row as its line: one JSON object, its columns in their order. */
export function flatLine(row: FlatRow): string {
  return JSON.stringify(Object.fromEntries(flatColumns.map((name) => [name, row[name]])));
}

function textOr(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function wholeOr(value: unknown): number | null {
  return Number.isSafeInteger(value) ? Number(value) : null;
}

/** A time in ISO 8601, or null for anything that is no time: a line that does not hold may say anything. */
function isoOr(value: unknown): string | null {
  const at = typeof value === "number" ? new Date(value) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
