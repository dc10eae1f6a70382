// The demo's clock and the faults of its flow. Both belong to the demo around the chat: where they are not served, their
// bars stay hidden and are not asked for again.
import { relative, showTime } from "./text.js";

const $ = (id) => document.getElementById(id);
const pollClockEvery = 500; // a press may plan the next message at once
const pollFaultsEvery = 2000;

// What the server last said, and when on this page's own clock.
let known = null;

// demoNow is the demo clock in milliseconds; the real one where there is none.
export function demoNow() {
  if (!known) return Date.now();
  return known.now + (performance.now() - known.at) * known.speed;
}

export function startClock(onError) {
  $("speeds").addEventListener("change", (event) => change({ speed: Number(event.target.value) }, onError));
  $("jump").addEventListener("click", () => change({ jump: true }, onError));
  pollClock();
  pollFaults();
  setInterval(tick, 250);
}

async function pollClock() {
  const reply = await fetch("/demo/clock").catch(() => null);
  if (reply?.status === 404) return;
  if (reply?.ok) learn(await reply.json());
  setTimeout(pollClock, pollClockEvery);
}

// The last change that was asked for: the next one waits until it is over, or it might arrive first.
let changing = Promise.resolve();

function change(what, onError) {
  changing = changing.then(() => ask(what, onError));
}

async function ask(what, onError) {
  const reply = await fetch("/demo/clock", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what),
  }).catch(() => null);
  if (!reply?.ok) {
    onError("The clock did not change. Is the demo still running?");
    return;
  }
  const fresh = await fetch("/demo/clock").catch(() => null);
  if (fresh?.ok) learn(await fresh.json());
}

function learn({ now, speed, next }) {
  known = { now: Date.parse(now), speed, next: next ? Date.parse(next) : null, at: performance.now() };
  $("clock").hidden = false;
  for (const radio of document.querySelectorAll("#speeds input")) radio.checked = Number(radio.value) === speed;
  $("jump").disabled = known.next === null;
  tick();
}

// tick moves everything on the page that shows time.
function tick() {
  const now = demoNow();
  for (const element of document.querySelectorAll('.text time[data-format="r"]')) showTime(element, now);
  if (!known) return;
  const shown = new Date(now);
  $("clock-now").dateTime = shown.toISOString();
  $("clock-now").textContent = shown.toLocaleString([], {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  $("clock-next").textContent = known.next === null ? "Nothing is planned" : `Next ${relative(Math.max(0, known.next - now))}`;
}

async function pollFaults() {
  const reply = await fetch("/demo/faults").catch(() => null);
  if (reply?.status === 404) return;
  const faults = reply?.ok ? await reply.json() : [];
  const list = $("fault-list");
  const same = faults.length === list.children.length && faults.every((fault, i) => list.children[i].textContent === fault);
  if (!same) {
    list.replaceChildren(...faults.map((fault) => {
      const item = document.createElement("li");
      item.textContent = fault;
      return item;
    }));
    $("faults").hidden = faults.length === 0;
  }
  setTimeout(pollFaults, pollFaultsEvery);
}
