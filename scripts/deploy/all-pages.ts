/** More pages than any answer that is asked for here has: a token that leads to itself ends as an error. */
const mostPages = 200;

/** One page of an answer: what it holds, and the token of the next one. */
export interface Page<Part> {
  readonly parts?: readonly Part[] | null | undefined;
  readonly next?: string | null | undefined;
}

/**
 * Returns what all pages of an answer hold. AWS may end a page before its limit, even an empty one. `ask` gets the token of the page, or undefined for the
 * first. Throws what `ask` throws, and an Error for an answer without end.
 */
export async function allPages<Part>(
  ask: (token: string | undefined) => Promise<Page<Part>>,
): Promise<readonly Part[]> {
  const all: Part[] = [];
  let token: string | undefined;
  for (let n = 0; n < mostPages; n++) {
    const { parts, next } = await ask(token);
    all.push(...(parts ?? []));
    // Some services end with an empty token.
    if (next === undefined || next === null || next === "") return all;
    token = next;
  }
  throw new Error(`the answer has more than ${mostPages} pages`);
}
