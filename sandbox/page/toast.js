// A short sentence that comes and goes, for what has no better place.
import { el, icon } from "./dom.js";

const STAYS_MS = 6000;

export function toast(text, kind = "info") {
  const root = document.getElementById("toasts");
  const node = el(
    "div",
    { class: `toast ${kind}`, "data-testid": "toast" },
    kind === "error" ? icon("warn") : null,
    el("span", { dir: "auto" }, text),
    el(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => node.remove() } },
      icon("close"),
    ),
  );
  root.append(node);
  while (root.children.length > 3) root.firstChild.remove();
  setTimeout(() => node.remove(), STAYS_MS);
}
