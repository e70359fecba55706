import type { Entry } from "../../lib/domain/ledger/entry.ts";
import type { World } from "./world.ts";

/** What can be learned of a world: what the guard published, not what this program thinks it did. */
export interface Listener {
  /** Someone called DeleteKey; with the name of the error where it failed. */
  readonly called: (errorName: string | undefined) => void;
  /** An entry of a case; `recorded` is false for one that the store could not take. */
  readonly published: (
    about: { readonly keyArn: string; readonly generation?: number },
    entry: Entry,
    recorded: boolean,
  ) => void;
}

export function listenTo(world: World, listener: Listener): void {
  world.bus.observe("default", (envelope) => {
    const { detail } = envelope as { detail: { eventName?: string; errorCode?: string } };
    if (detail.eventName === "DeleteKey") listener.called(detail.errorCode);
  });
  world.bus.observe(world.busName, (envelope) => {
    const { detail, ...event } = envelope as {
      detail: { case?: { keyArn: string; generation?: number }; entry?: Entry };
      "detail-type"?: string;
    };
    if (detail.case === undefined || detail.entry === undefined) return;
    listener.published(detail.case, detail.entry, !String(event["detail-type"]).startsWith("unrecorded-"));
  });
}
