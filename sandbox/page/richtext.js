// rich_text, markdown and table blocks → DOM nodes.
import { el } from "./dom.js";
import { channelLink, dateNode, emojiNode, inline, link, mention } from "./mrkdwn.js";

/** rich_text: sections, lists, quotes and preformatted text. */
export function richText(block) {
  return el("div", { class: "rich" }, (block.elements ?? []).map(richPart));
}

function richPart(part) {
  const children = (part.elements ?? []).map(richInline);
  switch (part.type) {
    case "rich_text_list": {
      const items = (part.elements ?? []).map((item) =>
        el("li", { dir: "auto" }, (item.elements ?? []).map(richInline)),
      );
      const list = el(
        part.style === "ordered" ? "ol" : "ul",
        { style: { "--depth": part.indent ?? 0 } },
        items,
      );
      if (part.style === "ordered" && part.offset) list.setAttribute("start", part.offset + 1);
      return list;
    }
    case "rich_text_quote":
      return el("blockquote", { dir: "auto" }, children);
    case "rich_text_preformatted":
      return el("pre", { dir: "auto" }, children);
    default:
      return el("div", { class: "para", dir: "auto" }, children);
  }
}

function richInline(part) {
  switch (part.type) {
    case "text":
      return styledText(part.text, part.style);
    case "link":
      return link(part.url ?? "", part.text || part.url || "");
    case "user":
      return mention(part.user_id);
    case "channel":
      return channelLink(part.channel_id);
    case "emoji":
      return emojiNode(part.name);
    case "date":
      return dateNode(part.timestamp, part.format ?? "{date_short} {time}", part.url, part.fallback);
    case "broadcast":
      return el("span", { class: "mention mention-me" }, `@${part.range}`);
    case "usergroup":
      return el("span", { class: "mention" }, `@${part.usergroup_id}`);
    case "color":
      return el("code", {}, part.value);
    default:
      return el("span", {}, part.text ?? "");
  }
}

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styledText(text, style = {}) {
  let node = document.createElement("span");
  text.split("\n").forEach((line, i) => {
    if (i) node.append(el("br"));
    node.append(line);
  });
  for (const [name, tag] of Object.entries(TAGS)) if (style[name]) node = el(tag, {}, node);
  return node;
}

/** markdown block (CommonMark's everyday part): headings, lists, quotes, fences, rules, emphasis, links. */
export function markdown(source) {
  const out = el("div", { class: "markdown" });
  const pieces = String(source ?? "").split(/^```.*$/m);
  pieces.forEach((piece, i) => {
    if (i % 2 === 1) out.append(el("pre", { dir: "auto" }, piece.replace(/^\n|\n$/g, "")));
    else
      for (const group of piece.split(/\n{2,}/))
        if (group.trim()) out.append(...markdownGroup(group.trim().split("\n")));
  });
  return out;
}

function markdownGroup(rows) {
  const out = [];
  let list = null;
  let lines = [];
  const flush = () => {
    if (lines.length)
      out.push(
        el(
          "p",
          { dir: "auto" },
          lines.flatMap((row, i) => (i ? [el("br"), ...markdownInline(row)] : markdownInline(row))),
        ),
      );
    lines = [];
  };
  if (rows.length > 1 && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(rows[1])) return [markdownTable(rows)];
  for (const row of rows) {
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/.exec(row);
    if (item) {
      flush();
      if (!list) out.push((list = el(item[1] ? "ol" : "ul", {})));
      list.append(el("li", { dir: "auto" }, markdownItem(item[2])));
      continue;
    }
    list = null;
    const heading = /^(#{1,6})\s+(.*)$/.exec(row);
    const quote = /^>\s?(.*)$/.exec(row);
    if (heading || quote || /^\s*([-*_])\1{2,}\s*$/.test(row)) flush();
    if (heading)
      out.push(el("h4", { dir: "auto", "data-level": heading[1].length }, markdownInline(heading[2])));
    else if (quote) out.push(el("blockquote", { dir: "auto" }, markdownInline(quote[1])));
    else if (/^\s*([-*_])\1{2,}\s*$/.test(row)) out.push(el("hr"));
    else lines.push(row);
  }
  flush();
  return out;
}

function markdownItem(text) {
  const box = /^\[([ xX])\]\s+(.*)$/.exec(text);
  return box ? [box[1] === " " ? "☐ " : "☑ ", ...markdownInline(box[2])] : markdownInline(text);
}

function markdownTable(rows) {
  const cells = (row) =>
    row
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => cell.trim());
  return el(
    "div",
    { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "Table" },
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          cells(rows[0]).map((cell) => el("th", { dir: "auto" }, markdownInline(cell))),
        ),
      ),
      el(
        "tbody",
        {},
        rows.slice(2).map((row) =>
          el(
            "tr",
            {},
            cells(row).map((cell) => el("td", { dir: "auto" }, markdownInline(cell))),
          ),
        ),
      ),
    ),
  );
}

/** Markdown's inline marks, then mrkdwn's mentions and dates in what is left. */
function markdownInline(text) {
  const match = /\*\*(.+?)\*\*|__(.+?)__|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|~~(.+?)~~/.exec(text);
  if (!match) return inline(text);
  const [whole, strong, strong2, code, label, url, struck] = match;
  const node =
    code !== undefined
      ? el("code", {}, code)
      : label !== undefined
        ? link(url, label)
        : struck !== undefined
          ? el("s", {}, markdownInline(struck))
          : el("strong", {}, markdownInline(strong ?? strong2));
  return [
    ...inline(text.slice(0, match.index)),
    node,
    ...markdownInline(text.slice(match.index + whole.length)),
  ];
}

/** table block: the first row is the heading, as Slack draws it. */
export function table(block) {
  const settings = block.column_settings ?? [];
  const cell = (tag) => (content, column) =>
    el(
      tag,
      { dir: "auto", class: `align-${settings[column]?.align ?? "left"}` },
      content?.type === "rich_text" ? richText(content) : String(content?.text ?? ""),
    );
  const [head = [], ...rows] = block.rows ?? [];
  return el(
    "div",
    { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "Table" },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, head.map(cell("th")))),
      el(
        "tbody",
        {},
        rows.map((row) => el("tr", {}, row.map(cell("td")))),
      ),
    ),
  );
}
