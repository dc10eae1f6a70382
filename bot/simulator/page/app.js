// The chat page: one person's private chat with the bot.
import { demoNow, startClock } from "./clock.js";
import { firstLine, renderMessage } from "./message.js";
import { showTime } from "./text.js";

const $ = (id) => document.getElementById(id);
const person = choosePerson();
const messages = new Map(); // by id, as last heard
const waiting = new Map(); // pressed buttons by query id
const answered = new Set(); // queries whose answer came before the reply to the press

// choosePerson keeps a person per tab, and makes the next tab go on with the last one.
function choosePerson(fresh = false) {
  let id = fresh ? null : sessionStorage.getItem("person") ?? localStorage.getItem("person");
  if (!/^[1-9]\d{0,14}$/.test(id ?? "")) id = String(100000 + Math.floor(Math.random() * 900000));
  sessionStorage.setItem("person", id);
  localStorage.setItem("person", id);
  return id;
}

// post acts for the person. It returns the reply, or null after telling what went wrong.
async function post(action, body, type = "application/json") {
  const reply = await fetch(`/sim/chats/${person}/${action}`, {
    method: "POST", headers: { "Content-Type": type }, body: type === "application/json" ? JSON.stringify(body ?? {}) : body,
  }).catch(() => null);
  const result = await reply?.json().catch(() => null);
  if (reply?.ok) return result;
  toast(result?.error ?? "Not sent: the demo does not answer. Is it still running?");
  return null;
}

const actions = {
  command: (text) => post("text", { text }),
  enlarge: (picture) => {
    [$("large").src, $("large").alt] = [picture.src, picture.alt || "Picture"];
    $("enlarged").showModal();
  },
  copy: (text) => copy(text).then(() => toast("Copied"), () => toast("Your browser did not allow copying")),
  press,
};

// copy fails as well where a browser has no clipboard to write to: on a page that came over plain HTTP from elsewhere.
const copy = async (text) => navigator.clipboard.writeText(text);

async function press(button, message, data) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const result = await post("press", { message_id: message.id, data });
  const done = () => { button.ariaBusy = "false"; };
  if (!result || answered.delete(result.query_id)) return done();
  waiting.set(result.query_id, done);
  setTimeout(() => settle(result.query_id), 5000); // the bot may never answer
}

function settle(queryID) {
  waiting.get(queryID)?.();
  return waiting.delete(queryID);
}

function toast(text, milliseconds = 4000) {
  const element = document.createElement("div");
  element.textContent = text;
  $("toasts").append(element);
  setTimeout(() => element.remove(), milliseconds);
}

function showAnswer(answer) {
  if (!settle(answer.query_id)) answered.add(answer.query_id);
  if (!answer.text) return;
  if (!answer.alert) return toast(answer.text);
  $("alert-text").textContent = answer.text;
  if (!$("alert").open) $("alert").showModal();
}

// The log ---------------------------------------------------------------------------------------------------------

const itemOf = (id) => $("log").querySelector(`.message[data-id="${id}"]`);

// atEnd says whether the end of the log was in sight when it last stood still. Neither a window of another width nor a
// picture that arrives changes that: see arrangeLog.
let atEnd = true;

function toBottom() {
  $("scroller").scrollTop = $("scroller").scrollHeight;
  $("newest").hidden = true;
}

// arrangeLog keeps the end of the log in sight as long as it was, whatever changes its size or that of the window.
function arrangeLog() {
  const scroller = $("scroller");
  const size = () => `${scroller.clientHeight} ${$("log").offsetHeight}`;
  let settled = "";
  scroller.addEventListener("scroll", () => {
    if (size() !== settled) return; // of before the change that is about to be observed
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    if (atEnd) $("newest").hidden = true;
  });
  const sizes = new ResizeObserver(() => {
    settled = size();
    if (atEnd) toBottom();
  });
  for (const element of [scroller, $("log")]) sizes.observe(element);
}

// show puts a message where it belongs, or an edited one in the place it has.
function show(message) {
  const stick = atEnd;
  const old = itemOf(message.id);
  messages.set(message.id, message);
  const item = renderMessage(message, actions, messages.get(message.reply_to || message.pins));
  for (const time of item.querySelectorAll(".text time")) showTime(time, demoNow());
  if (old) {
    const focus = focusIn(old);
    old.replaceWith(item);
    if (focus) (item.querySelectorAll("button, a")[focus.index] ?? item).focus({ preventScroll: true });
  } else {
    insert(item, message.id);
  }
  $("empty").hidden = true;
  showPinned();
  if (stick || (!old && !message.from_bot)) toBottom();
  else if (!old) $("newest").hidden = false;
}

// showPinned shows the newest pinned message above the log; a press leads to it.
function showPinned() {
  const pinned = [...messages.values()].filter((message) => message.pinned).at(-1);
  $("pinned").hidden = !pinned;
  $("pinned-text").textContent = firstLine(pinned);
  $("pinned").onclick = () => itemOf(pinned.id)?.scrollIntoView({ block: "center" });
}

// focusIn says which control of the element has the focus, so that an edit does not take it from a keyboard's user.
function focusIn(element) {
  if (!element.contains(document.activeElement)) return null;
  return { index: [...element.querySelectorAll("button, a")].indexOf(document.activeElement) };
}

function insert(item, id) {
  const shown = [...$("log").querySelectorAll(".message")];
  $("log").insertBefore(item, shown.find((other) => Number(other.dataset.id) > id) ?? null);
  if ($("log").ariaBusy !== "true") item.classList.add("new");
  markDays();
}

// markDays keeps one heading before the first message of each day.
function markDays() {
  let last = "";
  for (const element of [...$("log").children]) {
    if (element.className === "day") {
      element.remove();
      continue;
    }
    const date = new Date(messages.get(Number(element.dataset.id)).date);
    const day = date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
    if (day !== last) {
      const heading = document.createElement("li");
      heading.className = "day";
      heading.textContent = day;
      element.before(heading);
      last = day;
    }
  }
}

function forget(id) {
  const focused = itemOf(id)?.contains(document.activeElement);
  itemOf(id)?.remove();
  messages.delete(id);
  markDays();
  showPinned();
  if (focused) $("scroller").focus({ preventScroll: true });
  $("empty").hidden = messages.size > 0;
}

// The connection ----------------------------------------------------------------------------------------------------

let quietTimer;

function listen() {
  const events = new EventSource(`/sim/chats/${person}/events`);
  const on = (name, handle) => events.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  events.addEventListener("open", () => status("bot"));
  events.addEventListener("error", () => {
    status("reconnecting…");
    // A browser gives up for good after some kinds of failure; the demo may only be starting again.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
  on("reset", () => {
    messages.clear();
    $("log").replaceChildren();
    $("log").ariaBusy = "true"; // history is not read out
    showPinned();
    $("empty").hidden = false;
    fillBot(); // which may have been told what to say since
    setTimeout(() => { $("log").ariaBusy = "false"; }, 300);
  });
  on("message", (message) => { status("bot"); show(message); });
  on("edit", show);
  on("delete", ({ id }) => forget(id));
  on("answer", showAnswer);
  on("action", ({ action }) => status(action === "typing" ? "typing…" : "sending a file…", 5000));
  on("state", ({ blocked }) => {
    $("composer").hidden = blocked;
    $("unblock").hidden = !blocked;
    $("block").textContent = blocked ? "Unblock the bot" : "Block the bot";
    $("block").dataset.action = blocked ? "unblock" : "block";
  });
}

function status(text, forMilliseconds) {
  clearTimeout(quietTimer);
  $("status").textContent = text;
  if (forMilliseconds) quietTimer = setTimeout(() => status("bot"), forMilliseconds);
}

// The controls --------------------------------------------------------------------------------------------------------

async function send(event) {
  event?.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  if (!await post("text", { text })) $("text").value ||= text;
}

async function fillCommands() {
  const list = await fetch(`/sim/commands?person=${person}`).then((reply) => reply.json(), () => []);
  const rows = list.map(({ command, description }) => {
    const row = document.createElement("button");
    row.type = "button";
    const name = document.createElement("b");
    name.textContent = "/" + command;
    row.append(name, description);
    row.addEventListener("click", () => {
      $("commands").hidePopover();
      post("text", { text: "/" + command });
    });
    return row;
  });
  if (rows.length === 0) {
    const none = document.createElement("p");
    none.textContent = "The bot has not named any commands yet.";
    rows.push(none);
  }
  $("commands").replaceChildren(...rows);
  $("commands").querySelector("button")?.focus();
}

function fillLanguages() {
  const chosen = localStorage.getItem("language") ?? navigator.language;
  const names = new Intl.DisplayNames([], { type: "language" });
  for (const tag of new Set([chosen, ...navigator.languages, "en", "de", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr", "uk", "zh"])) {
    $("language").add(new Option(names.of(tag), tag, tag === chosen, tag === chosen));
  }
  return chosen;
}

function arrangeControls() {
  $("composer").addEventListener("submit", send);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  });
  $("start").addEventListener("click", () => post("text", { text: startCommand() }));
  $("newest").addEventListener("click", toBottom);
  $("unblock").addEventListener("click", () => post("unblock"));
  $("block").addEventListener("click", () => { $("menu").hidePopover(); post($("block").dataset.action); });
  $("new-person").addEventListener("click", () => { choosePerson(true); location.reload(); });
  $("commands").addEventListener("toggle", (event) => { if (event.newState === "open") fillCommands(); });
  $("language").addEventListener("change", () => {
    localStorage.setItem("language", $("language").value);
    post("profile", { language: $("language").value }).then(fillBot);
  });
  $("picture").addEventListener("change", async () => {
    const [file] = $("picture").files;
    if (file) await post("photo", file, file.type);
    $("picture").value = "";
  });
}

// startCommand is what the button sends: a page with ?start=spasm stands for the link t.me/bot?start=spasm.
function startCommand() {
  const payload = new URLSearchParams(location.search).get("start") ?? "";
  return /^[\w-]{1,64}$/.test(payload) ? `/start ${payload}` : "/start";
}

// fillBot shows who the bot is, and what it says of itself to the person before the first message.
async function fillBot() {
  const bot = await fetch(`/sim/bot?person=${person}`).then((reply) => reply.json(), () => null);
  if (!bot) return;
  document.title = $("bot-name").textContent = bot.name;
  $("avatar").textContent = [...bot.name][0]?.toUpperCase() ?? "";
  if (bot.description) $("description").textContent = bot.description;
}

async function start() {
  $("person").textContent = person;
  arrangeControls();
  arrangeLog();
  startClock(toast);
  await post("profile", { language: fillLanguages() });
  await fillBot();
  listen();
}

start();
