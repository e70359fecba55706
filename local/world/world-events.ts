import { createChangeBook } from "../../lib/aws/dynamodb/change-book.ts";
import { changeRecordedType } from "../../lib/aws/events/own-event.ts";
import { changeNameFrom } from "../../lib/domain/ledger/change-name.ts";
import type { Entry } from "../../lib/domain/ledger/entry.ts";
import { type Subject, subjectText } from "../../lib/domain/operations/subject.ts";
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
  /** An entry of the chain of another change, with the key, alias or setting that was changed. */
  readonly changed: (subject: Subject, entry: Entry) => void;
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
  listenToChanges(world, listener);
}

/** The event of a change names its chain and nothing else: what is new of the chain is read. */
function listenToChanges({ bus, busName, store, tableName }: World, { changed }: Listener): void {
  const book = createChangeBook(store, tableName);
  const told = new Map<string, number>();
  bus.observe(busName, (envelope) => {
    const event = envelope as { "detail-type"?: string; detail: { change?: string } };
    const name = changeNameFrom(event.detail.change ?? "");
    if (event["detail-type"] !== changeRecordedType || name === undefined) return;
    const tell = async () => {
      const chain = await book.read(name);
      if (chain === undefined) return;
      const news = chain.entries.slice(told.get(chain.name) ?? 0);
      told.set(chain.name, chain.entries.length);
      for (const entry of news) changed(name.subject, entry);
    };
    // The store is gone because the world ends, or someone has broken it: the next event of the chain tells the rest.
    void tell().catch(() => {});
  });
}

/** Returns what people call the subject of a change: of a key, its alias. */
export function nameOfSubject({ controlPlane }: Pick<World, "controlPlane">, subject: Subject): string {
  const alias = subject.kind === "key" ? controlPlane.aliasOf(subject.keyArn) : undefined;
  return alias ?? subjectText(subject);
}
