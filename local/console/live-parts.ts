import type { ServerResponse } from "node:http";
import type { Acting, Parts } from "./parts.ts";

/** Changes closer together than this (ms) are sent as one. */
const togetherMs = 60;

/** Tells every open page what has changed since it was last told, part by part. */
export class LiveParts {
  readonly #parts: (acting: Acting) => Partial<Parts>;
  /** Of every open page as whom it acts, and what it was sent of each part, as JSON. */
  readonly #pages = new Map<ServerResponse, { readonly acting: Acting; readonly sent: Map<string, string> }>();
  #soon: NodeJS.Timeout | undefined;

  constructor(parts: (acting: Acting) => Partial<Parts>) {
    this.#parts = parts;
  }

  add(page: ServerResponse, acting: Acting): void {
    page.on("close", () => this.#pages.delete(page));
    page.write("retry: 1000\n\n");
    this.#pages.set(page, { acting, sent: new Map() });
    this.changed();
  }

  /** Something may be otherwise. Nothing is worked out while nobody looks. */
  changed(): void {
    if (this.#pages.size === 0) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#tell();
    }, togetherMs);
  }

  close(): void {
    clearTimeout(this.#soon);
    for (const page of this.#pages.keys()) page.end();
  }

  #tell(): void {
    // Tabs that act as the same person are shown the same.
    const made = new Map<string, ReadonlyMap<string, string>>();
    for (const [page, { acting, sent }] of this.#pages) {
      const viewer = `${acting.person} ${acting.days}`;
      const now = made.get(viewer) ?? this.#textsFor(acting);
      made.set(viewer, now);
      // A page that reads too slowly gets the newest of everything once it has read.
      if (page.writableNeedDrain) page.once("drain", () => this.changed());
      else tellPage(page, sent, now);
    }
  }

  #textsFor(acting: Acting): ReadonlyMap<string, string> {
    return new Map(Object.entries(this.#parts(acting)).map(([name, part]) => [name, JSON.stringify(part)]));
  }
}

function tellPage(page: ServerResponse, told: Map<string, string>, now: ReadonlyMap<string, string>): void {
  const set = [...now].filter(([name, json]) => told.get(name) !== json);
  const gone = [...told.keys()].filter((name) => !now.has(name));
  if (set.length === 0 && gone.length === 0) return;
  for (const [name, json] of set) told.set(name, json);
  for (const name of gone) told.delete(name);
  const fields = set.map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  page.write(`data: {"set":{${fields.join(",")}},"gone":${JSON.stringify(gone)}}\n\n`);
}
