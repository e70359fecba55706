import * as v from "valibot";

/** How a request that was sent is followed. */
export interface Following {
  /** Of the stack, without a slash at its end. */
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  /** Waits for so many ms. */
  readonly pause: (ms: number) => Promise<unknown>;
}

export interface Verdict {
  readonly accepted: boolean;
  readonly message: string;
}

const pollEveryMs = 1_000;
const maxPolls = 60;
const timeoutMs = 5_000;

const verdictSchema = v.object({ accepted: v.boolean(), message: v.string() });

/** Reads the receipt of a request until it holds the verdict; undefined when it has none after a minute. A poll that fails is one that waits. */
export async function awaitVerdict(receipt: string, following: Following): Promise<Verdict | undefined> {
  for (let poll = 0; poll < maxPolls; poll++) {
    await following.pause(poll === 0 ? pollEveryMs / 2 : pollEveryMs);
    const verdict = await readReceipt(receipt, following).catch(() => undefined);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

async function readReceipt(receipt: string, { endpoint, fetch }: Following): Promise<Verdict | undefined> {
  const answer = await fetch(`${endpoint}/receipts/${receipt}`, {
    headers: { accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body: unknown = await answer.json();
  return answer.status === 200 && v.is(verdictSchema, body)
    ? { accepted: body.accepted, message: body.message }
    : undefined;
}
