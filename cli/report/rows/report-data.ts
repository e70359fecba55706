import type { Reconciliation } from "../../../lib/domain/reconcile/result.ts";
import type { ListedPermit } from "../../permits/permit-list.ts";
import type { Verification } from "../../trail/verify-trail.ts";
import type { ApproverRow } from "./approver-row.ts";
import type { CaseRow } from "./case-row.ts";
import type { ChangeRow } from "./change-row.ts";
import type { ClosingFacts } from "./closing-facts.ts";
import type { ExceptionRow } from "./exception-row.ts";
import type { PauseRow } from "./pause-row.ts";
import type { PolicyRow } from "./policy-row.ts";
import type { Draw } from "./sample.ts";
import type { StackRows } from "./stack-rows.ts";
import type { StatementRow } from "./statement-row.ts";

/** What the report is of, and whether its source was whole. */
export interface Cover {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  /** The stack, as its signed checkpoints name it, or else the export. */
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  /** Of the command that made the report, and of the guards that wrote the cases. */
  readonly version: string;
  readonly guardVersions: readonly string[];
  readonly verified: Verification;
  /** The key and the witnesses that the log was checked against, by their names. */
  readonly signer?: string;
  readonly witnesses: readonly string[];
}

/** Everything that a report shows. */
export interface ReportData {
  readonly cover: Cover;
  readonly rows: readonly CaseRow[];
  readonly exceptions: readonly ExceptionRow[];
  /** Chains of which nothing can be shown, and which no total counts. */
  readonly unread: number;
  readonly statements: readonly StatementRow[];
  readonly policies: readonly PolicyRow[];
  readonly approvers: readonly ApproverRow[];
  readonly pauses: readonly PauseRow[];
  readonly permits: readonly ListedPermit[];
  readonly changes: readonly ChangeRow[];
  /** Changes that were made before the period and recorded in it. */
  readonly lateChanges: number;
  readonly closings: ClosingFacts;
  readonly stack: StackRows;
  readonly targetMs: number;
  readonly reconciliation?: Reconciliation;
  /** SHA-256 of its file (hex). */
  readonly reconciliationSha256?: string;
  readonly sample?: { readonly draw: Draw; readonly rows: readonly CaseRow[] };
}
