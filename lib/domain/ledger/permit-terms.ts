import type { KeyArn } from "../key/key-arn.ts";
import type { VoteWay } from "../people/vote.ts";
import type { PermitId } from "./permit-name.ts";

/** The right of one principal to delete one key, once, until a time. Given by the approvers of a case, or beforehand. Times are ms since the epoch. */
export interface Permit {
  readonly keyArn: KeyArn;
  readonly id: PermitId;
  readonly principal: string;
  /** Unique id of the principal's role, where it has one: a role that is created again under the same ARN has another. */
  readonly roleId?: string;
  /** Where the principal is shared, as a role of Identity Center is: the person who may use it. */
  readonly person?: string;
  /** A deletion has to give as much notice as the approved one gave, or as was asked for. */
  readonly minWaitingMs: number;
  readonly group: string;
  readonly approvedBy: readonly string[];
  /** The ways in which they proved who they are. */
  readonly proof: readonly VoteWay[];
  readonly issuedAt: number;
  readonly until: number;
}
