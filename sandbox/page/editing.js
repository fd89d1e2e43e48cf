// Changing one's own message in place.
import * as acts from "./acts.js";
import { el } from "./dom.js";
import { decode } from "./mrkdwn.js";
import { nameOf, store } from "./store.js";
import { toWire } from "./wire.js";

const readable = (text) =>
  decode(
    text
      .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${nameOf(id)}`)
      .replace(/<#(\w+)(?:\|[^>]*)?>/g, (_, id) => `#${store.conversations.get(id)?.name ?? id}`)
      .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, "@$1"),
  );

const channelMentions = () =>
  [...store.conversations.values()]
    .filter((one) => one.kind === "channel")
    .map((one) => ({ label: `#${one.name}`, token: `<#${one.id}>` }));

/** Puts an editor over the message's text until it is saved or left with Escape. */
export function startEdit(place, m, node) {
  if (node.querySelector(".editing")) return;
  const area = el("textarea", {
    class: "field",
    rows: 3,
    dir: "auto",
    "aria-label": "Edit message",
    "data-testid": "edit-message",
  });
  area.value = readable(m.text);
  const leave = () => {
    const message = box.closest(".message"); // the one on screen now: it may have been redrawn
    box.remove();
    message?.focus({ preventScroll: true });
  };
  const save = async () => {
    if (!area.value.trim()) return;
    const answer = await acts.edit(place.id, m.ts, toWire(area.value.trimEnd(), channelMentions()));
    if (!answer.refused) leave();
  };
  const box = el(
    "div",
    { class: "editing" },
    area,
    el(
      "div",
      { class: "dialog-foot" },
      el("button", { type: "button", class: "button", on: { click: leave } }, "Cancel"),
      el("button", { type: "button", class: "button primary", on: { click: save } }, "Save"),
    ),
  );
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  });
  node.querySelector(".tools")?.remove();
  node.querySelector(".message-body").append(box);
  area.focus();
}
