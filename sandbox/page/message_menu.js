// What can be done with a message: the tools that appear on hover or focus, and the long-press menu.
import * as acts from "./acts.js";
import { ask } from "./confirm.js";
import { el, icon, isPhone } from "./dom.js";
import { emoji, PALETTE } from "./emoji.js";
import { decode } from "./mrkdwn.js";
import { arrows, closePopover, isOpen, openMenu, openPopover } from "./popover.js";
import { conversation, isApp, store } from "./store.js";

const LONG_PRESS_MS = 450;
let openThread = () => {};
let startEdit = () => {};
export function onMessageActs(handlers) {
  openThread = handlers.openThread;
  startEdit = handlers.startEdit;
}

/** Hangs tools on a list of messages. */
export function messageTools(list, { inThread }) {
  const tools = el("div", { class: "tools", role: "toolbar", "aria-label": "Message" });
  const attach = (node) => {
    if (
      !node ||
      node === tools.parentElement ||
      isOpen("message-menu") ||
      isOpen("palette") ||
      node.querySelector(".editing")
    )
      return;
    tools.replaceChildren(...toolButtons(node, inThread));
    node.append(tools);
  };
  list.addEventListener(
    "pointerover",
    (event) => event.pointerType === "mouse" && attach(event.target.closest(".message")),
  );
  list.addEventListener(
    "pointerleave",
    () => !tools.contains(document.activeElement) && !isOpen() && tools.remove(),
  );
  list.addEventListener("focusin", (event) => {
    const node = event.target.closest(".message");
    if (node && !tools.contains(event.target) && event.target.matches(":focus-visible") && !isPhone())
      attach(node);
  });
  list.addEventListener("keydown", (event) => {
    if (!event.target.classList.contains("message")) return;
    if (event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      event.preventDefault();
      menu(event.target, event.target, inThread);
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) {
      if (ownKeys(event.key, event.target)) event.preventDefault();
    }
  });
  longPress(list, inThread);
  list.addEventListener("click", (event) => {
    const summary = event.target.closest("[data-thread]");
    if (summary) openThread(store.place, summary.dataset.thread);
  });
}

function longPress(list, inThread) {
  let timer = null;
  const cancel = () => clearTimeout(timer);
  list.addEventListener("pointerdown", (event) => {
    cancel();
    const node = event.target.closest(".message");
    if (event.pointerType === "mouse" || !node || event.target.closest("button, a, input, textarea, .select"))
      return;
    timer = setTimeout(() => menu(node, node, inThread), LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) {
    list.addEventListener(
      name,
      (event) => (name !== "pointermove" || Math.abs(event.movementY) > 3) && cancel(),
    );
  }
  list.addEventListener("contextmenu", (event) => {
    const node = event.target.closest(".message");
    if (!node || event.target.closest("a") || !isPhone()) return;
    event.preventDefault();
    menu(node, node, inThread);
  });
}

/** E edits, Delete deletes one's own message; whether the key meant something. */
function ownKeys(key, node) {
  const { place, m } = found(node);
  if (!m || m.ephemeral || m.user !== store.as) return false;
  if (key === "e" || key === "E") startEdit(place, m, node);
  else if (key === "Delete") removeAsked(place, m);
  else return false;
  return true;
}

const found = (node) => {
  const place = conversation();
  return { place, m: place?.messages.find((one) => one.ts === node.dataset.ts) };
};

function toolButtons(node, inThread) {
  const { place, m } = found(node);
  if (!m || m.ephemeral) return [];
  const tool = (label, content, run) =>
    el(
      "button",
      { type: "button", class: "tool", "aria-label": label, title: label, on: { click: run } },
      content,
    );
  return [
    ...["white_check_mark", "eyes", "pushpin"].map((name) =>
      tool(`React with ${name.replaceAll("_", " ")}`, el("span", { class: "emoji" }, emoji(name)), () =>
        acts.react(place.id, m.ts, name),
      ),
    ),
    tool("Add reaction", icon("smile"), (event) =>
      palette(event.currentTarget, (name) => acts.react(place.id, m.ts, name)),
    ),
    inThread ? null : tool("Reply in thread", icon("reply"), () => openThread(place.id, m.thread_ts ?? m.ts)),
    tool("More actions", icon("more"), (event) => menu(event.currentTarget, node, inThread)),
  ].filter(Boolean);
}

function menu(anchor, node, inThread) {
  const { place, m } = found(node);
  if (!m || m.ephemeral) return;
  const own = m.user === store.as;
  const shortcuts = (store.state.app?.shortcuts ?? []).filter((one) => one.type === "message");
  openMenu(
    anchor,
    [
      inThread
        ? null
        : { label: "Reply in thread", icon: "reply", run: () => openThread(place.id, m.thread_ts ?? m.ts) },
      {
        label: "Add reaction",
        icon: "smile",
        run: () => palette(node, (name) => acts.react(place.id, m.ts, name)),
      },
      { label: "React with 📌", icon: "smile", run: () => acts.react(place.id, m.ts, "pushpin") },
      place.pins.includes(m.ts)
        ? null
        : { label: "Pin to this conversation", icon: "pin", run: () => acts.pin(place.id, m.ts) },
      ...shortcuts.map((one) => ({
        label: one.name,
        hint: store.state.app.name,
        icon: "plus",
        callbackId: one.callback_id,
        run: () => acts.shortcut(one, place.id, m.ts),
      })),
      own && !isApp(m.user)
        ? { label: "Edit message", hint: "E", icon: "file", run: () => startEdit(place, m, node) }
        : null,
      own
        ? {
            label: "Delete message",
            hint: "Del",
            icon: "close",
            danger: true,
            run: () => removeAsked(place, m),
          }
        : null,
    ].filter(Boolean),
    { name: "message-menu", title: "Message" },
  );
}

async function removeAsked(place, m) {
  const body = el("p", { dir: "auto" }, decode(m.text).slice(0, 200));
  if (await ask({ title: "Delete this message?", body, yes: "Delete", danger: true }))
    acts.remove(place.id, m.ts);
}

/** The small emoji palette; `onPick(name)`. */
export function palette(anchor, onPick) {
  const buttons = PALETTE.map((name) =>
    el(
      "button",
      {
        type: "button",
        class: "palette-item",
        "aria-label": name.replaceAll("_", " "),
        title: `:${name}:`,
        "data-emoji": name,
        on: {
          click: () => {
            closePopover();
            onPick(name);
          },
        },
      },
      emoji(name),
    ),
  );
  const grid = el("div", { class: "palette", role: "group", "aria-label": "Choose a reaction" }, buttons);
  openPopover(anchor, grid, { name: "palette", title: "Add reaction" });
  grid.addEventListener("keydown", (event) => arrows(event, buttons, 6));
  buttons[0].focus();
}
