// A person's or app's square: initials on a hue that stays theirs.
import { el } from "./dom.js";
import { isApp, nameOf, person } from "./store.js";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function hue(id) {
  let sum = 7;
  for (const char of id) sum = (sum * 31 + char.codePointAt(0)) % 360;
  return sum;
}

const first = (word) => [...graphemes.segment(word)][0]?.segment.toUpperCase() ?? "";

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0] ?? "?");
}

export function avatar(id, size = "medium") {
  const bot = isApp(id) || person(id)?.is_bot;
  return el(
    "span",
    {
      class: `avatar avatar-${size}${bot ? " avatar-app" : ""}`,
      "aria-hidden": "true",
      style: { "--hue": hue(id ?? "") },
    },
    initials(nameOf(id)),
  );
}
