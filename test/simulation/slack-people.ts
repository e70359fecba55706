import type { Statement } from "./chronicle.ts";
import { type SlackWorkspace, slackSettings } from "./local.ts";
import type { PersonName } from "./plan.ts";
import { isUnknown } from "./unknown-answer.ts";

type Heard = Statement["heard"];

/** How long (ms) a person waits for the result of a vote, and how often that person looks. */
const patienceMs = 600_000;
const lookEveryMs = 5_000;

/** How a message names those who delete keys. */
const requesters: readonly (readonly [string, PersonName])[] = [
  ...(["alice", "bob", "carol"] as const).map((person) => [`${person}@example.com`, person] as const),
  ["mallory", "mallory"],
  ["key-reaper", "reaper"],
];

/** What people see and press in Slack. */
export class SlackPeople {
  readonly #slack: SlackWorkspace;
  readonly #sleep: (ms: number) => Promise<void>;

  constructor(slack: SlackWorkspace, sleep: (ms: number) => Promise<void>) {
    this.#slack = slack;
    this.#sleep = sleep;
  }

  /** The newest message about a key in the custodians' channel. */
  message(keyArn: string): { readonly ts: string; readonly text: string } | undefined {
    const { messages } = this.#slack;
    for (let n = messages.length - 1; n >= 0; n--) {
      const message = messages[n];
      if (message?.channel !== slackSettings.slackChannel || message.threadTs !== undefined) continue;
      const text = JSON.stringify(message.blocks);
      if (text.includes(keyArn)) return { ts: message.ts, text };
    }
    return undefined;
  }

  /** Who deleted the key, by its newest message. */
  requesterShown(keyArn: string): PersonName | undefined {
    const shown =
      /`([^`"]*)` (?:scheduled this key for deletion|wants to delete this key)/.exec(
        this.message(keyArn)?.text ?? "",
      )?.[1] ?? "";
    return requesters.find(([text]) => shown.startsWith(text))?.[1];
  }

  /** Whether people are asked to approve the deletion of a key: by a button, or by the command where AWS has to prove who approves. */
  isAsked(keyArn: string): boolean {
    return this.message(keyArn)?.text.includes("*May approve*") ?? false;
  }

  /** When the newest message about a key was posted (ms); 0 if there is none. */
  postedAt(keyArn: string): number {
    return Number(this.message(keyArn)?.ts ?? 0) * 1000;
  }

  /** Presses a button of the key's message, answers the dialog where there is one, and looks at the result. */
  async vote(by: PersonName, keyArn: string, choice: "keep" | "approve"): Promise<Heard> {
    const user = `U0${by.toUpperCase()}`;
    const { ts, text } = this.message(keyArn) ?? { ts: "", text: "" };
    if (!text.includes(`"${choice}"`)) return "refused";
    const before = { whispers: this.#whispersTo(user), lines: this.#linesOf(by, choice) };
    const { status } = await this.#slack.click(user, slackSettings.slackChannel, ts, choice);
    if (choice === "keep") return status === 200 ? await this.#verdict(user, by, choice, before) : "unknown";
    const dialog = this.#slack.modals.findLast((modal) => modal.user === user);
    if (dialog === undefined) return "refused";
    const answer = await this.#slack.submit(user, dialog.id, { reason: "CHG-1234: product retired" });
    if (this.#slack.modals.some(({ id }) => id === dialog.id)) await this.#slack.dismiss(user, dialog.id);
    if (answer.status !== 200) return "unknown";
    if (answer.body !== "") return isUnknown(answer.body) ? "unknown" : "refused";
    return await this.#verdict(user, by, choice, before);
  }

  /** Waits for the thread to report the vote, or for a word to the voter alone. */
  async #verdict(
    user: string,
    by: PersonName,
    choice: "keep" | "approve",
    before: { readonly whispers: number; readonly lines: number },
  ): Promise<Heard> {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookEveryMs) {
      await this.#sleep(lookEveryMs);
      if (this.#linesOf(by, choice) > before.lines) return "accepted";
      // A Keep on a kept key says so: nothing was added, and the key stays.
      if (this.#whispersTo(user) > before.whispers) return choice === "keep" ? "unknown" : "refused";
    }
    return "unknown";
  }

  #whispersTo(user: string): number {
    return this.#slack.ephemerals.filter((each) => each.user === user).length;
  }

  /** How often the threads tell that this person voted so. */
  #linesOf(by: PersonName, choice: "keep" | "approve"): number {
    const words = choice === "keep" ? "wants to keep the key" : "approves the deletion";
    return this.#slack.messages.filter(
      ({ threadTs, blocks }) => threadTs !== undefined && JSON.stringify(blocks).includes(`${by} ${words}`),
    ).length;
  }
}
