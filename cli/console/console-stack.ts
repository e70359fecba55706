import type { VerifierKey } from "../../lib/domain/log/verifier-key.ts";
import type { StackHealth } from "../health/stack-health.ts";
import type { Access } from "../shell/access.ts";
import type { AwsPlace } from "../stack/aws-place.ts";
import type { LogFile } from "../trail/log-file.ts";
import { Inclusion } from "./inclusion.ts";
import type { Versions } from "./known-chains.ts";
import type { StackPart } from "./parts.ts";
import { refreshTrouble } from "./refresh-trouble.ts";
import { StackChecks } from "./stack-checks.ts";
import { StackFeed } from "./stack-feed.ts";
import type { TablePages } from "./table-pages.ts";

export type Stack = AwsPlace & { readonly stage: string };

/** What a console uses of one stack. */
export interface StackAccess {
  /** Name of the place; empty for a single stack. */
  readonly place: string;
  readonly title: string;
  readonly stack: Stack;
  readonly profile?: string;
  readonly isLocal: boolean;
  readonly noVotes?: string;
  readonly key?: VerifierKey;
  readonly policyFile: string;
  /** Signs in, where the place is one of many. Throws what AWS says. */
  readonly signIn?: () => Promise<Access>;
  readonly pages: (stack: Stack) => Promise<TablePages>;
  readonly health: (stack: Stack) => Promise<StackHealth>;
  readonly caller: (stack: Stack) => Promise<string>;
  readonly files: (stack: Stack) => AsyncIterable<LogFile>;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly versions: Versions;
}

/** One stack that a console shows. */
export class ConsoleStack {
  readonly access: StackAccess;
  readonly feed: StackFeed;
  readonly checks: StackChecks;
  readonly inclusion: Inclusion;
  #caller = "";
  #began = false;

  constructor(access: StackAccess) {
    this.access = access;
    const { place, pages, health, files, key, policyFile, stack, now, versions, isLocal, profile } = access;
    const { stage, region } = stack;
    this.feed = new StackFeed({
      ...{ place, versions, now },
      pages: async () => await pages(await this.#signedIn()),
      troubleOf: (error) =>
        refreshTrouble(error, { stage, region, isLocal, ...(profile !== undefined && { profile }) }),
    });
    this.checks = new StackChecks({
      health: async () => await health(await this.#signedIn()),
      subject: { stackName: `reprieve-${stage}`, stage, region },
      ...{ policyFile, now },
    });
    this.inclusion = new Inclusion({ files: () => this.#files(files), now, ...(key && { key }) });
  }

  /** Reads what is due: the table, or the heartbeat in its place. Never throws. */
  async refresh(): Promise<void> {
    if (!this.#began) this.#begin();
    if (!this.checks.isHeartbeatDue || !this.feed.isIdleDue) return await this.feed.refreshIfDue();
    this.feed.skip();
    await this.checks.checkHeartbeat();
  }

  /** Checks the health of a deployed stack. Never throws. */
  async check(): Promise<void> {
    if (!this.access.isLocal) await this.checks.check();
  }

  get part(): StackPart {
    const { place, title, stack, isLocal, noVotes } = this.access;
    return {
      ...{ place, title, isLocal, stage: stack.stage, region: stack.region, caller: this.#caller },
      ...(noVotes !== undefined && { noVotes }),
      ...this.feed.known,
      ...(this.feed.chains.lastDecided && { lastDecided: this.feed.chains.lastDecided }),
      ...{ findings: this.checks.findings, isChecking: this.checks.isChecking },
    };
  }

  close(): void {
    this.feed.close();
  }

  /** Asks once what does not change while the console runs. The local world has nothing of what the checks ask. */
  #begin(): void {
    this.#began = true;
    const { caller, isLocal } = this.access;
    void this.#signedIn()
      .then(caller)
      .then(
        (arn) => {
          this.#caller = arn;
        },
        // The feed reports what is wrong with the credentials; who calls is asked again with the next refresh.
        () => {
          this.#began = isLocal;
        },
      );
    if (this.checks.findings.length === 0) void this.check();
  }

  async #signedIn(): Promise<Stack> {
    const { stack, signIn } = this.access;
    return signIn === undefined ? stack : { ...stack, access: await signIn() };
  }

  async *#files(files: StackAccess["files"]): AsyncIterable<LogFile> {
    yield* files(await this.#signedIn());
  }
}
