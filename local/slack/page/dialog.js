import { blockElements, element, spanElements } from "./elements.js";

const dialog = document.querySelector("#dialog");

/** The modal on show, as `id hash`: while it stays the same, what somebody typed stays too. */
let shown = "";
let modal;

/** Shows `next` (or nothing), and what the app says is wrong with it. */
export function drawDialog(next, act) {
  modal = next;
  const name = next ? `${next.id} ${next.hash}` : "";
  if (name !== shown) {
    shown = name;
    if (dialog.open) dialog.close();
    dialog.replaceChildren(...(next ? [form(next, act)] : []));
    if (next) dialog.showModal();
  }
  for (const { block_id, type } of next?.view.blocks ?? []) {
    if (type !== "input") continue;
    const wrong = next.errors[block_id] ?? "";
    const says = document.getElementById(`error-${block_id}`);
    if (says.textContent !== wrong) says.textContent = wrong;
    document.getElementById(`field-${block_id}`).setAttribute("aria-invalid", String(wrong !== ""));
  }
}

function form({ view }, act) {
  const made = element(
    "form",
    {},
    element("h2", { id: "dialog-title" }, spanElements(view.title.spans)),
    element(
      "div",
      { className: "blocks" },
      blockElements(view.blocks, () => {}),
    ),
    element("p", { className: "error trouble", role: "alert" }),
    element(
      "div",
      { className: "actions" },
      closeButton(view, act),
      view.submit &&
        element("button", { type: "submit", className: "button primary" }, spanElements(view.submit.spans)),
    ),
  );
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    send(made, act);
  });
  return made;
}

function closeButton({ close }, act) {
  const made = element("button", { type: "button", className: "button" }, close ? spanElements(close.spans) : "Close");
  made.addEventListener("click", () => act("close", { viewId: modal.id }));
  return made;
}

async function send(made, act) {
  const submit = made.querySelector("[type=submit]");
  // Not `disabled`: that would take the focus away.
  if (submit.ariaDisabled === "true") return;
  submit.ariaDisabled = "true";
  const trouble = made.querySelector(".trouble");
  trouble.textContent = "";
  const said = await act("submit", { viewId: modal.id, values: Object.fromEntries(new FormData(made)) });
  if (said?.app !== 200) trouble.textContent = "We had some trouble connecting. Try again?";
  submit.ariaDisabled = "false";
}

/** Escape closes it as the close button does: the app is told, and the state says when it is gone. */
export function listenForEscape(act) {
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (modal) act("close", { viewId: modal.id });
  });
}
