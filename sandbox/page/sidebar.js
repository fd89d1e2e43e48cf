// The list of conversations, with what is unread, the app's Home, and (on a phone) the clock.
import { avatar } from "./avatar.js";
import { el, icon, keyed } from "./dom.js";
import { hasDraft, isApp, isMuted, store, unread, workspaceName } from "./store.js";

/** {render()}; `go(id)` opens a place, `openWith(user)` a conversation. */
export function createSidebar(root, { go, openWith, choosePerson, clockButton }) {
  const title = el("div", { class: "workspace" });
  const list = el("div", { class: "places", "data-testid": "channel-list" });
  root.append(title, list, el("div", { class: "sidebar-foot" }, clockButton));
  list.addEventListener("keydown", arrowKeys);
  const render = () => {
    title.replaceChildren(el("strong", { dir: "auto" }, workspaceName()), el("span", {}, "Local sandbox"));
    keyed(list, groups().flatMap(groupRows));
  };

  function groups() {
    const all = [...store.conversations.values()];
    const live = all.filter((one) => one.kind === "channel" && one.isMember && !one.is_archived).sort(byName);
    const direct = all
      .filter((one) => one.kind === "dm" && !isApp(one.user) && one.user !== store.as)
      .sort(byName);
    const app = all.find((one) => one.kind === "dm" && isApp(one.user));
    const other = all
      .filter((one) => one.kind === "channel" && !one.isMember && !one.is_archived && !one.is_private)
      .sort(byName);
    const archived = all
      .filter((one) => one.kind === "channel" && one.is_archived && (one.isMember || !one.is_private))
      .sort(byName);
    const bot = store.state.app;
    const appRows = [
      app ? { place: app } : { id: `dm ${bot.bot_user_id}`, label: bot.name, person: bot.bot_user_id },
      { id: "home", label: `${bot.name} Home`, icon: "home" },
    ];
    return [
      { key: "app", title: "App", rows: appRows },
      { key: "channels", title: "Channels", rows: live.map((place) => ({ place })) },
      {
        key: "direct",
        title: "Direct messages",
        rows: direct.map((place) => ({ place })),
        add: choosePerson,
      },
      { key: "browse", title: "Other channels", rows: other.map((place) => ({ place })), quiet: true },
      { key: "archived", title: "Archived", rows: archived.map((place) => ({ place })), quiet: true },
    ].filter((group) => group.rows.length || group.add);
  }

  function groupRows(group) {
    const head = {
      key: `head ${group.key}`,
      sig: group.title,
      make: () =>
        el(
          "div",
          { class: "places-head" },
          el("h2", {}, group.title),
          group.add
            ? el(
                "button",
                {
                  type: "button",
                  class: "icon-button",
                  "aria-label": "Write to somebody",
                  title: "Write to somebody",
                  on: { click: (event) => group.add(event.currentTarget) },
                },
                icon("plus"),
              )
            : null,
        ),
    };
    return [head, ...group.rows.map((row) => placeRow(row, group))];
  }

  function placeRow(row, group) {
    const { place } = row;
    const id = place?.id ?? row.id;
    const { any, count } = place ? unread(place) : { any: false, count: 0 };
    const active = store.place === id;
    const draft = place && !active && hasDraft(place.id);
    const label = place ? (isApp(place.user) ? store.state.app.name : place.name) : row.label;
    const muted = place?.kind === "dm" && !place.isGroup && isMuted(place.user);
    const sig = [id, label, active, any, count, draft, muted, place?.is_private, group.quiet].join("|");
    const make = () =>
      el(
        "button",
        {
          type: "button",
          class: ["place", active && "active", any && !active && "unread", group.quiet && "quiet"]
            .filter(Boolean)
            .join(" "),
          "data-place": id,
          "data-focus": `place/${id}`,
          "aria-current": active ? "page" : undefined,
          "aria-label": [
            label,
            place?.is_private && "private",
            count && !active ? `${count} for you` : any && !active && "unread",
            draft && "draft",
            muted && "do not disturb",
          ]
            .filter(Boolean)
            .join(", "),
          on: { click: () => (row.person ? openWith(row.person) : go(id)) },
        },
        placeIcon(row),
        el("span", { class: "place-name", dir: "auto" }, label),
        muted ? icon("moon") : null,
        draft ? el("span", { class: "draft-tag" }, "draft") : null,
        count && !active ? el("span", { class: "badge", "data-testid": "badge" }, count) : null,
      );
    return { key: `place ${id}`, sig, make };
  }

  function arrowKeys(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...list.querySelectorAll(".place")];
    const next = rows[rows.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
  return { render };
}

function placeIcon({ place, person, icon: name }) {
  if (person) return avatar(person, "tiny");
  if (!place) return icon(name);
  if (place.isGroup) return icon("people");
  if (place.kind === "dm") return avatar(place.user, "tiny");
  return icon(place.is_private ? "lock" : "hash");
}

const byName = (a, b) => a.name.localeCompare(b.name);
