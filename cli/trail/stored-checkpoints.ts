/** Checkpoints as stored in the audit bucket: nothing of them is judged here. */
export interface StoredCheckpoints {
  /** The first version of each, in the order of their hours. */
  readonly texts: readonly string[];
  /** What must not be there: whatever is written once has one version, and is never deleted. */
  readonly irregular: readonly { readonly key: string; readonly irregularity: "second-version" | "delete-marker" }[];
}

export const noCheckpoints: StoredCheckpoints = { texts: [], irregular: [] };
