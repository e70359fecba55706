import type { ControlPlane } from "../../../local/aws/payment-cryptography/control-plane.ts";
import type { CaseTable } from "../../../local/world/case-reader.ts";
import type { Person } from "../../../local/world/people.ts";

/** A running stack that stories are played on: MiniStack's, or the local world's. */
export interface Stage {
  readonly plane: ControlPlane;
  readonly cases: CaseTable;
  /** Whether the access key is the one of a function of the stack. */
  readonly isStack: (accessKeyId: string) => boolean;
  /** Loses CloudTrail's events from now on, or delivers them again. */
  readonly deliver: (delivered: boolean) => void;
  readonly sweep: () => Promise<void>;
  /** Casts a vote to keep a key, by the command's own code; returns the kind of its outcome. */
  readonly keep: (person: Person, caseName: string) => Promise<string>;
  /** Resolves when every queue of the stack is empty. */
  readonly settle: () => Promise<void>;
}
