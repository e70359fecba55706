import type { EntryBody } from "../../domain/ledger/entry.ts";
import type { CaseFile } from "./case-file.ts";
import type { Run } from "./run.ts";

/** Adds `body` to a case. Where the case has no room for it, the run continues without it: it may still restore the key, and allows no deletion. */
export function recordEntry(run: Run, file: CaseFile, body: EntryBody): "go-on" {
  if (!file.add(body, run.guard.clock())) {
    run.noRoom = true;
    run.guard.log("CASE_FULL", { keyArn: run.arn, generation: file.state.generation, kind: body.kind });
  }
  return "go-on";
}
