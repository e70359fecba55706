import type { Statement } from "./chronicle.ts";
import { type SlackWorkspace, slackSettings } from "./local.ts";
import type { PersonName } from "./plan.ts";

type Heard = Statement["heard"];

/** How long (ms) a person waits for the result, and how often that person looks. */
const patienceMs = 600_000;
const lookEveryMs = 5_000;

/** Buttons about changes, and about a key that was left disabled. */
export type ChangeButton = "approve-change" | "refuse-change" | "start-key" | "start-usage";

/** Words of the line by which everyone learns that a person did so. */
const lines: Readonly<Record<ChangeButton, string>> = {
  "approve-change": " approved the permit for",
  "refuse-change": " re",
  "start-key": " wants it started",
  "start-usage": " ",
};

interface Button {
  readonly action_id?: string;
  readonly value?: string;
}

/** Presses the newest button that is about `subject`, answers the dialog where there is one, and waits for the result. Returns with what the button names. */
export async function press(
  slack: SlackWorkspace,
  sleep: (ms: number) => Promise<void>,
  by: PersonName,
  { button, subject }: { readonly button: ChangeButton; readonly subject: string },
): Promise<{ readonly heard: Heard; readonly name?: string }> {
  const user = `U0${by.toUpperCase()}`;
  const found = newest(slack, button, subject);
  if (found === undefined) return { heard: "refused" };
  const { ts, name } = found;
  const before = { whispers: whispersTo(slack, user).length, lines: linesOf(slack, by, button) };
  const pressed = await pressUntilAnswered(slack, sleep, { user, ts, button });
  if (pressed.status !== 200) return { heard: "unknown", name };
  if (hasDialog(button)) {
    if (pressed.dialog === undefined) return { heard: "refused", name };
    const answer = await slack.submit(user, pressed.dialog, { reason: "CHG-1234: as agreed" });
    if (slack.modals.some(({ id }) => id === pressed.dialog)) await slack.dismiss(user, pressed.dialog);
    if (answer.status !== 200) return { heard: "unknown", name };
    // A queue that took the request and whose answer was lost looks to the stack like one that did not take it.
    if (answer.body.includes("Try again; if it keeps failing")) return { heard: "unknown", name };
    if (answer.body !== "") return { heard: "refused", name };
  }
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookEveryMs) {
    await sleep(lookEveryMs);
    if (linesOf(slack, by, button) > before.lines) return { heard: "accepted", name };
    if (whispersTo(slack, user).slice(before.whispers).some(isRefusal)) return { heard: "refused", name };
  }
  return { heard: "unknown", name };
}

function hasDialog(button: ChangeButton): boolean {
  return button === "approve-change" || button === "start-key";
}

/** How often a person presses where no dialog opens: a cold start may take longer than Slack waits. */
const maxPresses = 3;

async function pressUntilAnswered(
  slack: SlackWorkspace,
  sleep: (ms: number) => Promise<void>,
  { user, ts, button }: { readonly user: string; readonly ts: string; readonly button: ChangeButton },
): Promise<{ readonly status: number; readonly dialog?: string }> {
  for (let presses = 1; ; presses++) {
    const { status } = await slack.click(user, slackSettings.slackChannel, ts, button);
    const dialog = slack.modals.findLast((modal) => modal.user === user && modal.view.callback_id === button)?.id;
    if (!hasDialog(button) || dialog !== undefined || presses === maxPresses)
      return { status, ...(dialog !== undefined && { dialog }) };
    await sleep(lookEveryMs);
  }
}

/** The newest message with such a button, and what its value names. */
function newest(slack: SlackWorkspace, button: ChangeButton, subject: string) {
  for (const { channel, threadTs, ts, blocks } of slack.messages.toReversed()) {
    if (channel !== slackSettings.slackChannel || threadTs !== undefined) continue;
    const elements = (blocks as readonly { readonly elements?: readonly Button[] }[]).flatMap(
      ({ elements: own = [] }) => own,
    );
    // A click presses the first button of its kind.
    const first = elements.find(({ action_id: id }) => id === button);
    if (first?.value?.includes(`${subject}#`) === true) return { ts, name: first.value };
  }
  return undefined;
}

function isRefusal(text: string): boolean {
  return /^(Nothing has changed|Nothing is started|Someone requested this already|This vote)/.test(text);
}

function whispersTo(slack: SlackWorkspace, user: string): readonly string[] {
  return slack.ephemerals.filter((each) => each.user === user).map(({ text }) => text);
}

function linesOf(slack: SlackWorkspace, by: PersonName, button: ChangeButton): number {
  return slack.messages.filter(({ blocks }) => JSON.stringify(blocks).includes(`${by}${lines[button]}`)).length;
}
