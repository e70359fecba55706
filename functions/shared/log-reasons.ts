import type { LogCode } from "../../lib/workflows/ports/log-code.ts";

const onRecord = "the person who asked is answered, on record";

/** Why a warning or an error is not counted, or not always. Beside the log table, so that no bundle carries it. */
export const quietBecause: Readonly<Partial<Record<LogCode, string>>> = {
  ACTING_WITHOUT_RECORD: "each restore counts once",
  CHECKPOINT_NOT_COSIGNED: "each sweep counts CheckpointsNotCosigned, which has its alarm",
  CHECKPOINT_UNSIGNED: "each sweep counts CheckpointsUnsigned, which has its alarm",
  DELETIONS_REPEATED: "people were alarmed before",
  HEADS_NOT_KEPT: "they save reading, and a later sweep keeps them",
  LOG_OBJECT_EXISTS: "another run wrote it; what is left is SWEEP_WORK_LEFT",
  MESSAGE_DEAD_LETTERED: "with full monitoring SQS counts it: each dead-letter queue has its alarm",
  MESSAGE_REJECTED: "it is about another place",
  MESSAGE_RETRIED: "a first or second attempt may fail",
  PAUSE_CHANGED: "people are notified of each one",
  PAUSE_REFUSED: onRecord,
  PERMIT_REFUSED: onRecord,
  PERMITS_LEFT_TO_GUARD: "the Keep alone ends them; the case is due at once",
  QUEUE_FAILED: "every queue has its metric",
  REVERT_LEFT: "under observe, or a pause, every change that a rule would undo stands; people are notified of it",
  STORE_FAILED: "EFFECT_FAILED before it is counted",
  VOTE_REFUSED: onRecord,
  VOTER_NOTIFY_FAILED: "a vote that was not recorded is CALLBACK_FAILED",
};
