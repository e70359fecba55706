/** What the witness counts; each name has an alarm in witness/template.yml. */
export type WitnessMetric = "CheckpointsCosigned" | "CosigningFailed" | "LogsInconsistent";

/** The witness's message codes. Alarms and tests rest on these names, never on wording. */
export type WitnessCode = "CHECKPOINT_COSIGNED" | "CHECKPOINT_REFUSED" | "COSIGNING_FAILED" | "LOG_INCONSISTENT";

type Fields = Readonly<Record<string, unknown>>;

export type WitnessLog = (code: WitnessCode, fields: Fields) => void;

interface WitnessLogEntry {
  readonly level: "info" | "warn" | "error";
  readonly counts?: (fields: Fields) => WitnessMetric | undefined;
}

/** What each log line means: how loud it is, and what it counts. */
export const witnessLogTable: Readonly<Record<WitnessCode, WitnessLogEntry>> = {
  // INVARIANT: a checkpoint that is cosigned again does not count: someone could keep the alarm silent by sending an old one.
  CHECKPOINT_COSIGNED: {
    level: "info",
    counts: ({ grownBy }) => (Number(grownBy) > 0 ? "CheckpointsCosigned" : undefined),
  },
  CHECKPOINT_REFUSED: { level: "warn" },
  COSIGNING_FAILED: { level: "error", counts: () => "CosigningFailed" },
  LOG_INCONSISTENT: { level: "error", counts: () => "LogsInconsistent" },
};
