// What completes the word before the caret: commands, people, channels, emoji.
import { findEmoji } from "./emoji.js";
import { nameOf, store } from "./store.js";

/** What fits the word before the caret: commands at the start, else people, channels or emoji. */
export function candidates(word, isStart, thread) {
  const part = word.slice(1).toLowerCase();
  if (word[0] === "/" && isStart && !thread) {
    return (store.state.app?.commands ?? [])
      .filter((one) => one.command.startsWith(word.toLowerCase()))
      .map((one) => ({
        insert: one.command,
        label: one.command,
        extra: one.usage_hint,
        hint: one.description,
        kind: "command",
      }));
  }
  if (word[0] === "@") return people(part);
  if (word[0] === "#") {
    return [...store.conversations.values()]
      .filter((one) => one.kind === "channel" && !one.is_archived && one.name.includes(part))
      .slice(0, 8)
      .map((one) => ({
        insert: `#${one.name}`,
        token: `<#${one.id}>`,
        label: `#${one.name}`,
        hint: one.topic?.value ?? one.topic ?? "",
      }));
  }
  if (word[0] === ":" && part.length > 1)
    return findEmoji(part).map((one) => ({ insert: one.char, label: `${one.char} :${one.name}:` }));
  return [];
}

function people(part) {
  const known = [...store.people.values()].filter((user) => !user.deleted);
  const fits = (user) =>
    `${nameOf(user.id)} ${user.name}`
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(part)) || nameOf(user.id).toLowerCase().startsWith(part);
  const found = known
    .filter(fits)
    .slice(0, 8)
    .map((user) => ({
      insert: `@${nameOf(user.id)}`,
      token: `<@${user.id}>`,
      handle: `@${user.name}`,
      label: nameOf(user.id),
      hint: user.title ?? "",
      user: user.id,
    }));
  const calls = ["here", "channel"]
    .filter((name) => part && name.startsWith(part))
    .map((name) => ({
      insert: `@${name}`,
      label: `@${name}`,
      hint: name === "here" ? "Everybody active here" : "Everybody in this channel",
    }));
  return [...found, ...calls];
}
