// The acting person's phone: the lock screen shows notifications exactly as their text came.
import * as acts from "./acts.js";
import { el, icon, keyed } from "./dom.js";
import { conversation, isApp, me, nameOf, now, silence, store, zone } from "./store.js";
import { city, clockTime, fullMoment, localDate, longDay, shortDay, toEpoch } from "./time.js";

const SHOWN = 40;

/** {render(), screen}; `go(channel)` opens what a notification is about. */
export function createPhone(root, { go, close }) {
  const time = el("p", { class: "lock-time", "aria-hidden": "true" });
  const date = el("p", { class: "lock-date" });
  const hint = el("p", { class: "dnd-hint", hidden: true });
  const list = el("div", {
    class: "lock-list",
    role: "list",
    "aria-label": "Notifications",
    "data-testid": "lock-screen",
    tabindex: "0",
  });
  const owner = el("p", { class: "phone-owner" });
  const mute = el(
    "button",
    {
      type: "button",
      class: "icon-button",
      title: "Do not disturb",
      "aria-label": "Do not disturb",
      "data-testid": "mute",
      on: { click: () => acts.mute(store.as, !silence(me()).on) },
    },
    icon("moon"),
  );
  const screen = el(
    "div",
    { class: "device-screen" },
    el(
      "div",
      { class: "device-top" },
      el("span", { class: "device-notch", "aria-hidden": "true" }),
      time,
      date,
      hint,
    ),
    list,
  );
  root.append(
    el(
      "div",
      { class: "phone-head" },
      owner,
      mute,
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Hide the phone", on: { click: close } },
        icon("close"),
      ),
    ),
    el("div", { class: "device" }, screen),
  );

  const render = () => {
    if (root.hidden) return;
    owner.textContent = `${nameOf(store.as)}'s phone`;
    time.textContent = clockTime(now(), zone());
    date.textContent = `${longDay(now(), zone())} · ${city(zone())}`;
    const { on, until } = silence(me());
    mute.setAttribute("aria-pressed", String(on));
    root.classList.toggle("muted", on);
    drawHint(hint, on, until);
    const items = notifications().slice(-SHOWN).reverse();
    keyed(
      list,
      items.length
        ? items.map(row)
        : [{ key: "none", sig: store.as, make: () => el("p", { class: "lock-none" }, "No notifications.") }],
    );
  };

  function row(one, index) {
    const at = toEpoch(one.at ?? one.ts);
    const words = whenWords(at);
    const key = `${one.channel ?? ""} ${one.at ?? one.ts} ${one.text} ${index === 0 ? "" : ""}`;
    return {
      key,
      sig: `${words}|${one.text}|${store.as}`,
      make: () =>
        el(
          "div",
          { role: "listitem" },
          el(
            "button",
            {
              type: "button",
              class: "lock-card",
              "data-testid": "lock-notification",
              "data-focus": key,
              on: { click: () => one.channel && go(one.channel) },
            },
            el(
              "span",
              { class: "lock-card-head" },
              el("strong", {}, senderWords(one)),
              el("time", { title: fullMoment(at, zone()) }, words),
            ),
            el("span", { class: "lock-text", dir: "auto" }, one.text),
          ),
        ),
    };
  }
  return { render, screen };
}

export const notifications = () => store.state?.lock_screen ?? [];

function whenWords(at) {
  const clock = clockTime(at, zone());
  return localDate(at, zone()) === localDate(now(), zone()) ? clock : `${shortDay(at, zone())} ${clock}`;
}

function senderWords(one) {
  if (one.title) return one.title;
  const place = one.channel && conversation(one.channel);
  const who = one.user
    ? isApp(one.user)
      ? store.state.app.name
      : nameOf(one.user)
    : (store.state.app?.name ?? "Workspace");
  return place && place.kind === "channel" ? `${who} in #${place.name}` : who;
}

function drawHint(hint, on, until) {
  hint.hidden = !on;
  hint.replaceChildren(
    icon("moon"),
    `Do not disturb${until ? ` until ${whenWords(until)}` : ""}: this phone stays dark.`,
  );
}
