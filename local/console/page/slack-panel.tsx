import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { dateAndTime } from "../../../lib/notices/words.ts";
import type { Parts, WorldPart } from "../parts.ts";
import { type Block, Blocks, type Span, Spans } from "./block-kit.tsx";
import { act } from "./connection.ts";
import { FaultNotes } from "./fault-notes.tsx";

type Slack = Parts["slack"];
type Item = Slack["items"][number];
type Modal = Slack["modals"][number];

/** The stand-in for Slack, as one of its members sees it. */
export function SlackPanel({ slack, world }: { readonly slack: Slack; readonly world: WorldPart }) {
  const { members, channels, items, modals } = slack;
  const [chosen, setChosen] = useState(remembered);
  const choose = (change: Partial<typeof chosen>) => {
    const next = { ...chosen, ...change };
    sessionStorage.setItem("slack", JSON.stringify(next));
    setChosen(next);
  };
  const member = members.find(({ id }) => id === chosen.member) ?? members[0];
  const channel = channels.find(({ id }) => id === chosen.channel) ?? channels[0];
  const here = items.filter((item) => item.channel === channel?.id && (item.onlyFor ?? member?.id) === member?.id);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // A notice is read from its headline on; what belongs to it stands below.
    const box = list.current;
    const notice = box && [...box.querySelectorAll<HTMLElement>("li.message:not(.reply)")].at(-1);
    if (notice) box.scrollTop = notice.offsetTop;
  }, [here.length, channel?.id, member?.id]);
  const modal = modals.findLast(({ user }) => user === member?.id);
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    // One dialog may follow another: the focus goes back to where it was before the first.
    if (modal) opener.current ??= document.activeElement;
    else if (opener.current instanceof HTMLElement) {
      opener.current.focus();
      opener.current = null;
    }
  }, [modal === undefined]);
  return (
    <section class="panel slack" aria-labelledby="slack-title">
      <h2 id="slack-title">Slack, on this machine</h2>
      {world.slackFault === "up" ? null : (
        <p class="said warn">
          Slack: <strong>{world.slackFault}</strong> for the guard
        </p>
      )}
      <FaultNotes world={world} services={["secrets", "sts", "topic"]} />
      <div class="controls">
        <label>
          Act as
          <select value={member?.id} onChange={({ currentTarget }) => choose({ member: currentTarget.value })}>
            {members.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Channel
          <select value={channel?.id} onChange={({ currentTarget }) => choose({ channel: currentTarget.value })}>
            {channels.map(({ id, name }) => (
              <option key={id} value={id}>
                # {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {here.length === 0 ? (
        <p class="empty">
          Nothing was said here yet. Delete a PIN key, and the custodians are asked here, as they would be in Slack.
        </p>
      ) : null}
      <ol class="messages" ref={list} tabIndex={0} aria-label={`Messages in ${channel?.name ?? "the channel"}`}>
        {here.map((item) => (
          <Message key={`${item.channel} ${item.ts}`} item={item} as={member?.id ?? ""} />
        ))}
      </ol>
      {modal ? <Dialog key={`${modal.id} ${modal.hash}`} modal={modal} /> : null}
    </section>
  );
}

/** Each window acts for one person, also after a reload. */
function remembered(): { member: string; channel: string } {
  try {
    return { member: "", channel: "", ...(JSON.parse(sessionStorage.getItem("slack") ?? "{}") as object) };
  } catch {
    return { member: "", channel: "" };
  }
}

function Message({ item, as: user }: { readonly item: Item; readonly as: string }) {
  const { channel, ts, thread, blocks, text, edited, onlyFor } = item;
  const [busy, set] = useState(false);
  const press = async (actionId: string) => {
    if (busy) return;
    set(true);
    await act("slack-click", { user, channel, ts, actionId });
    set(false);
  };
  const at = Number(ts) * 1000;
  const shownBlocks = blocks as readonly Block[];
  return (
    <li class={`message ${thread === ts ? "" : "reply"} ${onlyFor ? "whisper" : ""}`} aria-busy={busy}>
      <p class="byline">
        <strong>{onlyFor ? "Slack" : "reprieve"}</strong>
        <span class="badge">{onlyFor ? "only visible to you" : thread === ts ? "app" : "in the thread"}</span>
        <time dateTime={new Date(at).toISOString()}>{dateAndTime(at).slice(5, 16)}</time>
        {edited ? <span>(edited)</span> : null}
      </p>
      {shownBlocks.length > 0 ? (
        <Blocks blocks={shownBlocks} press={(actionId) => void press(actionId)} />
      ) : (
        <p>
          <Spans spans={text as readonly Span[]} />
        </p>
      )}
    </li>
  );
}

interface View {
  readonly title: { readonly spans: readonly Span[] };
  readonly submit?: { readonly spans: readonly Span[] };
  readonly close?: { readonly spans: readonly Span[] };
  readonly blocks: readonly Block[];
}

function Dialog({ modal }: { readonly modal: Modal }) {
  const { id: viewId, user, errors } = modal;
  const view = modal.view as View;
  const dialog = useRef<HTMLDialogElement>(null);
  const [trouble, tell] = useState<string>();
  const closing = useRef(false);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => {
    if (closing.current) return;
    closing.current = true;
    void act("slack-close", { user, viewId });
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement));
    tell(await act("slack-submit", { user, viewId, values }));
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        // The app is notified, and the state says when it is gone.
        event.preventDefault();
        close();
      }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="dialog-title">
          <Spans spans={view.title.spans} />
        </h2>
        <Blocks blocks={view.blocks} press={() => {}} errors={errors} />
        <p class="error" role="alert">
          {trouble}
        </p>
        <div class="buttons">
          <button type="button" onClick={close}>
            {view.close ? <Spans spans={view.close.spans} /> : "Close"}
          </button>
          {view.submit ? (
            <button type="submit" class="primary">
              <Spans spans={view.submit.spans} />
            </button>
          ) : null}
        </div>
      </form>
    </dialog>
  );
}
