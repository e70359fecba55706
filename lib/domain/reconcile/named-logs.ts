import { printableText } from "../printable-text.ts";
import type { ChangedFile, Hole, NamedLog } from "./digest-chains.ts";
import type { Span } from "./spans.ts";

/** How a log file stands to the digests. `copy`: of one that was read already. */
export type LogJudgement = "vouched" | "copy" | "changed" | "unnamed";

interface Expected extends NamedLog {
  spans: readonly Span[];
  state: "missing" | "changed" | "read";
}

/** The log files that valid digests name, and which of them were there. Names are compared as text: no path is made of them. */
export class NamedLogs {
  readonly #byName = new Map<string, Expected[]>();

  constructor(logs: readonly NamedLog[]) {
    for (const named of logs) {
      const name = lastOf(named.log.s3Object);
      const same = this.#byName.get(name) ?? [];
      // Both chains may name a log file.
      const known = same.find(
        ({ log }) => log.s3Object === named.log.s3Object && log.hashValue === named.log.hashValue,
      );
      if (known === undefined) same.push({ ...named, state: "missing" });
      else known.spans = [...known.spans, ...named.spans];
      this.#byName.set(name, same);
    }
  }

  /** Returns whether a digest names the file at `path`. */
  isNamed(path: string): boolean {
    return this.#named(path).length > 0;
  }

  /** Judges the file at `path` by the SHA-256 of the very bytes that are read (hex); undefined for bytes that cannot be read. */
  judge(path: string, sha256: string | undefined): LogJudgement {
    const named = this.#named(path);
    if (named.length === 0) return "unnamed";
    const right = named.find(({ log }) => log.hashValue === sha256);
    if (right === undefined) {
      for (const each of named) if (each.state === "missing") each.state = "changed";
      return "changed";
    }
    if (right.state === "read") return "copy";
    right.state = "read";
    return "vouched";
  }

  /** Returns the time that is not covered because log files are missing or changed. */
  end(): { readonly holes: readonly Hole[]; readonly changed: readonly ChangedFile[]; readonly missing: number } {
    const left = [...this.#byName.values()].flat().filter(({ state }) => state !== "read");
    const changed = left.filter(({ state }) => state === "changed");
    return {
      holes: left.flatMap(({ spans, state, log }) =>
        spans.map((span) => ({
          ...span,
          why: `${shown(log.s3Object)} is ${state === "changed" ? "not what its digest says" : "missing"}`,
        })),
      ),
      changed: changed.map(({ log, spans }) => ({
        at: spans[0]?.from ?? 0,
        says: `${shown(log.s3Object)}: not the bytes that its digest names`,
      })),
      missing: left.length - changed.length,
    };
  }

  /** The names of CloudTrail's files are unique, in whatever folder they lie now; the hash decides. */
  #named(path: string): readonly Expected[] {
    return this.#byName.get(lastOf(path)) ?? [];
  }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function shown(key: string): string {
  return printableText(lastOf(key), 200);
}
