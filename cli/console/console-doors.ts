import { errorText } from "../shell/error-text.ts";
import { InputError } from "../shell/input-error.ts";
import type { Doors } from "./console-server.ts";
import type { ConsoleStack } from "./console-stack.ts";
import { castFromPage, pageVoteIn, type VoteContext } from "./console-votes.ts";
import type { Answer, ConsoleData } from "./parts.ts";
import { chainPart } from "./rows.ts";

/** Stacks that are read at the same time. */
const parallel = 4;

export interface ConsoleDoorsOptions {
  readonly stacks: readonly ConsoleStack[];
  readonly votes: VoteContext;
  readonly now: () => number;
  /** The version of the last row that changed. */
  readonly version: () => number;
}

/** Returns what the page asks for and posts. */
export function consoleDoors(options: ConsoleDoorsOptions): Pick<Doors, "get" | "post"> {
  const { stacks } = options;
  const refresh = new Refresh(stacks);
  const stackAt = (place: string | null) => stacks.find(({ access }) => access.place === place);
  return {
    get: async (path, query) => {
      if (path === "/data") {
        refresh.begin();
        return dataAfter(Number(query.get("after")) || 0, options);
      }
      const [stack, name] = [stackAt(query.get("place")), query.get("name") ?? ""];
      const trail = stack?.feed.chains.trail(name);
      if (stack === undefined || trail === undefined) return undefined;
      if (path === "/chain") return chainPart(trail);
      return path === "/inclusion" ? await inclusionOf(stack, name) : undefined;
    },
    post: async (path, body) => {
      if (path === "/refresh") for (const { feed } of stacks) feed.askForRound();
      else if (path === "/check") for (const stack of stacks) void stack.check();
      else if (path === "/vote") return await vote(body, stackAt, options.votes);
      else return undefined;
      refresh.begin();
      return { ok: true, text: "" } satisfies Answer;
    },
  };
}

function dataAfter(after: number, { stacks, now, version }: ConsoleDoorsOptions): ConsoleData {
  // Of another start of the console: the page gets everything.
  const since = after > version() ? 0 : after;
  return {
    ...{ version: version(), now: now() },
    rows: stacks.flatMap(({ feed }) => feed.chains.rowsAfter(since)),
    stacks: stacks.map(({ part }) => part),
  };
}

async function inclusionOf(stack: ConsoleStack, name: string): Promise<object> {
  try {
    return await stack.inclusion.proofsOf(name);
  } catch (error) {
    const text = error instanceof InputError ? error.message : `the log cannot be read: ${errorText(error)}`;
    return { ok: false, text } satisfies Answer;
  }
}

async function vote(
  body: string,
  stackAt: (place: string) => ConsoleStack | undefined,
  context: VoteContext,
): Promise<Answer> {
  const given = pageVoteIn(body);
  const stack = given && stackAt(given.place);
  if (given === undefined || stack === undefined) return { ok: false, text: "this is no vote: nothing was sent" };
  return await castFromPage(given, stack, context);
}

/** Reads the stacks that are due, a few at a time, however many pages are open. A stack that hangs holds up no other. */
class Refresh {
  readonly #stacks: readonly ConsoleStack[];
  readonly #begun = new Set<ConsoleStack>();
  readonly #waiting: ConsoleStack[] = [];
  #working = 0;

  constructor(stacks: readonly ConsoleStack[]) {
    this.#stacks = stacks;
  }

  begin(): void {
    for (const stack of this.#stacks) {
      if (this.#begun.has(stack)) continue;
      this.#begun.add(stack);
      this.#waiting.push(stack);
    }
    while (this.#working < parallel && this.#waiting.length > 0) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working += 1;
    for (let stack = this.#waiting.shift(); stack !== undefined; stack = this.#waiting.shift()) {
      await stack.refresh();
      this.#begun.delete(stack);
    }
    this.#working -= 1;
  }
}
