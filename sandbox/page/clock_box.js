// The workspace's clock: shows UTC and the person's time; moves forward, or to a given time.
import * as acts from "./acts.js";
import { el, icon } from "./dom.js";
import { openPopover } from "./popover.js";
import { now, zone } from "./store.js";
import { toast } from "./toast.js";
import { city, clockTime, localDate, longDay } from "./time.js";
import { localWords, utcWords } from "./topbar.js";

const STEPS = [
  ["+5 min", 300],
  ["+30 min", 1800],
  ["+1 h", 3600],
  ["+8 h", 28800],
];

/** {button, render()}: one face of the clock; there may be several. */
export function createClock() {
  const utc = el("span", { class: "clock-utc" });
  const local = el("span", { class: "clock-local" });
  const button = el(
    "button",
    {
      type: "button",
      class: "clock-button",
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      "data-testid": "clock",
      on: { click: () => open(button) },
    },
    icon("clock"),
    utc,
    local,
  );
  const render = () => {
    if (utc.textContent !== utcWords()) utc.textContent = utcWords();
    if (local.textContent !== localWords()) local.textContent = localWords();
    button.setAttribute("aria-label", `Clock: ${utcWords()}, ${localWords()}. Move it`);
  };
  return { button, render };
}

function open(anchor) {
  const given = el("input", {
    type: "datetime-local",
    class: "field",
    value: `${localDate(now(), "UTC")}T${clockTime(now(), "UTC")}`,
    "aria-label": "Time in UTC",
  });
  const face = el("p", { class: "clock-face" });
  const draw = () =>
    face.replaceChildren(
      el("strong", {}, clockTime(now(), "UTC")),
      ` UTC, ${longDay(now(), "UTC")}`,
      el("br"),
      el("strong", {}, clockTime(now(), zone())),
      ` ${city(zone())}, ${longDay(now(), zone())}`,
    );
  const move = async (body) => {
    const answer = await acts.setClock(body);
    if (!answer.refused) setTimeout(draw, 150);
  };
  draw();
  const timer = setInterval(draw, 1000);
  openPopover(
    anchor,
    el(
      "div",
      { class: "clock-panel", role: "dialog", "aria-label": "Workspace clock" },
      face,
      el("p", { class: "hint" }, "The app follows this clock: what falls due on the way happens at once."),
      el(
        "div",
        { class: "clock-steps" },
        STEPS.map(([label, seconds]) =>
          el(
            "button",
            { type: "button", class: "button", on: { click: () => move({ advance_s: seconds }) } },
            label,
          ),
        ),
      ),
      el(
        "div",
        { class: "clock-given" },
        given,
        el("span", {}, "UTC"),
        el(
          "button",
          {
            type: "button",
            class: "button primary",
            on: {
              click: () => {
                if (!given.value) return toast("Choose a time first.", "error");
                return move({ now: `${given.value.slice(0, 16)}:00Z` });
              },
            },
          },
          "Go there",
        ),
      ),
    ),
    { name: "clock", title: "Workspace clock", onClose: () => clearInterval(timer) },
  );
}
