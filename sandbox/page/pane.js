// The right-hand pane: a thread, or a channel's details. On a phone it covers the page.
import * as acts from "./acts.js";
import { avatar } from "./avatar.js";
import { createComposer } from "./composer.js";
import { el, icon, keyed } from "./dom.js";
import { createLog } from "./log.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { reveal, topicOf } from "./place.js";
import { conversation, isApp, nameOf, now, person, store, threadMessages } from "./store.js";
import { city, clockTime } from "./time.js";

/** {render(), focus()}; `close()` and `go(id)` come from the page. */
export function createPane(root, { close, openDirect }) {
  const head = el("header", { class: "pane-head" });
  const log = createLog({ label: "Thread", inThread: true });
  const composer = createComposer({
    id: "composer-thread",
    testid: "thread-composer",
    onSent: () => log.toBottom(),
  });
  const foot = el("div", { class: "place-foot" }, composer.node);
  const thread = el("div", { class: "pane-body thread" }, log.node, foot);
  const details = el("div", { class: "pane-body details", "data-testid": "details" });
  root.append(head, thread, details);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });

  const render = () => {
    const place = conversation();
    const pane = place ? store.pane : null;
    root.hidden = !pane;
    document.getElementById("app").classList.toggle("has-pane", Boolean(pane));
    if (!pane) return;
    const isThread = pane.kind === "thread";
    thread.hidden = !isThread;
    details.hidden = isThread;
    root.setAttribute("aria-label", isThread ? "Thread" : "Details");
    const where = place.kind === "dm" ? place.name : `${place.is_private ? "🔒 " : "#"}${place.name}`;
    keyed(head, [
      {
        key: "head",
        sig: `${pane.kind}${where}`,
        make: () =>
          el(
            "div",
            { class: "header-row" },
            el("h2", {}, isThread ? "Thread" : "Details", el("small", { dir: "auto" }, where)),
            el(
              "button",
              {
                type: "button",
                class: "icon-button",
                "aria-label": isThread ? "Close thread" : "Close details",
                "data-focus": "close-pane",
                on: { click: close },
              },
              icon("close"),
            ),
          ),
      },
    ]);
    if (isThread) showThread(place, pane);
    else keyed(details, detailRows(place, openDirect));
  };

  const showThread = (place, pane) => {
    const list = threadMessages(place, pane.ts);
    if (!list.some((m) => m.ts === pane.ts)) return;
    log.show(place, list, { newFrom: null, resetKey: `${store.as}/${place.id}/${pane.ts}` });
    foot.hidden = !place.isMember || Boolean(place.is_archived);
    composer.show(place, pane.ts);
  };
  return {
    render,
    focus: () => (store.pane?.kind === "thread" ? composer.focus() : head.querySelector("button")?.focus()),
  };
}

function detailRows(place, openDirect) {
  if (place.user)
    return [{ key: "person", sig: place.user + Math.floor(now() / 60), make: () => personCard(place.user) }];
  const pinned = (place.pins ?? []).map((ts) => place.messages.find((m) => m.ts === ts)).filter(Boolean);
  const parts = [
    ["Topic", topicOf(place) ? el("p", { dir: "auto" }, mrkdwn(topicOf(place))) : null],
    [
      "Purpose",
      place.purpose?.value || (typeof place.purpose === "string" && place.purpose)
        ? el("p", { dir: "auto" }, mrkdwn(place.purpose.value ?? place.purpose))
        : null,
    ],
    [
      "Bookmarks",
      place.bookmarks?.length
        ? place.bookmarks.map((one) =>
            el("p", { class: "bookmark" }, icon("link"), link(one.link ?? "", one.title || one.link)),
          )
        : null,
    ],
    [
      "Pinned",
      pinned.length
        ? pinned.map((m) =>
            el(
              "button",
              { type: "button", class: "pinned-row", on: { click: () => reveal(m.ts) } },
              el("strong", {}, nameOf(m.user)),
              el("span", { dir: "auto" }, mrkdwn(m.text.slice(0, 140))),
            ),
          )
        : null,
    ],
    [
      `Members (${(place.members ?? []).length})`,
      [...(place.members ?? [])]
        .sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
        .map((id) => memberRow(id, openDirect)),
    ],
    [
      "",
      place.isMember
        ? null
        : el(
            "button",
            { type: "button", class: "button primary", on: { click: () => acts.join(place.id) } },
            "Join channel",
          ),
    ],
  ];
  const sig = JSON.stringify([
    place.id,
    topicOf(place),
    place.purpose,
    place.bookmarks,
    place.pins,
    place.members,
    Math.floor(now() / 60),
  ]);
  return [
    {
      key: "details",
      sig,
      make: () =>
        el(
          "div",
          {},
          parts
            .filter(([, body]) => body)
            .map(([title, body]) => el("section", {}, title ? el("h3", {}, title) : null, body)),
        ),
    },
  ];
}

const localTime = (id) => `${clockTime(now(), person(id)?.tz || "UTC")} ${city(person(id)?.tz || "UTC")}`;

function memberRow(id, openDirect) {
  const words = isApp(id) ? "App" : [person(id)?.title, localTime(id)].filter(Boolean).join(" · ");
  return el(
    "button",
    {
      type: "button",
      class: "member-row",
      "data-member": id,
      "data-focus": `member/${id}`,
      on: { click: () => openDirect(id) },
    },
    avatar(id, "small"),
    el("span", {}, el("strong", { dir: "auto" }, nameOf(id)), el("small", {}, words)),
  );
}

const personCard = (id) =>
  el(
    "div",
    { class: "person-card" },
    avatar(id, "large"),
    el("strong", { dir: "auto" }, nameOf(id)),
    el("span", {}, person(id)?.title ?? ""),
    el("span", {}, localTime(id)),
  );
