// One message → DOM: author, text or blocks, files, reactions, thread summary. Lists live in log.js.
import * as acts from "./acts.js";
import { avatar } from "./avatar.js";
import { blockNodes, inputsOf } from "./blocks.js";
import { el, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { failureOf } from "./failures.js";
import { inline, mrkdwn } from "./mrkdwn.js";
import { isApp, nameOf, person, store, threadMessages, zone } from "./store.js";
import { clockTime, fullMoment } from "./time.js";

export const isSystem = (m) => /^(channel|group)_/.test(m.subtype ?? "");
export const isJoin = (m) => /_join$/.test(m?.subtype ?? "");
export const surfaceOf = (place, m) => `msg:${place.id}:${m.ts}`;

/** `how`: {place, lead: shows the author, inThread, pinned}. */
export function messageNode(m, how) {
  const author = authorName(m);
  const node = el(
    "article",
    {
      class: ["message", how.lead ? "lead" : "follow", m.ephemeral && "ephemeral", how.pinned && "pinned"]
        .filter(Boolean)
        .join(" "),
      "data-ts": m.ts,
      "data-focus": `message/${m.ts}`,
      "data-testid": "message",
      "data-user": m.user,
      tabindex: "-1",
      "aria-label": `${author}, ${clockTime(Number(m.ts), zone())}`,
    },
    gutter(m, how),
    el(
      "div",
      { class: "message-body" },
      m.ephemeral ? el("p", { class: "only-you" }, "Only visible to you") : null,
      how.pinned && !how.lead ? el("p", { class: "only-you" }, "Pinned") : null,
      how.lead ? byline(m, author, how) : null,
      content(m, how),
      (m.attachments ?? []).map((one) => attachment(one, m, how)),
      (m.files ?? []).map(fileCard),
      failure(m, how),
      reactions(m, how),
      replies(m, how),
    ),
  );
  return node;
}

function authorName(m) {
  if (m.isNotice) return "Workspace";
  if (isApp(m.user)) return m.username ?? store.state.app.name ?? nameOf(m.user);
  return m.username ?? nameOf(m.user);
}

const moment = (m, className) =>
  el(
    "time",
    {
      class: className,
      datetime: new Date(Number(m.ts) * 1000).toISOString(),
      title: fullMoment(Number(m.ts), zone()),
    },
    clockTime(Number(m.ts), zone()),
  );

const gutter = (m, how) =>
  el("div", { class: "gutter" }, how.lead ? avatar(m.user) : moment(m, "stamp stamp-quiet"));

function byline(m, author, how) {
  const bot = m.bot_id || person(m.user)?.is_bot;
  return el(
    "div",
    { class: "byline" },
    el("bdi", { class: "author" }, author),
    bot ? el("span", { class: "app-tag" }, "APP") : null,
    moment(m, "stamp"),
    how.pinned ? el("span", { class: "only-you" }, "Pinned") : null,
  );
}

function content(m, how) {
  const surface = surfaceOf(how.place, m);
  const edited = m.edited
    ? el("span", { class: "edited", title: `Edited ${fullMoment(Number(m.edited.ts), zone())}` }, " (edited)")
    : null;
  if (!m.blocks?.length)
    return m.text || edited ? el("div", { class: "text" }, mrkdwn(m.text), edited) : null;
  return el("div", { class: "blocks" }, blockNodes(m.blocks, context(m, how, surface)), edited);
}

function context(m, how, surface) {
  const target = { channel: how.place.id, ts: m.ts };
  return {
    surface,
    target,
    ...inputsOf(surface),
    act: (block, spec, value, node) => acts.click(target, surface, block, spec, value, node),
  };
}

function attachment(one, m, how) {
  const color = /^#[0-9a-f]{6}$/i.test(one.color ?? "") ? one.color : "var(--line-strong)";
  const inner = one.blocks
    ? blockNodes(one.blocks, context(m, how, surfaceOf(how.place, m)))
    : [one.pretext, one.title && `*${one.title}*`, one.text ?? one.fallback]
        .filter(Boolean)
        .map((text) => el("div", { class: "text" }, mrkdwn(text)));
  return el("div", { class: "attachment", style: { "--bar": color } }, inner);
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

/** What Slack shows in place; everything else is a card to download. */
const SHOWN = ["image/png", "image/jpeg", "image/gif", "image/webp"];

function fileCard(file) {
  const url = file.url_private_download ?? file.url_private;
  const path = url ? new URL(url, location.href) : null;
  const href = path && path.host === location.host ? path.pathname + path.search : null;
  const kind = file.pretty_type || file.mimetype || "file";
  if (href && SHOWN.includes(file.mimetype))
    return el(
      "a",
      { class: "picture-file", href: path.pathname, target: "_blank", rel: "noopener" },
      el("img", {
        src: path.pathname,
        alt: file.alt_txt || file.title || file.name || "",
        class: "picture large",
        "data-testid": "picture",
      }),
    );
  return el(
    "div",
    { class: "file-card", "data-testid": "file" },
    icon("file"),
    el(
      "div",
      { class: "file-text" },
      el("strong", { dir: "auto" }, file.title || file.name),
      el("small", {}, [kind, file.size !== undefined && size(file.size)].filter(Boolean).join(" · ")),
    ),
    href
      ? el(
          "a",
          { class: "button", href, download: file.name ?? "file", "aria-label": `Download ${file.name}` },
          "Download",
        )
      : null,
  );
}

function failure(m, how) {
  const text = failureOf(surfaceOf(how.place, m));
  return text ? el("p", { class: "error", role: "alert" }, icon("warn"), text) : null;
}

function reactions(m, how) {
  if (!m.reactions?.length) return null;
  return el(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    m.reactions.map((one) => {
      const mine = one.users.includes(store.as);
      const names = one.users.map(nameOf).join(", ");
      return el(
        "button",
        {
          type: "button",
          class: mine ? "reaction mine" : "reaction",
          "aria-pressed": String(mine),
          "data-reaction": one.name,
          "data-focus": `react/${one.name}`,
          title: `${names}: :${one.name}:`,
          "aria-label": `${one.name.replaceAll("_", " ")}, ${one.users.length}: ${names}`,
          on: { click: () => acts.react(how.place.id, m.ts, one.name) },
        },
        el("span", { class: "emoji" }, emoji(one.name)),
        el("span", {}, one.count ?? one.users.length),
      );
    }),
  );
}

function replies(m, how) {
  if (how.inThread) return null;
  const list = threadMessages(how.place, m.ts).filter((one) => one.ts !== m.ts && !one.isNotice);
  if (!list.length) return null;
  const faces = [...new Set(list.map((one) => one.user))].slice(0, 3).map((id) => avatar(id, "tiny"));
  const words = `${list.length} ${list.length === 1 ? "reply" : "replies"}`;
  return el(
    "button",
    {
      type: "button",
      class: "thread-summary",
      "data-thread": m.ts,
      "data-focus": "thread",
      "data-testid": "thread-summary",
    },
    faces,
    el("strong", {}, words),
    el("span", {}, `last at ${clockTime(Number(list.at(-1).ts), zone())}`),
  );
}

/** Quiet lines of one kind that follow each other are one: who joined, or the last of several changes. */
export function systemNode(list, place) {
  const last = list.at(-1);
  const body = isJoin(last) ? joined(list, place) : systemLine(last);
  return el(
    "div",
    { class: "system", "data-ts": last.ts, "data-testid": "system-line" },
    el("span", { class: "system-text", title: isJoin(last) ? undefined : last.text }, body),
    moment(last, "stamp"),
  );
}

/** "Ana Lima set the channel topic: …": the actor by name, without the sign of a mention. */
function systemLine(m) {
  const rest = m.text.replace(/^<@\w+(\|[^>]*)?>\s*/, "");
  return [el("bdi", {}, authorName(m)), " ", inline(rest.replaceAll("\n", " "))];
}

function joined(list, place) {
  const names = [...new Set(list.map((m) => nameOf(m.user)))];
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : names;
  return [
    el("bdi", {}, shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : shown[0]),
    ` joined ${place.is_private ? "" : "#"}${place.name}`,
  ];
}
