// A telephone that rings for the acting person: the words that were said, and one button that answers.
// On the phone beside the page, or in a banner above it. It never takes the keyboard from somebody who types.
import * as acts from "./acts.js";
import { el, icon } from "./dom.js";
import { nameOf, store, zone } from "./store.js";
import { clockTime, toEpoch } from "./time.js";

const TYPING = "input, textarea, select";

/** What rings for the acting person, the longest first. */
export const calls = () => (store.state?.phone ?? []).filter((one) => one.state === "ringing");

/** {render(slot)}: `slot` is the screen of the phone when that is shown, else null. */
export function createRinging() {
  let shown = null; // the handle of the call on the card
  let back = null; // where the keyboard was before
  let isReached = false;
  const putAway = new Set();
  const since = el("p", { class: "ringing-since" });
  const words = el("p", { class: "ringing-words", id: "ringing-words", dir: "auto" });
  const aloud = el("p", { class: "unseen", role: "alert" });
  const answer = el(
    "button",
    { type: "button", class: "ringing-answer", "data-testid": "answer", on: { click: () => take() } },
    icon("handset"),
    "Answer",
  );
  const away = el(
    "button",
    {
      type: "button",
      class: "icon-button ringing-away",
      "aria-label": "Put away; it goes on ringing",
      title: "Put away; it goes on ringing",
      on: { click: () => leave() },
    },
    icon("close"),
  );
  const card = el(
    "div",
    {
      class: "ringing",
      role: "alertdialog",
      "aria-describedby": "ringing-words",
      "data-testid": "ringing",
      tabindex: "-1",
    },
    el("span", { class: "ringing-bell", "aria-hidden": "true" }, icon("handset")),
    el("div", { class: "ringing-text" }, words, since),
    away,
    answer,
  );

  const render = (slot) => {
    const waiting = calls().filter((one) => slot || !putAway.has(one.handle));
    const call = waiting[0];
    if (!call) return end();
    const isNew = call.handle !== shown;
    shown = call.handle;
    words.textContent = call.words;
    since.textContent = sinceWords(call, waiting.length - 1);
    card.setAttribute("aria-label", `${nameOf(store.as)}'s phone rings`);
    stand(slot);
    if (isNew) arrive();
    return undefined;
  };

  /** In the phone's screen, or above everything: inside an open dialog, for what is outside of it is inert. */
  function stand(slot) {
    const home = slot ?? [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    if (card.parentElement === home) return;
    const held = card.contains(document.activeElement) ? document.activeElement : null;
    card.classList.toggle("banner", !slot);
    if (slot) card.removeAttribute("popover");
    else card.setAttribute("popover", "manual");
    home.append(card);
    if (!slot) card.showPopover();
    held?.focus({ preventScroll: true });
  }

  function arrive() {
    isReached = false;
    answer.classList.remove("busy");
    const at = document.activeElement;
    if (card.contains(at)) return undefined;
    back = at === document.body ? null : at;
    if (!at?.matches(TYPING)) return card.focus({ preventScroll: true });
    aloud.textContent = `Your phone rings: ${words.textContent} Press Tab to answer.`;
    card.parentElement.append(aloud);
    return undefined;
  }

  function end() {
    if (!shown) return;
    const hadIt = card.contains(document.activeElement);
    shown = null;
    aloud.remove();
    card.remove();
    if (hadIt && back?.isConnected) back.focus({ preventScroll: true });
  }

  async function take() {
    answer.classList.add("busy");
    const answered = await acts.answerPhone(shown);
    if (answered.refused) answer.classList.remove("busy");
  }

  function leave() {
    for (const one of calls()) putAway.add(one.handle);
    end();
  }

  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card.classList.contains("banner")) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    const isPlainTab = event.key === "Tab" && !event.shiftKey && !event.ctrlKey && !event.altKey;
    if (!shown || isReached || !isPlainTab || event.defaultPrevented) return;
    isReached = true;
    event.preventDefault();
    answer.focus();
  });
  return { render };
}

function sinceWords(call, others) {
  const when = `Since ${clockTime(toEpoch(call.rang_at), zone())}`;
  return others ? `${when} · ${others} more ${others === 1 ? "call" : "calls"}` : when;
}
