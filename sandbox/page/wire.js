// Typed text → what travels. The workspace takes it as the real client would send it.
import { nameOf, store } from "./store.js";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Typed text as the workspace wants it: escaped, chosen or exactly typed names as <@U…> and <#C…>.
 * In a command names travel as handles (`@ana`): the workspace escapes them where the command asked for it.
 */
export function toWire(text, mentions, { isCommand = false } = {}) {
  const people = [...store.people.values()].map((user) => ({
    label: `@${nameOf(user.id)}`,
    token: `<@${user.id}>`,
    handle: `@${user.name}`,
  }));
  const tokens = [...mentions, ...people]
    .filter((one) => text.includes(one.label))
    .sort((a, b) => b.label.length - a.label.length);
  const found = [];
  let marked = text.replaceAll("\u0000", "");
  for (const { label, token, handle } of tokens) {
    marked = marked.split(label).join(`\u0000${found.length}\u0000`);
    found.push(isCommand ? (handle ?? label) : token);
  }
  if (!isCommand) {
    marked = escape(marked).replace(/(^|\s)@(here|channel|everyone)\b/g, "$1<!$2>");
  }
  return marked.replace(/\u0000(\d+)\u0000/g, (_, index) => found[Number(index)]);
}
