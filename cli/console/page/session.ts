import type { Answer } from "../parts.ts";

const storageName = "reprieve-secret";

/** The console does not answer, or does not take the secret. */
export class SessionError extends Error {
  readonly kind: "lost" | "refused";

  constructor(kind: "lost" | "refused") {
    super(kind);
    this.kind = kind;
  }
}

/**
 * Takes the secret out of the address, where it was handed over, and keeps it for other tabs of this browser: it is worth nothing once the console
 * has ended. What is left of the address can be copied.
 */
export function takeSecret(): void {
  const [, secret] = /^#k=([A-Za-z0-9_-]{1,100})$/.exec(location.hash) ?? [];
  if (secret === undefined) return;
  localStorage.setItem(storageName, secret);
  history.replaceState(null, "", `${location.pathname}#/`);
}

/** Returns what the console answers. Throws a SessionError. */
export async function get<Body>(path: string): Promise<Body> {
  return (await asked(path, {})) as Body;
}

/** Has the console do something. Throws a SessionError. */
export async function post(path: string, body: object = {}): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  return (await asked(path, { method: "POST", headers, body: JSON.stringify(body) })) as Answer;
}

async function asked(path: string, init: { headers?: Record<string, string>; method?: string; body?: string }) {
  const secret = localStorage.getItem(storageName) ?? "";
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, headers: { ...init.headers, "x-reprieve-secret": secret } });
  } catch {
    throw new SessionError("lost");
  }
  if (answer.status === 401 || answer.status === 403) throw new SessionError("refused");
  return await answer.json();
}
