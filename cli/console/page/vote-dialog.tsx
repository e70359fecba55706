import { useRef, useState } from "preact/hooks";
import type { Answer, ChainPart, Row } from "../parts.ts";
import { post } from "./session.ts";

interface VoteProps {
  readonly row: Row;
  readonly chain: ChainPart | undefined;
  readonly caller: string;
  /** Why no vote can be cast from here. */
  readonly noVotes: string | undefined;
  readonly voted: () => void;
}

type Choice = "approve" | "keep";

const texts: Readonly<Record<Choice, { readonly button: string; readonly title: string; readonly confirm: string }>> = {
  keep: { button: "Keep key …", title: "Keep this key", confirm: "Keep this key" },
  approve: { button: "Approve deletion …", title: "Approve the deletion", confirm: "Approve the deletion" },
};

/** The votes that count on a case as it stands now: none on a change, and none where nothing can be decided any more. */
export function VoteButtons({ row, chain, caller, noVotes, voted }: VoteProps) {
  const [choice, choose] = useState<Choice>("keep");
  const dialog = useRef<HTMLDialogElement>(null);
  const isPending = row.deletePendingAt !== undefined && row.state !== "key-destroyed";
  if (row.kind !== "case" || (row.question === undefined && !isPending)) return null;
  if (noVotes !== undefined) return <p class="note">No votes from here: {noVotes}.</p>;
  const open = (each: Choice) => {
    choose(each);
    dialog.current?.showModal();
  };
  return (
    <>
      <p class="buttons">
        <button type="button" class="primary" onClick={() => open("keep")}>
          {texts.keep.button}
        </button>
        {row.question === undefined ? null : (
          <button type="button" class="danger" onClick={() => open("approve")}>
            {texts.approve.button}
          </button>
        )}
      </p>
      <dialog ref={dialog} aria-labelledby="vote-title">
        <VoteForm
          key={choice}
          {...{ row, choice, caller, voted }}
          offer={chain?.offer ?? []}
          close={() => dialog.current?.close()}
        />
      </dialog>
    </>
  );
}

interface FormProps {
  readonly row: Row;
  readonly choice: Choice;
  readonly offer: readonly string[];
  readonly caller: string;
  readonly voted: () => void;
  readonly close: () => void;
}

function VoteForm({ row, choice, offer, caller, voted, close }: FormProps) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const { title, confirm } = texts[choice];
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const lost: Answer = { ok: false, text: "the console does not answer: the vote may or may not have been sent" };
    setAnswer(await post("/vote", { place: row.place, name: row.name, choice, reason }).catch(() => lost));
    setBusy(false);
    voted();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h2 id="vote-title">{title}</h2>
      <p>
        <bdi>{row.title}</bdi> <code>{row.name}</code>
      </p>
      {choice === "approve" ? (
        <ul class="offer">
          {offer.map((sentence) => (
            <li key={sentence}>
              <bdi>{sentence}</bdi>
            </li>
          ))}
        </ul>
      ) : (
        <p>The key stays, or is restored. One person is enough for that.</p>
      )}
      <p class="note">
        You vote as {caller || "the person of your AWS credentials"}; the vote and the reason go on record, signed with
        your credentials.
      </p>
      <label class="field" for="vote-reason">
        Reason or ticket
        <textarea
          id="vote-reason"
          rows={3}
          required
          maxLength={500}
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      <p class={answer?.ok === false ? "error" : "good"} role="alert">
        {answer?.text}
      </p>
      <div class="buttons">
        <button type="button" onClick={close}>
          {answer?.ok ? "Close" : "Cancel"}
        </button>
        {answer?.ok ? null : (
          <button
            type="submit"
            class={choice === "approve" ? "danger" : "primary"}
            disabled={busy || reason.trim() === ""}
          >
            {busy ? "Waiting for the verdict …" : confirm}
          </button>
        )}
      </div>
    </form>
  );
}
