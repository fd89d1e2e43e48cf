// A question before something touches others. Answers true or false; Escape means no.
import { el } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** Asks as a Block Kit confirm object says. */
export const confirmed = (spec) =>
  ask({
    title: plain(spec.title?.text),
    body: textObject(spec.text),
    yes: plain(spec.confirm?.text) || "Confirm",
    no: plain(spec.deny?.text) || "Cancel",
    danger: spec.style === "danger",
  });

export function ask({ title, body, yes, no = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const close = (answer) => () => dialog.close(answer);
    const dialog = el(
      "dialog",
      { class: "dialog confirm", "aria-labelledby": "confirm-title", "data-testid": "confirm" },
      el("h2", { id: "confirm-title" }, title),
      el("div", { class: "confirm-text" }, body),
      el(
        "div",
        { class: "dialog-foot" },
        el("button", { type: "button", class: "button", on: { click: close("no") } }, no),
        el(
          "button",
          {
            type: "button",
            class: danger ? "button danger solid" : "button primary",
            on: { click: close("yes") },
          },
          yes,
        ),
      ),
    );
    const back = document.activeElement;
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (back?.isConnected) back.focus({ preventScroll: true });
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
