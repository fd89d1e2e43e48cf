// A list of messages, grouped by day and author, that stays where the reader left it.
import { el, icon, keyed } from "./dom.js";
import { failureOf } from "./failures.js";
import { isJoin, isSystem, messageNode, surfaceOf, systemNode } from "./messages.js";
import { messageTools } from "./message_menu.js";
import { now, store, zone } from "./store.js";
import { dayTitle, localDate } from "./time.js";

const TOGETHER_S = 300;
const PAGE = 250;
const NEAR = 40; // px

/** {node, show(place, messages, options), toBottom(), isNearBottom()} */
export function createLog({ label, inThread = false, onRead = () => {} }) {
  const list = el("div", {
    class: "log",
    role: "log",
    "aria-label": label,
    "aria-live": "polite",
    "aria-relevant": "additions",
  });
  const start = el("div", { class: "log-start" });
  const latest = el(
    "button",
    { type: "button", class: "jump", hidden: true, on: { click: () => toBottom() } },
    icon("down"),
    "Latest messages",
  );
  const scroller = el(
    "div",
    { class: "log-scroll", "data-testid": inThread ? "thread-log" : "log" },
    start,
    list,
  );
  const node = el("div", { class: "log-frame" }, scroller, latest);
  let atBottom = true;
  let lastTop = 0;
  let shownPlace = null;
  let limit = PAGE;
  let total = 0;

  const toBottom = () => {
    scroller.scrollTop = scroller.scrollHeight;
    atBottom = true;
    latest.hidden = true;
  };
  const below = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  /** Only a reader who moves up leaves the bottom; a box that shrinks or grows does not. */
  const measure = () => {
    const isDown = scroller.scrollTop > lastTop;
    atBottom = below() < (isDown ? NEAR : 2) || (atBottom && scroller.scrollTop >= lastTop);
    lastTop = scroller.scrollTop;
    if (atBottom) latest.hidden = true;
    if (below() < NEAR) onRead();
  };
  scroller.addEventListener("scroll", measure, { passive: true });
  new ResizeObserver(() => atBottom && toBottom()).observe(scroller);
  new ResizeObserver(() => atBottom && toBottom()).observe(list);
  messageTools(list, { inThread });
  rove(list);

  /** The message at the top, with the line above it; a reader goes on from there. */
  const toMessage = (ts) => {
    const node = list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return;
    const above = node.previousElementSibling?.matches(".new-line, .day") ? node.previousElementSibling : node;
    scroller.scrollTop += above.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    lastTop = scroller.scrollTop;
    atBottom = below() < 2;
    latest.hidden = below() < NEAR;
  };

  const show = (place, messages, { intro, newFrom, startAt, resetKey }) => {
    const isNew = resetKey !== shownPlace;
    if (isNew) limit = PAGE;
    const shown = messages.length > limit ? messages.slice(-limit) : messages;
    const earlier =
      messages.length > limit
        ? el(
            "button",
            { type: "button", class: "button earlier", on: { click: showEarlier } },
            `Show ${Math.min(PAGE, messages.length - limit)} earlier messages`,
          )
        : intro;
    keyed(
      start,
      earlier
        ? [
            {
              key: earlier === intro ? "intro" : "earlier",
              sig: `${resetKey}${messages.length > limit}${earlier.textContent}`,
              make: () => earlier,
            },
          ]
        : [],
    );
    keyed(list, rows(place, shown, { inThread, newFrom }));
    if (list.querySelector(".message[tabindex='0']") === null)
      list.querySelector(".message:last-of-type")?.setAttribute("tabindex", "0");
    const grew = messages.length > total;
    shownPlace = resetKey;
    total = messages.length;
    if (isNew || atBottom) toBottom();
    else if (grew) latest.hidden = false;
    if (isNew && startAt) toMessage(startAt);
    function showEarlier() {
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      limit += PAGE;
      atBottom = false;
      show(place, messages, { intro, newFrom, startAt, resetKey });
      scroller.scrollTop = scroller.scrollHeight - fromEnd;
    }
  };
  return { node, show, toBottom, isNearBottom: () => below() < NEAR };
}

/** Rows for `keyed`: day dividers, the "New" line, messages and quiet lines. */
function rows(place, messages, { inThread, newFrom }) {
  const out = [];
  const world = worldOf(place, inThread);
  let day = null;
  let previous = null;
  let awaitsNew = newFrom !== null && newFrom !== undefined;
  for (let i = 0; i < messages.length; i += 1) {
    const m = messages[i];
    const date = localDate(Number(m.ts), zone());
    if (date !== day) {
      out.push(dayRow(m, date));
      day = date;
      previous = null;
    }
    if (awaitsNew && Number(m.ts) > Number(newFrom) && m.user !== store.as) {
      awaitsNew = false;
      if (i > 0) out.push({ key: "new", sig: "new", make: newLine });
    }
    if (isSystem(m)) {
      const run = quietRun(messages, i, date);
      out.push(quietRow(run, world));
      i += run.length - 1;
      previous = null;
    } else {
      out.push(messageRow(m, !isTogether(previous, m), world));
      previous = m;
    }
  }
  return out;
}

/** What every message of the list depends on beside itself. */
function worldOf(place, inThread) {
  const known = `${store.people.size}/${store.conversations.size}`;
  return {
    place,
    inThread,
    pins: new Set(place.pins ?? []),
    sig: `${known}/${zone()}/${localDate(now(), zone())}/${store.as}`,
    minute: Math.floor(now() / 60),
    replies: repliesOf(place),
  };
}

/** Root ts → the ts of its replies, as one string. */
function repliesOf(place) {
  const found = new Map();
  for (const m of place.messages) {
    if (m.thread_ts && m.thread_ts !== m.ts) {
      found.set(m.thread_ts, `${found.get(m.thread_ts) ?? ""} ${m.ts}`);
    }
  }
  return found;
}

function dayRow(m, date) {
  const words = dayTitle(Number(m.ts), zone(), now());
  const make = () =>
    el("div", { class: "day", role: "separator", "aria-label": words }, el("span", {}, words));
  return { key: `day ${date}`, sig: words, make };
}

const newLine = () => el("div", { class: "new-line", role: "separator" }, el("span", {}, "New"));

function quietRow(run, world) {
  const sig = JSON.stringify([run.map((one) => [one.ts, one.text]), world.sig]);
  return { key: run[0].ts, sig, make: () => systemNode(run, world.place) };
}

function messageRow(m, lead, world) {
  const how = { place: world.place, lead, inThread: world.inThread, pinned: world.pins.has(m.ts) };
  return { key: m.ts, sig: signature(m, how, world), make: (old) => replaced(old, messageNode(m, how)) };
}

/** Whether two messages stand under one name: same author and kind, minutes apart. */
function isTogether(previous, m) {
  return (
    previous !== null &&
    previous.user === m.user &&
    previous.username === m.username &&
    Boolean(previous.ephemeral) === Boolean(m.ephemeral) &&
    Number(m.ts) - Number(previous.ts) <= TOGETHER_S
  );
}

/** Quiet lines of one kind and day that follow each other: they become one. */
function quietRun(messages, at, date) {
  const first = messages[at];
  const belongs = (m) =>
    m?.subtype === first.subtype &&
    (isJoin(first) || m.user === first.user) &&
    localDate(Number(m.ts), zone()) === date;
  let end = at + 1;
  while (belongs(messages[end])) end += 1;
  return messages.slice(at, end);
}

function signature(m, how, world) {
  const text = JSON.stringify(m);
  return [
    text,
    how.lead,
    how.pinned,
    how.inThread ? "" : world.replies.get(m.ts),
    world.sig,
    failureOf(surfaceOf(how.place, m)),
    text.includes("{ago}") ? world.minute : "",
  ].join("\n");
}

/** A redrawn message keeps its place in the tab order, its open tools and its open editor. */
function replaced(old, fresh) {
  if (!old) return fresh;
  fresh.setAttribute("tabindex", old.getAttribute("tabindex") ?? "-1");
  const tools = old.querySelector(":scope > .tools");
  if (tools) fresh.append(tools);
  const editor = old.querySelector(".editing");
  if (editor) fresh.querySelector(".message-body").append(editor);
  return fresh;
}

/** One tab stop for the list; arrow keys go from message to message. */
function rove(list) {
  list.addEventListener("keydown", (event) => {
    if (!event.target.classList.contains("message")) return;
    const all = [...list.querySelectorAll(".message")];
    const at = all.indexOf(event.target);
    const goal = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (goal === undefined || !all[goal]) return;
    event.preventDefault();
    event.target.setAttribute("tabindex", "-1");
    all[goal].setAttribute("tabindex", "0");
    all[goal].focus();
  });
}
