// A searchable list of choices: the picker behind every select, and behind "Act as".
import { el, icon } from "./dom.js";
import { closePopover, openPopover, replace } from "./popover.js";

const SHOWN = 100;
let serial = 0;

/**
 * Opens a listbox at `anchor`. `choices`: [{value, label, hint?, lead?, group?}] or an async function of
 * the search words. `onPick(choice)`; with `multi` it stays open and `isPicked(value)` marks what is chosen.
 */
export function openListbox(
  anchor,
  {
    choices,
    multi = false,
    isPicked = () => false,
    onPick,
    onClose,
    search = true,
    title = "",
    name = "listbox",
  },
) {
  serial += 1;
  const id = `listbox-${serial}`;
  const list = el("div", {
    class: "listbox",
    role: "listbox",
    id,
    "aria-label": title || "Choices",
    "aria-multiselectable": multi || undefined,
  });
  const input = el("input", {
    type: "text",
    class: search ? "listbox-search" : "listbox-search visually-hidden",
    role: "combobox",
    "aria-controls": id,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-label": title ? `Search: ${title}` : "Search",
    placeholder: "Search",
    autocomplete: "off",
    spellcheck: "false",
    readonly: !search,
  });
  const box = el(
    "div",
    { class: "listbox-box" },
    el("div", { class: search ? "listbox-field" : "" }, input),
    list,
  );
  const state = { shown: [], at: 0 };

  const mark = (index) => {
    state.at = Math.max(0, Math.min(index, state.shown.length - 1));
    [...list.querySelectorAll("[role=option]")].forEach((node, i) => {
      node.classList.toggle("is-active", i === state.at);
      if (i === state.at) {
        input.setAttribute("aria-activedescendant", node.id);
        node.scrollIntoView({ block: "nearest" });
      }
    });
  };
  const pick = (choice) => {
    if (!choice) return;
    if (!multi) closePopover();
    onPick(choice);
    if (multi) draw(state.at);
  };
  const draw = (keepAt) => {
    list.replaceChildren();
    let group = null;
    state.shown.forEach((choice, i) => {
      if (choice.group && choice.group !== group)
        list.append(el("div", { class: "listbox-group", role: "presentation" }, choice.group));
      group = choice.group ?? group;
      list.append(
        option(
          choice,
          `${id}-${i}`,
          isPicked(choice.value),
          () => pick(choice),
          () => mark(i),
        ),
      );
    });
    if (!state.shown.length) list.append(el("p", { class: "listbox-none" }, "Nothing matches."));
    const picked = state.shown.findIndex((choice) => isPicked(choice.value));
    mark(keepAt ?? Math.max(0, multi ? 0 : picked));
    replace();
  };
  const find = async () => {
    const words = input.value.trim().toLowerCase();
    if (typeof choices === "function") state.shown = (await choices(words)).slice(0, SHOWN);
    else state.shown = choices.filter((choice) => matches(choice, words)).slice(0, SHOWN);
    if (list.isConnected) draw();
  };
  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    const steps = {
      ArrowDown: state.at + 1,
      ArrowUp: state.at - 1,
      PageDown: state.at + 8,
      PageUp: state.at - 8,
      Home: 0,
      End: state.shown.length - 1,
    };
    if (event.key in steps && !(search && input.value && ["Home", "End"].includes(event.key))) {
      event.preventDefault();
      mark(steps[event.key]);
    } else if (event.key === "Enter" || (event.key === " " && !search)) {
      event.preventDefault();
      pick(state.shown[state.at]);
    } else if (event.key === "Tab") {
      closePopover();
    }
  });
  openPopover(anchor, box, {
    name,
    title,
    label: title,
    width: Math.max(290, anchor.getBoundingClientRect().width),
    onClose,
  });
  find();
  input.focus({ preventScroll: true });
}

function matches(choice, words) {
  if (!words) return true;
  const text = `${choice.label} ${choice.hint ?? ""}`.toLowerCase();
  return words.split(/\s+/).every((word) => text.includes(word));
}

function option(choice, id, isPicked, pick, hover) {
  return el(
    "div",
    {
      class: "listbox-option",
      role: "option",
      id,
      "aria-selected": String(isPicked),
      "data-value": choice.value,
      on: { click: pick, pointermove: hover, pointerdown: (event) => event.preventDefault() },
    },
    choice.lead ?? null,
    el(
      "span",
      { class: "listbox-text" },
      el("span", { dir: "auto" }, choice.label),
      choice.hint ? el("small", { dir: "auto" }, choice.hint) : null,
    ),
    choice.tail ? el("span", { class: "listbox-tail" }, choice.tail) : null,
    isPicked ? icon("check") : null,
  );
}
