// Slack's mrkdwn → DOM nodes. Every piece of text ends in a text node, never in markup.
import { el } from "./dom.js";
import { emoji, isEmoji } from "./emoji.js";
import { conversation, isApp, nameOf, now, person, store, zone } from "./store.js";
import { dateToken, fullMoment } from "./time.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const LINK = /^(https?:\/\/|mailto:|tel:)/i;
const BOUNDARY = /[\s\p{P}\p{S}]/u;

export const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Whole text with code fences, quotes, lists and lines; `verbatim`: a typed address is no link. */
export function mrkdwn(text, verbatim = false) {
  const out = [];
  const pieces = String(text ?? "").split(/```/);
  pieces.forEach((piece, index) => {
    const fenced = index % 2 === 1 && index < pieces.length - 1;
    if (fenced) out.push(el("pre", { dir: "auto" }, decode(piece.replace(/^\n|\n$/g, ""))));
    else out.push(...lines(index % 2 === 1 ? "```" + piece : piece, index, verbatim));
  });
  return out;
}

const ITEM = /^(\s*)([•◦▪‣*-]|\d{1,3}[.)])\s+(.*)$/u;

function lines(text, index, verbatim) {
  const trimmed = index > 0 ? text.replace(/^\n/, "") : text;
  if (!trimmed) return [];
  const out = [];
  let plain = [];
  let quote = [];
  const flush = () => {
    if (plain.length) out.push(paragraph(plain, verbatim));
    if (quote.length) out.push(el("blockquote", { dir: "auto" }, withBreaks(quote, verbatim)));
    plain = [];
    quote = [];
  };
  for (const line of trimmed.split("\n")) {
    const quoted = /^(&gt;|>)(?!@|#|!) ?(.*)$/.exec(line);
    const item = quoted ? null : ITEM.exec(line);
    if (quoted) {
      if (plain.length) flush();
      quote.push(quoted[2]);
    } else if (item) {
      flush();
      out.push(listRow(item, verbatim));
    } else {
      if (quote.length) flush();
      plain.push(line);
    }
  }
  flush();
  return out;
}

const paragraph = (list, verbatim) =>
  el("span", { class: "para", dir: "auto" }, withBreaks(list, verbatim));

function withBreaks(list, verbatim) {
  return list.flatMap((line, i) => (i ? [el("br"), ...inline(line, verbatim)] : inline(line, verbatim)));
}

function listRow([, indent, mark, rest], verbatim) {
  const depth = Math.min(3, Math.floor(indent.length / 2));
  const sign = mark === "-" || mark === "*" ? "•" : mark;
  return el(
    "span",
    { class: "row-item", style: { "--depth": depth } },
    el("span", { class: "row-mark" }, sign),
    el("span", { dir: "auto" }, inline(rest, verbatim)),
  );
}

/** One line: styles, code, links, mentions, dates, emoji. */
export function inline(text, verbatim = false) {
  const out = [];
  let plain = "";
  let at = 0;
  const how = { unclosed: {}, verbatim };
  const flush = () => {
    if (plain) out.push(decode(plain));
    plain = "";
  };
  while (at < text.length) {
    const taken = special(text, at, how);
    if (taken) {
      flush();
      out.push(taken.node);
      at = taken.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return out;
}

function special(text, at, how) {
  const sign = text[at];
  if (sign === "`") return code(text, at);
  if (sign === "<") return angle(text, at);
  if (sign === ":") return emojiAt(text, at);
  if (sign === "h" || sign === "H") return how.verbatim ? null : bareLink(text, at);
  return STYLES[sign] ? styled(text, at, how) : null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: el("code", { dir: "auto" }, decode(text.slice(at + 1, end))), end: end + 1 };
}

function styled(text, at, { unclosed, verbatim }) {
  const sign = text[at];
  if (unclosed[sign] || (at > 0 && !BOUNDARY.test(text[at - 1]))) return null;
  if (text[at + 1] === undefined || /\s/.test(text[at + 1]) || text[at + 1] === sign) return null;
  for (let end = text.indexOf(sign, at + 1); end > 0; end = text.indexOf(sign, end + 1)) {
    const next = text[end + 1];
    if (!/\s/.test(text[end - 1]) && (next === undefined || BOUNDARY.test(next))) {
      return { node: el(STYLES[sign], {}, inline(text.slice(at + 1, end), verbatim)), end: end + 1 };
    }
  }
  unclosed[sign] = true;
  return null;
}

function emojiAt(text, at) {
  const match = /^:([a-z0-9_+'-]{1,40}(?:::skin-tone-\d)?):/.exec(text.slice(at, at + 64));
  if (!match || !isEmoji(match[1])) return null;
  return { node: emojiNode(match[1]), end: at + match[0].length };
}

export const emojiNode = (name) =>
  el(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    emoji(name),
  );

function bareLink(text, at) {
  if (at > 0 && /[\w/]/.test(text[at - 1])) return null;
  const match = /^https?:\/\/[^\s<>|"`]+/i.exec(text.slice(at, at + 2048));
  if (!match) return null;
  const url = match[0].replace(/[.,;:!?)\]'*_~]+$/, "");
  return { node: link(decode(url), decode(url)), end: at + url.length };
}

function angle(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const body = text.slice(at + 1, end);
  if (!body || body.includes("<") || body.includes("\n")) return null;
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : body.slice(bar + 1);
  const node = angleNode(target, label);
  return node ? { node, end: end + 1 } : null;
}

function angleNode(target, label) {
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!")) return broadcast(target.slice(1), label);
  if (!LINK.test(target)) return null;
  return link(decode(target), decode(label || target.replace(/^mailto:/i, "")));
}

/** A link that leaves the page safely; anything but http, https, mailto or tel stays text. */
export function link(url, label) {
  if (!LINK.test(url)) return el("span", { dir: "auto" }, label);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, label);
}

export function mention(id, label = "") {
  const known = person(id);
  const shown = known ? nameOf(id) : decode(label) || id;
  const mine = id === store.as;
  return el(
    "span",
    { class: mine ? "mention mention-me" : "mention", "data-user": id, title: known?.title },
    isApp(id) ? `@${store.state.app.name ?? shown}` : `@${shown}`,
  );
}

export function channelLink(id, label = "") {
  const known = conversation(id);
  if (!known && !label) return el("span", { class: "mention" }, "🔒 private channel");
  const shown = known ? known.name : decode(label);
  const sign = known?.is_private ? "🔒 " : "#";
  if (!known) return el("span", { class: "mention" }, sign + shown);
  return el("a", { class: "mention", href: `/?as=${store.as}&channel=${id}`, "data-go": id }, sign + shown);
}

function broadcast(body, label) {
  const date = /^date\^(-?\d{1,12})\^([^^]*)(?:\^(.*))?$/.exec(body);
  if (date) return dateNode(Number(date[1]), decode(date[2]), date[3], label);
  const group = /^subteam\^(\w+)/.exec(body);
  if (group) return el("span", { class: "mention" }, decode(label) || `@${group[1]}`);
  const name = body.split("^")[0];
  const isCall = ["here", "channel", "everyone"].includes(name);
  return el(
    "span",
    { class: isCall ? "mention mention-me" : "mention" },
    isCall ? `@${name}` : decode(label) || `@${name}`,
  );
}

export function dateNode(epoch, template, url, fallback) {
  let shown;
  try {
    shown = dateToken(epoch, template, zone(), now());
  } catch {
    shown = decode(fallback ?? "");
  }
  const time = el("time", { class: "date", title: fullMoment(epoch, zone()) }, shown);
  if (!url || !LINK.test(url)) return time;
  const anchor = link(decode(url), "");
  anchor.append(time);
  return anchor;
}

/** plain_text: no styles; emoji names become characters unless `emoji` is false. */
export function plain(text, withEmoji = true) {
  const decoded = decode(String(text ?? ""));
  if (!withEmoji) return decoded;
  return decoded.replace(/:([a-z0-9_+'-]{1,40}):/g, (whole, name) => (isEmoji(name) ? emoji(name) : whole));
}

/** A text object of either kind. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, object.verbatim === true);
  return [el("span", { class: "para plain", dir: "auto" }, plain(object.text, object.emoji !== false))];
}
