import { followUp } from "../../domain/case/confirmation.ts";
import type { CaseFile } from "./case-file.ts";
import type { Run } from "./run.ts";

/** Stores what `run` added to its cases and releases them. Returns `conflict` where another run wrote to one of them first. */
export async function storeFiles(run: Run): Promise<"saved" | "conflict"> {
  const { guard, files } = run;
  for (const file of files) {
    const now = guard.clock();
    if ((await file.release(guard.cases, now, dueAtOf(run, file, now))) === "conflict") return "conflict";
  }
  return "saved";
}

/** INVARIANT: a message that comes back never puts off what only a sweep can do, to ask CloudTrail for a record that did not come. */
function dueAtOf({ trigger, dueAt }: Run, { state }: CaseFile, now: number): number {
  return trigger !== "sweep" && followUp(state, now) === "explain" ? Math.min(dueAt, now) : dueAt;
}
