// Interactive Block Kit elements. Each reports through `ctx`: `ctx.read/write` hold values, `ctx.act` sends.
import { emptyPick, optionLabel, pickers } from "./choices.js";
import { confirmed } from "./confirm.js";
import { el, icon } from "./dom.js";
import { fileInput } from "./file_input.js";
import { plain, textObject } from "./mrkdwn.js";
import { openMenu } from "./popover.js";
import { zone } from "./store.js";
import { fromWall, toWall } from "./time.js";

/** One element of `block`; `ctx` says where it lives. Inputs act only when `dispatch` is set. */
export function element(spec, block, ctx, dispatch = true) {
  const draw = DRAW[spec.type] ?? (pickers.has(spec.type) ? picker : null);
  if (!draw) return el("span", { class: "unknown" }, `[${spec.type} is not shown here]`);
  const slot = { spec, block, ctx, dispatch, key: `${block.block_id}/${spec.action_id}` };
  return draw(slot);
}

const attributes = ({ spec, block, ctx, key }) => ({
  "data-action-id": spec.action_id,
  "data-block-id": block.block_id,
  "data-focus": `${ctx.surface}/${key}`,
  "aria-label": spec.accessibility_label,
});

const held = ({ ctx, block, spec }, fallback) => {
  const value = ctx.read(block.block_id, spec.action_id);
  if (value !== undefined) return value;
  if (fallback !== undefined && fallback !== null) ctx.write(block.block_id, spec.action_id, fallback);
  return fallback;
};

async function send({ spec, block, ctx, dispatch }, value, node) {
  if (!dispatch) return;
  if (spec.confirm && !(await confirmed(spec.confirm))) return;
  await ctx.act(block, spec, value, node);
}

function keep(slot, value, node) {
  slot.ctx.write(slot.block.block_id, slot.spec.action_id, value);
  return send(slot, value, node);
}

function button(slot) {
  const { spec } = slot;
  const style =
    spec.style === "primary" ? "button primary" : spec.style === "danger" ? "button danger" : "button";
  const label = plain(spec.text?.text, spec.text?.emoji !== false);
  if (spec.url) {
    return el(
      "a",
      {
        ...attributes(slot),
        class: style,
        href: /^https?:/i.test(spec.url) ? spec.url : undefined,
        target: "_blank",
        rel: "noopener noreferrer",
        "data-testid": "block-button",
        on: { click: (event) => send(slot, spec.value, event.currentTarget) },
      },
      label,
    );
  }
  return el(
    "button",
    {
      ...attributes(slot),
      type: "button",
      class: style,
      "data-testid": "block-button",
      on: { click: (event) => send(slot, spec.value, event.currentTarget) },
    },
    el("span", { dir: "auto" }, label),
  );
}

function overflow(slot) {
  const items = (node) =>
    slot.spec.options.map((choice) => ({
      label: optionLabel(choice),
      hint: choice.description?.text,
      run: () => {
        if (choice.url && /^https?:/i.test(choice.url)) window.open(choice.url, "_blank", "noopener");
        send(slot, choice.value, node);
      },
    }));
  return el(
    "button",
    {
      ...attributes(slot),
      type: "button",
      class: "button overflow",
      "aria-label": slot.spec.accessibility_label ?? "More",
      "aria-haspopup": "menu",
      on: {
        click: (event) =>
          openMenu(event.currentTarget, items(event.currentTarget), { name: "overflow", title: "More" }),
      },
    },
    icon("more"),
  );
}

function picker(slot) {
  const { spec } = slot;
  const kind = pickers.get(spec.type);
  const value = held(slot, kind.initial(spec));
  const face = el("span", { class: "select-face" });
  const node = el(
    "button",
    {
      ...attributes(slot),
      type: "button",
      class: kind.multi ? "select multi" : "select",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "data-testid": "select",
    },
    face,
    icon("down"),
  );
  const show = (now) => kind.face(face, now, spec, slot);
  show(value);
  node.addEventListener("click", () =>
    kind.open(
      node,
      slot,
      (next) => {
        slot.ctx.write(slot.block.block_id, spec.action_id, next);
        show(next);
        if (!kind.multi) send(slot, next, node);
      },
      () => kind.multi && send(slot, slot.ctx.read(slot.block.block_id, spec.action_id) ?? emptyPick, node),
    ),
  );
  return node;
}

const dateLike = (type, initial) => (slot) =>
  el("input", {
    ...attributes(slot),
    type,
    class: "field date-field",
    value: held(slot, initial(slot.spec)) ?? "",
    "aria-label":
      slot.spec.accessibility_label ?? slot.spec.placeholder?.text ?? slot.ctx.labelOf?.(slot.block) ?? type,
    on: { change: (event) => keep(slot, fromDate(type, event.target.value), event.target) },
  });

const fromDate = (type, value) =>
  value === "" ? null : type === "datetime-local" ? fromWall(value, zone()) : value;
const asLocal = (epoch) => (epoch ? toWall(epoch, zone()) : null);

/** Few and short choices stand in one row; they wrap when they must. */
function choicesClass(options) {
  const isShort =
    options.length <= 4 && options.every((choice) => optionLabel(choice).length <= 12 && !choice.description);
  return isShort ? "choices short" : "choices";
}

function boxes(slot) {
  const { spec } = slot;
  const chosen = new Set(
    held(
      slot,
      spec.initial_options?.map((o) => o.value),
    ) ?? [],
  );
  return el(
    "div",
    { class: choicesClass(spec.options), role: "group" },
    spec.options.map((choice) =>
      choiceRow(slot, choice, "checkbox", chosen.has(choice.value), (isOn, node) => {
        if (isOn) chosen.add(choice.value);
        else chosen.delete(choice.value);
        keep(slot, [...chosen], node);
      }),
    ),
  );
}

function radios(slot) {
  const chosen = held(slot, slot.spec.initial_option?.value);
  return el(
    "div",
    { class: choicesClass(slot.spec.options), role: "radiogroup" },
    slot.spec.options.map((choice) =>
      choiceRow(slot, choice, "radio", choice.value === chosen, (_, node) => keep(slot, choice.value, node)),
    ),
  );
}

function choiceRow(slot, choice, type, isOn, onToggle) {
  const { "data-focus": focus, ...rest } = attributes(slot);
  return el(
    "label",
    { class: "choice" },
    el("input", {
      ...rest,
      type,
      name: `${slot.ctx.surface}/${slot.key}`,
      value: choice.value,
      checked: isOn,
      "data-focus": `${focus}/${choice.value}`,
      on: { change: (event) => onToggle(event.target.checked, event.target) },
    }),
    el(
      "span",
      { class: "choice-text" },
      textObject(choice.text),
      choice.description ? el("small", {}, textObject(choice.description)) : null,
    ),
  );
}

const textField = (type) => (slot) => {
  const { spec } = slot;
  const dispatches = spec.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const tag = spec.multiline || type === "textarea" ? "textarea" : "input";
  const node = el(tag, {
    ...attributes(slot),
    class: "field",
    type: tag === "input" ? type : undefined,
    rows: tag === "textarea" ? 4 : undefined,
    dir: "auto",
    maxlength: type === "text" ? (spec.max_length ?? 3000) : spec.max_length,
    minlength: spec.min_length,
    min: spec.min_value,
    max: spec.max_value,
    step: spec.is_decimal_allowed ? "any" : undefined,
    placeholder: plain(spec.placeholder?.text),
    autocomplete: "off",
    "data-autofocus": spec.focus_on_load || undefined,
    on: {
      input: (event) => {
        slot.ctx.write(slot.block.block_id, spec.action_id, event.target.value);
        if (dispatches.includes("on_character_entered")) send(slot, event.target.value, event.target);
      },
      keydown: (event) => {
        if (
          event.key !== "Enter" ||
          event.isComposing ||
          tag === "textarea" ||
          !dispatches.includes("on_enter_pressed")
        )
          return;
        if (slot.dispatch) event.preventDefault();
        send(slot, event.target.value, event.target);
      },
    },
  });
  node.value = held(slot, spec.initial_value) ?? "";
  return node;
};

const DRAW = {
  button,
  overflow,
  checkboxes: boxes,
  radio_buttons: radios,
  workflow_button: button,
  datepicker: dateLike("date", (spec) => spec.initial_date),
  timepicker: dateLike("time", (spec) => spec.initial_time),
  datetimepicker: (slot) =>
    dateLike(
      "datetime-local",
      (spec) => spec.initial_date_time,
    )({
      ...slot,
      ctx: {
        ...slot.ctx,
        read: (...at) => {
          const value = slot.ctx.read(...at);
          return typeof value === "number" ? asLocal(value) : value;
        },
      },
    }),
  plain_text_input: textField("text"),
  email_text_input: textField("email"),
  url_text_input: textField("url"),
  number_input: textField("number"),
  rich_text_input: textField("textarea"),
  file_input: fileInput,
};
