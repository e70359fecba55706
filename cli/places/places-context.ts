import type { Credentials } from "../shell/credentials.ts";
import type { Terminal } from "../shell/terminal.ts";
import type { Place } from "./place.ts";

/** What ends the calls for a place, and keeps them from being ended. */
export interface Bounds {
  readonly signal: AbortSignal;
  readonly alive: () => void;
}

/** Credentials, and the account that STS says they belong to. */
export interface SignedIn {
  readonly credentials: Credentials;
  readonly account: string;
}

/** Resolves the credentials of a place and asks STS for their account. Throws what AWS or the SDK says. */
export type SignIn = (place: Place, bounds: Bounds) => Promise<SignedIn>;

/** What a command over many places uses. */
export interface PlacesContext extends Terminal {
  /** Returns what signs in; places of one call share what they have in common. */
  readonly signIn: () => Promise<SignIn>;
  /** Calls `ring` after so many ms, unless the returned function is called before. */
  readonly timer: (ms: number, ring: () => void) => () => void;
}
