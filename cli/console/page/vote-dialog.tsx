import { useRef, useState } from "preact/hooks";
import type { Answer, ChainPart, Row } from "../parts.ts";
import { isAsked } from "./row-words.ts";
import { post } from "./session.ts";

interface VoteProps {
  readonly row: Row;
  readonly chain: ChainPart | undefined;
  readonly caller: string;
  /** Why no vote can be cast from here. */
  readonly noVotes: string | undefined;
  readonly voted: () => void;
  readonly now: number;
}

type Choice = "approve" | "keep";

interface VoteTexts {
  readonly button: string;
  readonly title: string;
  readonly effect: string;
}

const approval = { button: "Approve deletion …", title: "Approve the deletion", effect: "" };
const keepEffect = "The key stays, or is restored. One person is enough for that.";
const permitEffect = "No change passes by this permit. One person is enough for that.";

/** Returns the votes that count on a row as it stands now: none on a change, and none where nothing can be decided any more. */
function votesOn(row: Row, now: number): Partial<Readonly<Record<Choice, VoteTexts>>> {
  if (row.kind === "change") return {};
  if (row.kind === "case") {
    const isPending = row.deletePendingAt !== undefined && row.state !== "key-destroyed";
    const keep = { button: "Keep key …", title: "Keep this key", effect: keepEffect };
    return row.question !== undefined ? { keep, approve: approval } : isPending ? { keep } : {};
  }
  if (row.state === "permit-issued")
    return { keep: { button: "Revoke permit …", title: "Revoke this permit", effect: permitEffect } };
  if (!isAsked(row, now)) return {};
  return {
    keep: { button: "Refuse …", title: "Refuse this change", effect: permitEffect },
    approve: { button: "Approve change …", title: "Approve this change", effect: "" },
  };
}

export function VoteButtons({ row, chain, caller, noVotes, voted, now }: VoteProps) {
  const [choice, choose] = useState<Choice>("keep");
  const dialog = useRef<HTMLDialogElement>(null);
  const votes = votesOn(row, now);
  if (votes.keep === undefined) return null;
  if (noVotes !== undefined) return <p class="note">No votes from here: {noVotes}.</p>;
  const open = (each: Choice) => {
    choose(each);
    dialog.current?.showModal();
  };
  return (
    <>
      <p class="buttons">
        <button type="button" class="primary" onClick={() => open("keep")}>
          {votes.keep.button}
        </button>
        {votes.approve === undefined ? null : (
          <button type="button" class="danger" onClick={() => open("approve")}>
            {votes.approve.button}
          </button>
        )}
      </p>
      <dialog ref={dialog} aria-labelledby="vote-title">
        <VoteForm
          key={choice}
          {...{ row, choice, caller, voted }}
          texts={votes[choice] ?? votes.keep}
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
  readonly texts: VoteTexts;
  readonly offer: readonly string[];
  readonly caller: string;
  readonly voted: () => void;
  readonly close: () => void;
}

function VoteForm({ row, choice, texts: { title, effect }, offer, caller, voted, close }: FormProps) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
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
        <p>{effect}</p>
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
            {busy ? "Waiting for the verdict …" : title}
          </button>
        )}
      </div>
    </form>
  );
}
