// Block Kit layout blocks → DOM. The same blocks are drawn in messages, modals and App Home.
import { element } from "./elements.js";
import { el, icon } from "./dom.js";
import { link, plain, textObject } from "./mrkdwn.js";
import { markdown, richText, table } from "./richtext.js";
import { inputsOfSurface } from "./store.js";

/**
 * ctx: {surface, target, read(block, action), write(block, action, value), act(block, element, value, node),
 * labelOf?, errors?}. `surface` names the place and keys what inputs hold there.
 */
export function blockNode(block, ctx) {
  const draw = DRAW[block.type];
  const body = draw
    ? draw(block, ctx)
    : el("span", { class: "unknown" }, `[${block.type} is not shown here]`);
  return el("div", { class: `block block-${block.type}`, "data-block-id": block.block_id }, body);
}

export const blockNodes = (blocks, ctx) => withIds(blocks).map((block) => blockNode(block, ctx));

/** Blocks without an id of their own get one by place, so that values can be kept for them. */
export const withIds = (blocks) =>
  blocks.map((block, i) => (block.block_id ? block : { ...block, block_id: `b${i}` }));

export function inputsOf(surface) {
  const values = inputsOfSurface(surface);
  return {
    read: (block, action) => values[block]?.[action],
    write: (block, action, value) => {
      (values[block] ??= {})[action] = value;
    },
  };
}

function section(block, ctx) {
  const text = [
    block.text ? el("div", { class: "text" }, textObject(block.text)) : null,
    block.fields
      ? el(
          "div",
          { class: "fields" },
          block.fields.map((field) => el("div", { class: "text" }, textObject(field))),
        )
      : null,
  ];
  if (!block.accessory) return text;
  const accessory =
    block.accessory.type === "image" ? image(block.accessory, "thumb") : element(block.accessory, block, ctx);
  return [el("div", { class: "section-text" }, text), el("div", { class: "accessory" }, accessory)];
}

const context = (block) =>
  block.elements.map((part) =>
    part.type === "image" ? image(part, "tiny") : el("span", { class: "text" }, textObject(part)),
  );

const actions = (block, ctx) => block.elements.map((spec) => element(spec, block, ctx));

function input(block, ctx) {
  const label = plain(block.label?.text);
  const error = ctx.errors?.[block.block_id];
  const id = `${ctx.surface}-${block.block_id}`.replace(/[^\w-]/g, "_");
  const control = element(
    block.element,
    block,
    { ...ctx, labelOf: () => label },
    block.dispatch_action === true,
  );
  const isGroup = control.classList.contains("choices");
  const target = isGroup ? control : control;
  target.id = id;
  target.setAttribute(isGroup ? "aria-labelledby" : "data-labelled", `${id}-label`);
  if (control.tagName === "BUTTON") control.setAttribute("aria-labelledby", `${id}-label ${id}`);
  if (!block.optional && !isGroup) control.setAttribute("aria-required", "true");
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  if (described) control.setAttribute("aria-describedby", described);
  if (error) control.setAttribute("aria-invalid", "true");
  return [
    el(
      isGroup ? "div" : "label",
      { class: "label", id: `${id}-label`, for: isGroup ? undefined : id },
      label,
      block.optional ? el("span", { class: "optional" }, " (optional)") : null,
    ),
    control,
    error ? el("p", { class: "error", id: `${id}-error`, role: "alert" }, icon("warn"), error) : null,
    block.hint ? el("p", { class: "hint", id: `${id}-hint` }, plain(block.hint.text)) : null,
  ];
}

/** Pictures from elsewhere are named and linked, not fetched: the page asks nobody but the sandbox. */
function image(spec, size) {
  const url = spec.image_url ?? "";
  const isOurs = url && new URL(url, location.href).origin === location.origin;
  if (isOurs)
    return el("img", { src: url, alt: spec.alt_text ?? "", class: `picture ${size}`, loading: "lazy" });
  return el(
    "span",
    { class: `picture-stand ${size}`, role: "img", "aria-label": spec.alt_text ?? "", title: spec.alt_text },
    size === "tiny" || size === "thumb" ? "🖼" : ["🖼 ", link(url, spec.alt_text || url)],
  );
}

const imageBlock = (block) => [
  block.title ? el("div", { class: "hint" }, plain(block.title.text)) : null,
  image(block, "large"),
];

const alert = (block) =>
  el("div", { class: `alert alert-${block.level ?? "default"}` }, textObject(block.text));

const DRAW = {
  section,
  context,
  actions,
  input,
  alert,
  table,
  header: (block) => el("h3", { dir: "auto" }, plain(block.text?.text, block.text?.emoji !== false)),
  divider: () => el("hr"),
  image: imageBlock,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  context_actions: actions,
  file: (block) => el("div", { class: "hint" }, `File ${block.external_id ?? ""}`),
  video: (block) => [
    plain(block.title?.text),
    " ",
    link(block.title_url ?? block.video_url ?? "", block.alt_text ?? "video"),
  ],
};
