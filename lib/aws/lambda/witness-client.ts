import { GuardError } from "../../domain/guard-error.ts";
import type { VerifierKey } from "../../domain/log/verifier-key.ts";
import type { Witness, WitnessAnswer } from "../../workflows/ports/witness.ts";
import { regionOfFunctionUrl, type Signing, signedHeaders, type TextPost, textHeaders } from "./function-url.ts";

/** How a witness is reached. */
export interface WitnessAccess {
  /** https; `add-checkpoint` is asked below it. */
  readonly url: string;
  readonly key: VerifierKey;
  readonly fetch: typeof fetch;
  /** For the calls of a function URL of Lambda; no other host is sent anything of them. */
  readonly signing: Signing;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** The answer included (ms). */
const timeoutMs = 5_000;
/** A signature line has about 150 bytes. */
const longestAnswer = 16_384;

/** Returns a witness that is asked over HTTP (C2SP tlog-witness). It follows no redirect, so nothing is sent to another host. */
export function createWitness(access: WitnessAccess): Witness {
  const url = new URL("add-checkpoint", access.url.endsWith("/") ? access.url : `${access.url}/`);
  return {
    key: access.key,
    ask: async (body) => {
      try {
        return await answerTo(access, { url, body });
      } catch (error) {
        if (error instanceof GuardError) throw error;
        throw new GuardError("WITNESS_UNAVAILABLE", "retry", "the witness cannot be reached", { cause: error });
      }
    },
  };
}

async function answerTo(access: WitnessAccess, post: TextPost): Promise<WitnessAnswer> {
  const region = regionOfFunctionUrl(post.url.hostname);
  const headers =
    region === undefined ? textHeaders : await signedHeaders(post, region, access.signing, access.clock());
  const signal = AbortSignal.timeout(timeoutMs);
  const call = { method: "POST", headers, body: post.body, redirect: "error", signal } as const;
  const response = await access.fetch(post.url, call);
  return answerIn(response.status, await textOf(response));
}

function answerIn(status: number, text: string): WitnessAnswer {
  if (status === 429 || status >= 500)
    throw new GuardError("WITNESS_UNAVAILABLE", "retry", `the witness answered ${status}`);
  if (status === 200) return { status: "cosigned", lines: text };
  if (status === 422) return { status: "inconsistent" };
  const size = /^(0|[1-9][0-9]{0,15})\n?$/.exec(text)?.[1];
  if (status === 409 && size !== undefined && Number.isSafeInteger(Number(size)))
    return { status: "other-size", size: Number(size) };
  return { status: "refused", httpStatus: status };
}

/** Reads an answer to its end, unless it is longer than any answer of a witness. */
async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > longestAnswer) throw new GuardError("WITNESS_UNAVAILABLE", "retry", "the witness answered too much");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
