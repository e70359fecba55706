import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import { chainSubject } from "../../../lib/domain/ledger/chain-name.ts";
import { permitText } from "../../../lib/domain/ledger/permit-name.ts";
import { keyShort } from "../../../lib/notices/key-title.ts";
import { type ListedPermit, plannedPermit } from "../../permits/permit-list.ts";
import { ApproverRows } from "./approver-row.ts";
import { type CaseRow, caseRow } from "./case-row.ts";
import { type ChangeRow, changeRow, lateChanges } from "./change-row.ts";
import {
  caseExceptions,
  changeException,
  damageException,
  type ExceptionRow,
  exceptionKinds,
} from "./exception-row.ts";
import { type KeptChain, type KeptLog, readKept } from "./kept-log.ts";
import { type PauseRow, pauseRow } from "./pause-row.ts";
import { isWithin, type Period } from "./period.ts";
import { PolicyRows } from "./policy-row.ts";
import type { ReportData } from "./report-data.ts";
import { StackRowsOf } from "./stack-rows.ts";
import { type StatementRow, statementRows } from "./statement-row.ts";

interface Asked {
  readonly period: Period;
  /** How long (ms) a restored key may take to be usable again. */
  readonly targetMs: number;
  readonly now: number;
}

type Rows = Omit<ReportData, "cover" | "closings" | "targetMs" | "reconciliation" | "sample"> & {
  readonly guardVersions: readonly string[];
};

/** Returns the rows of a report, chain by chain, so that only one of them is in memory as entries. */
export function collectRows(log: KeptLog, asked: Asked): Rows {
  const collected = new Collected(asked);
  for (const kept of log.chains()) collected.take(kept, readKept(kept));
  return collected.rows();
}

class Collected {
  readonly #asked: Asked;
  readonly #cases: CaseRow[] = [];
  readonly #exceptions: ExceptionRow[] = [];
  readonly #statements: StatementRow[] = [];
  readonly #pauses: PauseRow[] = [];
  readonly #permits: ListedPermit[] = [];
  readonly #changes: ChangeRow[] = [];
  readonly #policies = new PolicyRows();
  readonly #approvers = new ApproverRows();
  readonly #stack: StackRowsOf;
  readonly #guardVersions = new Set<string>();
  /** Those who gave each permit, by its name. */
  readonly #givers = new Map<string, readonly string[]>();
  #unread = 0;
  #lateChanges = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#stack = new StackRowsOf(asked.period);
  }

  take(kept: KeptChain, chain: Chain): void {
    const { period } = this.#asked;
    if (kept.texts.length === 0) this.#unread += 1;
    const row = caseRow(chain, period, kept.damage !== undefined);
    this.#exceptions.push(...damageException(kept, row?.title));
    this.#stack.take(chain);
    for (const entry of chain.entries) {
      if (entry.kind === "permit-issued")
        this.#givers.set(permitText(entry.permit.keyArn, entry.permit.id), entry.permit.approvedBy);
      if (!isWithin(entry.at, period)) continue;
      if ("guardVersion" in entry) this.#guardVersions.add(entry.guardVersion);
    }
    this.#policies.take(chain, period);
    this.#approvers.take(chain, period);
    this.#statements.push(...statementRows(chain, row?.title ?? titleOf(chain), period));
    if (row !== undefined) this.#takeCase(chain, row);
    else this.#takeOther(chain);
  }

  #takeCase(chain: Chain, row: CaseRow): void {
    const { period, targetMs } = this.#asked;
    this.#cases.push(row);
    this.#exceptions.push(...caseExceptions(chain, row, period, targetMs));
  }

  #takeOther(chain: Chain): void {
    const { period, now } = this.#asked;
    const change = changeRow(chain, period);
    this.#lateChanges += lateChanges(chain, period);
    if (change !== undefined) {
      this.#changes.push(change);
      this.#exceptions.push(...changeException(change));
    }
    if (!chain.entries.some(({ at }) => isWithin(at, period))) return;
    this.#pauses.push(...listed(pauseRow(chain)));
    this.#permits.push(...listed(plannedPermit(chain, now)));
  }

  rows(): Rows {
    const kinds = Object.keys(exceptionKinds);
    return {
      rows: this.#cases
        .map((row) => ({ ...row, permitGivenBy: this.#givers.get(row.permit) ?? [] }))
        .sort((a, b) => a.countedAt - b.countedAt),
      exceptions: this.#exceptions.sort(
        (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.at ?? 0) - (b.at ?? 0),
      ),
      statements: this.#statements.sort((a, b) => a.at - b.at),
      pauses: this.#pauses.sort((a, b) => a.number - b.number),
      permits: this.#permits.sort((a, b) => a.at - b.at),
      changes: this.#changes.sort((a, b) => a.changedAt - b.changedAt),
      policies: this.#policies.rows(),
      approvers: this.#approvers.rows(),
      stack: this.#stack.rows(),
      guardVersions: [...this.#guardVersions].sort(),
      ...{ unread: this.#unread, lateChanges: this.#lateChanges },
    };
  }
}

function listed<Row>(row: Row | undefined): readonly Row[] {
  return row === undefined ? [] : [row];
}

/** What people call a chain that is no case of the report: its key, or its own name. */
function titleOf({ name }: Chain): string {
  const subject = chainSubject(name);
  if (subject?.kind === "case") return keyShort(subject.name.keyArn);
  return subject?.kind === "permit" ? keyShort(subject.keyArn) : name;
}
