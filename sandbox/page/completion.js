// Suggestions under a text area: arrows choose, Tab or Enter takes, Escape leaves.
import { avatar } from "./avatar.js";
import { el } from "./dom.js";

/** `candidates(word, isStart)` → [{insert, label, hint?, extra?, user?}]; `accept(choice, start, end)`. */
export function attachCompletion({ area, list, candidates, accept }) {
  let found = [];
  let at = 0;
  let word = null;
  let dismissed = "";

  area.setAttribute("role", "combobox");
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-expanded", "false");
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-haspopup", "listbox");

  const hide = () => {
    found = [];
    list.hidden = true;
    area.setAttribute("aria-expanded", "false");
    area.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    at = (index + found.length) % found.length;
    [...list.children].forEach((node, i) => {
      node.classList.toggle("is-active", i === at);
      node.setAttribute("aria-selected", String(i === at));
      if (i === at) node.scrollIntoView({ block: "nearest" });
    });
    area.setAttribute("aria-activedescendant", `${list.id}-${at}`);
  };
  const take = (index) => {
    const choice = found[index];
    const place = word;
    hide();
    accept(choice, place.start, place.end);
    area.focus();
  };
  const update = () => {
    word = wordAt(area);
    const shown = word ? candidates(word.text, word.start === 0) : [];
    if (!shown.length || dismissed === word.text || area.selectionStart !== area.selectionEnd) return hide();
    dismissed = "";
    found = shown;
    list.replaceChildren(...shown.map((choice, i) => row(choice, `${list.id}-${i}`, () => take(i))));
    list.hidden = false;
    area.setAttribute("aria-expanded", "true");
    return mark(0);
  };
  area.addEventListener("input", update);
  area.addEventListener("click", update);
  area.addEventListener("blur", hide);
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const isWhole = found[at]?.kind === "command" && word.text === found[at].insert;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (
      event.key === "Tab" ||
      (event.key === "Enter" && !isWhole && !event.ctrlKey && !event.metaKey)
    ) {
      event.preventDefault();
      take(at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      dismissed = word.text;
      hide();
    }
  });
  return { hide };
}

/** The word that ends at the caret, when it begins with / @ # or : */
function wordAt(area) {
  const before = area.value.slice(0, area.selectionStart);
  const match = /(?:^|[\s(])([/@#:][^\s@#]*(?: [^\s@#/]{1,20})?)$/.exec(before);
  if (!match) return null;
  const oneWord = /(?:^|[\s(])([/@#:][^\s]*)$/.exec(before);
  const text = match[1][0] === "@" ? match[1] : oneWord?.[1];
  return text ? { text, start: before.length - text.length, end: area.selectionStart } : null;
}

function row(choice, id, run) {
  return el(
    "div",
    {
      class: "completion-row",
      role: "option",
      id,
      "aria-selected": "false",
      "data-insert": choice.insert,
      on: { pointerdown: (event) => event.preventDefault(), click: run },
    },
    choice.user ? avatar(choice.user, "small") : null,
    el("strong", { dir: "auto" }, choice.label),
    choice.extra ? el("span", { class: "completion-extra" }, choice.extra) : null,
    choice.hint ? el("small", { dir: "auto" }, choice.hint) : null,
  );
}
