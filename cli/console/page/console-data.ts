import { useEffect, useState } from "preact/hooks";
import type { ConsoleData, Row, StackPart } from "../parts.ts";
import { get, SessionError } from "./session.ts";

/** What the page knows of the stacks. */
export interface Known {
  readonly connection: "starting" | "live" | "lost" | "refused";
  readonly rows: readonly Row[];
  readonly stacks: readonly StackPart[];
  /** The stacks' time less this machine's (ms). */
  readonly aheadMs: number;
}

/** How often (ms) the console is asked for what changed; the console itself decides when it asks AWS. */
const pollEveryMs = 2_000;

/** Returns what the console knows, again and again while the page is in sight. `hurry` asks at once. */
export function useConsoleData(): { readonly known: Known; readonly hurry: () => void } {
  const [known, set] = useState<Known>({ connection: "starting", rows: [], stacks: [], aheadMs: 0 });
  const [feed] = useState(() => new Feed(set));
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, []);
  return { known, hurry: () => void feed.poll() };
}

class Feed {
  readonly #show: (known: Known) => void;
  readonly #rows = new Map<string, Row>();
  #list: readonly Row[] = [];
  #stacks: readonly StackPart[] = [];
  #aheadMs = 0;
  #version = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isAsking = false;

  constructor(show: (known: Known) => void) {
    this.#show = show;
  }

  start(): void {
    this.#timer = setInterval(() => void this.poll(), pollEveryMs);
    document.addEventListener("visibilitychange", this.#poll);
    void this.poll();
  }

  stop(): void {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#poll);
  }

  readonly #poll = () => void this.poll();

  /** A page out of sight asks for nothing, so that nobody reads a stack whom nobody watches. */
  async poll(): Promise<void> {
    if (this.#isAsking || document.hidden) return;
    this.#isAsking = true;
    try {
      this.#take(await get<ConsoleData>(`/data?after=${this.#version}`));
      this.#tell("live");
    } catch (error) {
      this.#tell(error instanceof SessionError ? error.kind : "lost");
    } finally {
      this.#isAsking = false;
    }
  }

  #take({ version, now, rows, stacks }: ConsoleData): void {
    if (version < this.#version) this.#rows.clear();
    for (const row of rows) this.#rows.set(`${row.place}/${row.name}`, row);
    if (rows.length > 0) this.#list = [...this.#rows.values()];
    this.#version = version;
    this.#stacks = stacks;
    this.#aheadMs = now - Date.now();
  }

  #tell(connection: Known["connection"]): void {
    this.#show({ connection, rows: this.#list, stacks: this.#stacks, aheadMs: this.#aheadMs });
  }
}
