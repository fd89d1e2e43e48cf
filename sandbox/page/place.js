// The main column: header, bookmarks, messages and composer of one conversation.
import * as acts from "./acts.js";
import { avatar } from "./avatar.js";
import { createComposer } from "./composer.js";
import { el, icon, keyed } from "./dom.js";
import { createLog } from "./log.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { conversation, isApp, markRead, person, rootMessages, changed, store, now } from "./store.js";
import { city, clockTime } from "./time.js";

export const topicOf = (place) =>
  typeof place.topic === "string" ? place.topic : (place.topic?.value ?? "");

/** {node, render(), focus(), reveal(ts)} */
export function createPlace({ toggleDetails, go }) {
  const header = el("header", { class: "place-header", "data-testid": "channel-header" });
  const bookmarks = el("div", { class: "bookmarks", "aria-label": "Bookmarks", hidden: true });
  const log = createLog({ label: "Messages", onRead: () => read() });
  const composer = createComposer({ id: "composer-main", testid: "composer", onSent: () => log.toBottom() });
  const foot = el("div", { class: "place-foot" });
  const node = el("div", { class: "place-view" }, header, bookmarks, log.node, foot);

  const read = () => {
    const place = conversation();
    if (!place || document.visibilityState !== "visible" || !log.isNearBottom()) return;
    const ts = markRead(place);
    if (!ts) return;
    if (place.isMember) acts.mark(place.id, ts);
    changed();
  };
  document.addEventListener("visibilitychange", read);

  const render = () => {
    const place = conversation();
    if (!place) return;
    keyed(header, headerRows(place, { toggleDetails, go }));
    drawBookmarks(bookmarks, place);
    keyed(foot, footRows(place, composer));
    log.show(place, rootMessages(place), {
      intro: intro(place),
      newFrom: store.newFrom,
      startAt: store.startAt,
      resetKey: `${store.as}/${place.id}`,
    });
    composer.show(place);
    read();
  };
  return { node, render, focus: composer.focus, reveal };
}

/** Brings a message into view and marks it for a moment. */
export function reveal(ts) {
  const node = document.querySelector(`#main [data-ts="${CSS.escape(ts)}"]`);
  node?.scrollIntoView({ block: "center" });
  node?.classList.add("flash");
  setTimeout(() => node?.classList.remove("flash"), 1600);
}

function headerRows(place, { toggleDetails, go }) {
  if (place.kind === "dm") return dmHeader(place, go);
  const count = (place.members ?? []).length;
  const pins = (place.pins ?? []).length;
  const sig = JSON.stringify([
    place.id,
    place.name,
    topicOf(place),
    count,
    pins,
    place.is_private,
    place.is_archived,
  ]);
  const toDetails = { type: "button", on: { click: toggleDetails } };
  return [
    {
      key: "channel",
      sig,
      make: () =>
        el(
          "div",
          { class: "header-row" },
          el(
            "h1",
            {},
            el(
              "button",
              { ...toDetails, class: "place-title", "data-focus": "title" },
              icon(place.is_private ? "lock" : "hash"),
              el("bdi", {}, place.name),
              icon("down"),
            ),
          ),
          el("div", { class: "topic", title: topicOf(place), dir: "auto" }, mrkdwn(topicOf(place))),
          pins
            ? el(
                "button",
                {
                  ...toDetails,
                  class: "header-chip",
                  "data-focus": "pins",
                  "aria-label": `${pins} pinned`,
                  title: "Pinned messages",
                },
                icon("pin"),
                pins,
              )
            : null,
          el(
            "button",
            {
              ...toDetails,
              class: "header-chip",
              "data-focus": "members",
              "aria-label": `${count} members`,
              title: "Members",
            },
            icon("people"),
            count,
          ),
        ),
    },
  ];
}

function dmHeader(place, go) {
  const app = isApp(place.user);
  const user = person(place.user);
  const local = user && !app ? `${clockTime(now(), user.tz || "UTC")} ${city(user.tz || "UTC")}` : "";
  const sig = JSON.stringify([place.id, place.name, local, store.place]);
  return [
    {
      key: "dm",
      sig,
      make: () =>
        el(
          "div",
          { class: "header-row" },
          el(
            "h1",
            {},
            el(
              "span",
              { class: "place-title" },
              place.isGroup ? icon("people") : avatar(place.user, "small"),
              el("bdi", {}, app ? store.state.app.name : place.name),
            ),
          ),
          app
            ? appTabs("messages", go, place.id)
            : el("div", { class: "topic" }, [user?.title, local].filter(Boolean).join(" · ")),
        ),
    },
  ];
}

/** Home and Messages, as an app's page has them. */
export const appTabs = (active, go, dm) =>
  el(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "App" },
    [
      ["home", "Home", "home"],
      ["messages", "Messages", dm],
    ].map(([key, label, id]) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          "aria-selected": String(key === active),
          "data-focus": `tab/${key}`,
          on: { click: () => id && go(id) },
        },
        label,
      ),
    ),
  );

function drawBookmarks(root, place) {
  const list = place.bookmarks ?? [];
  root.hidden = list.length === 0;
  keyed(
    root,
    list.map((one) => ({
      key: one.id,
      sig: JSON.stringify(one),
      make: () =>
        el("span", { class: "bookmark" }, icon("link"), link(one.link ?? "", one.title || one.link || "")),
    })),
  );
}

function intro(place) {
  const words =
    place.kind === "dm"
      ? `Messages between you and ${isApp(place.user) ? store.state.app.name : place.name}.`
      : `The beginning of ${place.is_private ? "🔒 " : "#"}${place.name}.`;
  return el("p", { class: "log-intro", dir: "auto" }, words);
}

function footRows(place, composer) {
  if (place.is_archived)
    return [
      {
        key: "archived",
        sig: place.id,
        make: () =>
          el("p", { class: "foot-note" }, "This channel is archived. It can be read, not written to."),
      },
    ];
  if (place.isMember) return [{ key: "composer", sig: "", make: () => composer.node }];
  return [
    {
      key: "join",
      sig: place.id,
      make: () =>
        el(
          "div",
          { class: "foot-note" },
          el("span", {}, `You are not in #${place.name}.`),
          el(
            "button",
            { type: "button", class: "button primary", on: { click: () => acts.join(place.id) } },
            "Join channel",
          ),
        ),
    },
  ];
}
