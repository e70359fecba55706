import { drawDialog, listenForEscape } from "./dialog.js";
import { element } from "./elements.js";
import { drawItems } from "./messages.js";

const at = (selector) => document.querySelector(selector);

let state = { team: "", members: [], channels: [], items: [], modals: [] };

/** Each window acts for one person, also after a reload. */
const chosen = { member: sessionStorage.getItem("member"), channel: sessionStorage.getItem("channel") };

function choose(what, id) {
  chosen[what] = id;
  sessionStorage.setItem(what, id);
  draw();
}

/** Answers what the workspace said of it, if anything. */
async function act(kind, given) {
  const answer = await fetch(`/act/${kind}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: chosen.member, ...given }),
  }).catch(() => undefined);
  if (answer?.ok) return await answer.json();
  tell("lost", "That did not reach the workspace");
}

async function press({ channel, ts }, actionId, button) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  await act("click", { channel, ts, actionId });
  button.ariaDisabled = "false";
}

function draw() {
  const { members, channels, items, modals, team } = state;
  if (!members.some(({ id }) => id === chosen.member)) chosen.member = members[0]?.id;
  if (!channels.some(({ id }) => id === chosen.channel)) chosen.channel = channels[0]?.id;
  at("#team").textContent = team;
  drawMembers(members);
  drawChannels(channels);
  const here = items.filter(
    ({ channel, onlyFor = chosen.member }) => channel === chosen.channel && onlyFor === chosen.member,
  );
  const scroll = at("#scroll");
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const fresh = drawItems(at("#messages"), here, press);
  at("#empty").hidden = here.length > 0;
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  drawDialog(
    modals.findLast(({ user }) => user === chosen.member),
    act,
  );
  return fresh;
}

function drawMembers(members) {
  const select = at("#member");
  if (select.children.length !== members.length)
    select.replaceChildren(...members.map(({ id, name }) => element("option", { value: id }, name)));
  select.value = chosen.member ?? "";
}

function drawChannels(channels) {
  const list = at("#channels");
  if (list.children.length !== channels.length) list.replaceChildren(...channels.map(channelElement));
  for (const button of list.querySelectorAll("button"))
    button.ariaCurrent = button.dataset.id === chosen.channel ? "page" : null;
  const name = channels.find(({ id }) => id === chosen.channel)?.name ?? "";
  at("#channel").textContent = `# ${name}`;
  document.title = `${name} | Local Slack`;
}

function channelElement({ id, name }) {
  const button = element("button", { type: "button" }, `# ${name}`);
  button.dataset.id = id;
  button.addEventListener("click", () => choose("channel", id));
  return element("li", {}, button);
}

/** What a screen reader says of a change: the beginning of the newest message is enough. */
function announce(fresh) {
  const newest = fresh.at(-1);
  if (newest)
    at("#news").textContent = newest.text
      .map(({ text }) => text)
      .join("")
      .slice(0, 150);
}

function tell(how, text) {
  at("#connection").className = how;
  at("#connection").textContent = text;
}

function listen() {
  const events = new EventSource("/events");
  events.addEventListener("open", () => {
    tell("live", "Live");
  });
  events.addEventListener("error", () => {
    tell("lost", "Disconnected, trying again");
  });
  events.addEventListener("message", ({ data }) => {
    state = JSON.parse(data);
    tell("live", "Live");
    announce(draw());
  });
}

at("#member").addEventListener("change", ({ target }) => choose("member", target.value));
listenForEscape(act);
listen();
