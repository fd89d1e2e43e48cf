// Where people write: grows with its text, completes commands and names, keeps drafts, sends.
import * as acts from "./acts.js";
import { attachCompletion } from "./completion.js";
import { el, icon } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { openMenu } from "./popover.js";
import { nameOf, readDraft, store, writeDraft } from "./store.js";
import { toast } from "./toast.js";

const MAX_UPLOAD = 20 * 1024 * 1024;
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Typed text as the workspace wants it: escaped, chosen or exactly typed names as <@U…> and <#C…>.
 * In a command names travel as handles (`@ana`): the workspace escapes them where the command asked for it.
 */
export function toWire(text, mentions, { isCommand = false } = {}) {
  const people = [...store.people.values()].map((user) => ({
    label: `@${nameOf(user.id)}`,
    token: `<@${user.id}>`,
    handle: `@${user.name}`,
  }));
  const tokens = [...mentions, ...people]
    .filter((one) => text.includes(one.label))
    .sort((a, b) => b.label.length - a.label.length);
  const found = [];
  let marked = text;
  for (const { label, token, handle } of tokens) {
    marked = marked.split(label).join(`\u0000${found.length}\u0000`);
    found.push(isCommand ? (handle ?? label) : token);
  }
  if (!isCommand) {
    marked = escape(marked).replace(/(^|\s)@(here|channel|everyone)\b/g, "$1<!$2>");
  }
  return marked.replace(/\u0000(\d+)\u0000/g, (_, index) => found[Number(index)]);
}

/** {node, show(place, thread_ts), focus()}; `id` is the text area's. */
export function createComposer({ id, testid, onSent = () => {} }) {
  let place = null;
  let thread = null;
  let mentions = [];
  const box = () => `${place.id}${thread ? `:${thread}` : ""}`;
  const area = el("textarea", {
    id,
    class: "composer-text",
    rows: "1",
    dir: "auto",
    "data-testid": testid,
    autocomplete: "off",
    spellcheck: "true",
    enterkeyhint: "send",
  });
  const sendButton = el(
    "button",
    {
      type: "button",
      class: "send",
      "aria-label": "Send",
      title: "Send (Enter)",
      disabled: true,
      on: { click: () => send() },
    },
    icon("send"),
  );
  const file = el("input", {
    type: "file",
    hidden: true,
    multiple: true,
    "data-testid": "file-input",
    on: { change: () => uploadAll() },
  });
  const plus = el(
    "button",
    {
      type: "button",
      class: "icon-button plus",
      "aria-label": "Add a file or run a shortcut",
      title: "Add",
      "aria-haspopup": "menu",
      on: { click: () => openPlus() },
    },
    icon("plus"),
  );
  const list = el("div", {
    class: "completion",
    role: "listbox",
    id: `${id}-list`,
    "aria-label": "Suggestions",
    hidden: true,
  });
  const node = el(
    "div",
    { class: "composer", "data-testid": "composer-box" },
    list,
    el("div", { class: "composer-row" }, plus, area, sendButton),
    file,
  );

  const grow = () => {
    area.style.setProperty("height", "auto");
    area.style.setProperty(
      "height",
      `${Math.min(area.scrollHeight, Math.round(window.innerHeight * 0.35))}px`,
    );
    sendButton.disabled = !area.value.trim();
  };
  const save = () => place && writeDraft(box(), { text: area.value, mentions });
  const setText = (text, caret = text.length) => {
    area.value = text;
    area.setSelectionRange(caret, caret);
    save();
    grow();
  };
  const completion = attachCompletion({
    area,
    list,
    candidates: (word, isStart) => candidates(word, isStart, thread),
    accept,
  });

  function accept(choice, start, end) {
    if (choice.token) mentions.push({ label: choice.insert, token: choice.token, handle: choice.handle });
    const text = `${area.value.slice(0, start)}${choice.insert} ${area.value.slice(end).replace(/^ /, "")}`;
    setText(text, start + choice.insert.length + 1);
  }

  async function send() {
    const text = area.value.trimEnd();
    if (!text.trim()) return;
    const kept = { text, mentions, place, thread };
    const isCommand = /^\/[a-z]/i.test(text);
    setText("");
    mentions = [];
    completion.hide();
    const wire = toWire(text, kept.mentions, { isCommand });
    const done = isCommand
      ? await acts.command(place.id, wire, thread)
      : !(await acts.say(place.id, wire, thread)).refused;
    if (!done) giveBack(kept);
    else onSent();
  }

  /** What was typed is kept when it could not be sent, unless something new was typed meanwhile. */
  function giveBack(kept) {
    const key = `${kept.place.id}${kept.thread ? `:${kept.thread}` : ""}`;
    if (place && key === box()) {
      if (area.value) return;
      mentions = kept.mentions;
      setText(kept.text);
    } else {
      writeDraft(key, { text: kept.text, mentions: kept.mentions });
    }
  }

  async function uploadAll() {
    for (const one of file.files) {
      if (one.size > MAX_UPLOAD) toast(`${one.name} is larger than 20 MB.`, "error");
      else await acts.upload(place.id, one, thread);
    }
    file.value = "";
  }

  function openPlus() {
    const shortcuts = (store.state.app?.shortcuts ?? []).filter((one) => one.type === "global");
    openMenu(
      plus,
      [
        ...shortcuts.map((one) => ({
          label: one.name,
          hint: store.state.app.name,
          icon: "plus",
          callbackId: one.callback_id,
          run: () => acts.shortcut(one),
        })),
        { label: "Upload a file", icon: "file", run: () => file.click() },
      ],
      { name: "plus-menu", title: "Add" },
    );
  }

  area.addEventListener("input", () => {
    save();
    grow();
  });
  area.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.key !== "Enter" || event.isComposing) return;
    const breaks =
      event.shiftKey ||
      event.altKey ||
      (window.matchMedia("(pointer: coarse)").matches && !event.ctrlKey && !event.metaKey);
    if (breaks) return;
    event.preventDefault();
    send();
  });
  area.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    for (const one of event.clipboardData.files) acts.upload(place.id, one, thread);
  });

  const show = (next, nextThread = null) => {
    const key = `${store.as}/${next.id}/${nextThread}`;
    const words = nextThread
      ? "Reply…"
      : `Message ${next.kind === "dm" ? next.name : `${next.is_private ? "🔒 " : "#"}${next.name}`}`;
    area.placeholder = words;
    area.setAttribute("aria-label", words);
    if (node.dataset.key === key) return;
    node.dataset.key = key;
    place = next;
    thread = nextThread;
    completion.hide();
    const draft = readDraft(box());
    mentions = draft.mentions;
    area.value = draft.text;
    grow();
  };
  return { node, show, focus: () => area.focus({ preventScroll: true }), area };
}

/** What fits the word before the caret: commands at the start, else people, channels or emoji. */
function candidates(word, isStart, thread) {
  const part = word.slice(1).toLowerCase();
  if (word[0] === "/" && isStart && !thread) {
    return (store.state.app?.commands ?? [])
      .filter((one) => one.command.startsWith(word.toLowerCase()))
      .map((one) => ({
        insert: one.command,
        label: one.command,
        extra: one.usage_hint,
        hint: one.description,
        kind: "command",
      }));
  }
  if (word[0] === "@") return people(part);
  if (word[0] === "#") {
    return [...store.conversations.values()]
      .filter((one) => one.kind === "channel" && !one.is_archived && one.name.includes(part))
      .slice(0, 8)
      .map((one) => ({
        insert: `#${one.name}`,
        token: `<#${one.id}>`,
        label: `#${one.name}`,
        hint: one.topic?.value ?? one.topic ?? "",
      }));
  }
  if (word[0] === ":" && part.length > 1)
    return findEmoji(part).map((one) => ({ insert: one.char, label: `${one.char} :${one.name}:` }));
  return [];
}

function people(part) {
  const known = [...store.people.values()].filter((user) => !user.deleted);
  const fits = (user) =>
    `${nameOf(user.id)} ${user.name}`
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(part)) || nameOf(user.id).toLowerCase().startsWith(part);
  const found = known
    .filter(fits)
    .slice(0, 8)
    .map((user) => ({
      insert: `@${nameOf(user.id)}`,
      token: `<@${user.id}>`,
      handle: `@${user.name}`,
      label: nameOf(user.id),
      hint: user.title ?? "",
      user: user.id,
    }));
  const calls = ["here", "channel"]
    .filter((name) => part && name.startsWith(part))
    .map((name) => ({
      insert: `@${name}`,
      label: `@${name}`,
      hint: name === "here" ? "Everybody active here" : "Everybody in this channel",
    }));
  return [...found, ...calls];
}
