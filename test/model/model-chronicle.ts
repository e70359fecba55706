import { Chronicle } from "../simulation/chronicle.ts";
import type { EventFate, PersonName } from "../simulation/plan.ts";

/** What the people of the model and the outside did and said, in the words of the simulator. */
export class ModelChronicle extends Chronicle {
  delete(by: PersonName, at: number, event: EventFate, wasEnabled: boolean): void {
    this.deletions.push({ key: 0, by, days: 3, at, event, wasEnabled });
  }

  /** Notes a statement, and returns what notes the answer to it. */
  state(by: PersonName, says: "approve" | "keep" | "permit" | "revoke", at: number): (accepted: boolean) => void {
    const statement = { key: 0, by, says, at, heard: "unknown" as "accepted" | "refused" | "unknown" };
    this.statements.push(statement);
    return (accepted) => {
      statement.heard = accepted ? "accepted" : "refused";
    };
  }
}
