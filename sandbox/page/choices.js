// What selects choose from: static options, people, conversations, and answers of the app.
import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { openListbox } from "./listbox.js";
import { plain } from "./mrkdwn.js";
import { isMuted, nameOf, now, store } from "./store.js";
import { city, clockTime } from "./time.js";

export const emptyPick = [];
export const optionLabel = (choice) => plain(choice.text?.text, choice.text?.emoji !== false);

/** People as choices: name, title, and the time where they are. */
export function peopleChoices({ bots = false } = {}) {
  return [...store.people.values()]
    .filter((user) => !user.deleted && (bots || !user.is_bot))
    .map((user) => ({
      value: user.id,
      label: nameOf(user.id),
      hint: [user.title, city(user.tz || "UTC"), isMuted(user.id) && "do not disturb"]
        .filter(Boolean)
        .join(" · "),
      lead: avatar(user.id, "small"),
      tail: clockTime(now(), user.tz || "UTC"),
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function conversationChoices(spec) {
  const include = spec.filter?.include ?? ["public", "private", "im"];
  const kindOf = (one) => (one.kind === "dm" ? "im" : one.is_private ? "private" : "public");
  return [...store.conversations.values()]
    .filter(
      (one) =>
        include.includes(kindOf(one)) &&
        !(spec.type.includes("channels_select") && one.kind === "dm") &&
        !one.is_archived,
    )
    .map((one) => ({
      value: one.id,
      label: (one.kind === "dm" ? "" : one.is_private ? "🔒 " : "# ") + one.name,
    }));
}

function staticChoices(spec) {
  const flat = (options, group) =>
    (options ?? []).map((choice) => ({
      value: choice.value,
      label: optionLabel(choice),
      hint: choice.description?.text && plain(choice.description.text),
      group,
    }));
  if (!spec.option_groups) return flat(spec.options);
  return spec.option_groups.flatMap((group) => flat(group.options, plain(group.label?.text)));
}

const suggestions = (slot) => async (words) => {
  const { spec, block, ctx } = slot;
  if (words.length < (spec.min_query_length ?? 0)) return [];
  try {
    const answer = await act("suggest", {
      as: store.as,
      ...ctx.target,
      block_id: block.block_id,
      action_id: spec.action_id,
      value: words,
    });
    const found = answer.response ?? {};
    const choices = staticChoices({ options: found.options, option_groups: found.option_groups });
    for (const choice of choices) known.set(choice.value, choice.label);
    return choices;
  } catch {
    return [];
  }
};
const known = new Map(); // labels of suggested options, which the state does not carry

const SOURCES = {
  static: {
    choices: (slot) => staticChoices(slot.spec),
    initial: (spec) => spec.initial_option?.value,
    initials: (spec) => spec.initial_options?.map((o) => o.value),
  },
  external: {
    choices: suggestions,
    initial: (spec) => remember(spec.initial_option),
    initials: (spec) => spec.initial_options?.map(remember),
  },
  users: {
    choices: () => peopleChoices(),
    initial: (spec) => spec.initial_user,
    initials: (spec) => spec.initial_users,
  },
  conversations: {
    choices: (slot) => conversationChoices(slot.spec),
    initial: initialConversation,
    initials: (spec) => spec.initial_conversations,
  },
  channels: {
    choices: (slot) => conversationChoices(slot.spec),
    initial: (spec) => spec.initial_channel,
    initials: (spec) => spec.initial_channels,
  },
};

function remember(choice) {
  if (choice) known.set(choice.value, optionLabel(choice));
  return choice?.value;
}

function initialConversation(spec) {
  const place = store.place;
  return (
    spec.initial_conversation ??
    (spec.default_to_current_conversation && place !== "home" ? place : undefined)
  );
}

function labelOf(value, slot, source) {
  if (known.has(value)) return known.get(value);
  const choices = source.choices(slot);
  return Array.isArray(choices) ? (choices.find((choice) => choice.value === value)?.label ?? value) : value;
}

function single(source) {
  return {
    multi: false,
    initial: source.initial,
    face: (face, value, spec, slot) => {
      const shown = value ? labelOf(value, slot, source) : plain(spec.placeholder?.text) || "Choose";
      face.replaceChildren(el("span", { class: value ? "" : "placeholder", dir: "auto" }, shown));
    },
    open: (node, slot, onPick) => {
      const choices = source.choices(slot);
      const current = slot.ctx.read(slot.block.block_id, slot.spec.action_id);
      openListbox(node, {
        choices,
        title: title(slot),
        search: typeof choices === "function" || choices.length > 7,
        name: "select",
        isPicked: (value) => value === current,
        onPick: (choice) => onPick(choice.value),
      });
    },
  };
}

function multi(source) {
  return {
    multi: true,
    initial: source.initials,
    face: (face, value, spec, slot) => {
      const chips = (value ?? []).map((one) =>
        el("span", { class: "chip", dir: "auto" }, labelOf(one, slot, source)),
      );
      face.replaceChildren(
        ...(chips.length
          ? chips
          : [el("span", { class: "placeholder" }, plain(spec.placeholder?.text) || "Choose")]),
      );
    },
    open: (node, slot, onPick, onDone) => {
      const choices = source.choices(slot);
      const read = () => slot.ctx.read(slot.block.block_id, slot.spec.action_id) ?? [];
      const max = slot.spec.max_selected_items ?? Infinity;
      const before = JSON.stringify(read());
      openListbox(node, {
        choices,
        title: title(slot),
        multi: true,
        name: "select",
        isPicked: (value) => read().includes(value),
        onPick: ({ value }) => {
          const chosen = read();
          if (chosen.includes(value)) onPick(chosen.filter((one) => one !== value));
          else if (chosen.length < max) onPick([...chosen, value]);
        },
        onClose: () => JSON.stringify(read()) !== before && onDone(),
      });
    },
  };
}

const title = (slot) => slot.ctx.labelOf?.(slot.block) || plain(slot.spec.placeholder?.text) || "Choose";

/** Element type → how it is opened and shown. */
export const pickers = new Map(
  Object.entries(SOURCES).flatMap(([kind, source]) => [
    [`${kind}_select`, single(source)],
    [`multi_${kind}_select`, multi(source)],
  ]),
);
