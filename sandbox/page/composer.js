// Where people write: grows with its text, completes commands and names, keeps drafts, sends.
import * as acts from "./acts.js";
import { createAdding } from "./adding.js";
import { candidates } from "./candidates.js";
import { attachCompletion } from "./completion.js";
import { el, icon } from "./dom.js";
import { readDraft, store, writeDraft } from "./store.js";
import { toWire } from "./wire.js";

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
  const adding = createAdding(() => ({ place, thread }));
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
    el("div", { class: "composer-row" }, adding.plus, area, sendButton),
    adding.file,
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
