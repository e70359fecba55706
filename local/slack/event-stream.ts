import type { ServerResponse } from "node:http";

/** Changes closer together than this (ms) are told as one. */
const together = 30;

/** Tells every open page the whole state, whenever it has changed. */
export class EventStream {
  readonly #state: () => object;
  readonly #pages = new Set<ServerResponse>();
  readonly #late = new WeakSet<ServerResponse>();
  #soon: NodeJS.Timeout | undefined;

  constructor(state: () => object) {
    this.#state = state;
  }

  add(page: ServerResponse): void {
    page.on("close", () => this.#pages.delete(page));
    page.write("retry: 1000\n\n");
    this.#pages.add(page);
    this.#tell(page);
  }

  changed(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      for (const page of this.#pages) this.#tell(page);
    }, together);
  }

  close(): void {
    clearTimeout(this.#soon);
    for (const page of this.#pages) page.end();
  }

  /** A page that reads too slowly gets the newest state once it has read, not all of them. */
  #tell(page: ServerResponse): void {
    if (!page.writableNeedDrain) page.write(`data: ${JSON.stringify(this.#state())}\n\n`);
    else if (!this.#late.has(page)) {
      this.#late.add(page);
      page.once("drain", () => {
        this.#late.delete(page);
        this.#tell(page);
      });
    }
  }
}
