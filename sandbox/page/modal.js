// Modals: the person's stack of views as dialogs. Only the top one is shown; typed values outlive updates.
import * as acts from "./acts.js";
import { blockNode, inputsOf, withIds } from "./blocks.js";
import { el, icon, keyed } from "./dom.js";
import { failureOf } from "./failures.js";
import { plain } from "./mrkdwn.js";
import { inputsOfSurface, store } from "./store.js";

const errorsOf = new Map(); // view id → {block_id: sentence}, until the next answer
const faults = new Map(); // view id → sentence for the whole view
const busy = new Set();
let dialog = null;
let back = null;

const surfaceOf = (view) => `view:${view.id}`;

/** Draws the top of the stack, or closes the dialog when the stack is empty. */
export function renderModal() {
  const stack = (store.state.views ?? []).filter((view) => view.type !== "home");
  const view = stack.at(-1);
  if (!view) return dismiss();
  if (!dialog) open();
  dialog.dataset.viewId = view.id;
  dialog.dataset.callbackId = view.callback_id ?? "";
  const isNew = dialog.shown !== view.id;
  dialog.shown = view.id;
  keyed(dialog.head, [
    {
      key: view.id,
      sig: `${plain(view.title?.text)}|${stack.length}`,
      make: () => head(view, stack.length > 1),
    },
  ]);
  keyed(dialog.body, bodyRows(view));
  keyed(dialog.foot, footRows(view));
  if (isNew) focusFirst();
  return undefined;
}

function open() {
  back = document.activeElement;
  const parts = {
    head: el("div", { class: "modal-head" }),
    body: el("div", { class: "modal-body", tabindex: "-1" }),
    foot: el("div", { class: "modal-foot" }),
  };
  const form = el(
    "form",
    {
      class: "modal-form",
      novalidate: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          send();
        },
      },
    },
    parts.head,
    parts.body,
    parts.foot,
  );
  dialog = Object.assign(
    el("dialog", { class: "dialog modal", "aria-labelledby": "modal-title", "data-testid": "modal" }, form),
    parts,
  );
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function dismiss() {
  if (!dialog) return;
  dialog.close();
  dialog.remove();
  dialog = null;
  if (back?.isConnected) back.focus({ preventScroll: true });
}

const current = () => (store.state.views ?? []).find((view) => view.id === dialog?.shown);

function leave() {
  const view = current();
  if (view) acts.closeView(view.id);
}

/** The first field; where there is only text and buttons, the text: Enter must not press what was not read. */
function focusFirst() {
  const wanted =
    dialog.querySelector("[data-autofocus]") ??
    dialog.body.querySelector("input:not([type=radio]), textarea, .select, input");
  (wanted ?? dialog.body).focus();
  dialog.body.scrollTop = 0;
}

const head = (view, isPushed) =>
  el(
    "div",
    { class: "modal-title" },
    isPushed
      ? el(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Back", on: { click: leave } },
          icon("back"),
        )
      : null,
    el("h2", { id: "modal-title", dir: "auto" }, plain(view.title?.text) || " "),
    el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Close",
        "data-focus": "modal-close",
        on: { click: leave },
      },
      icon("close"),
    ),
  );

function bodyRows(view) {
  const surface = surfaceOf(view);
  const errors = { ...view.errors, ...errorsOf.get(view.id) };
  const target = { view_id: view.id };
  const ctx = {
    surface,
    target,
    errors,
    ...inputsOf(surface),
    act: (block, spec, value, node) => acts.click(target, surface, block, spec, value, node),
  };
  const fault = faults.get(view.id) ?? failureOf(surface);
  const top = fault
    ? [
        {
          key: "fault",
          sig: fault,
          make: () => el("p", { class: "error banner", role: "alert" }, icon("warn"), fault),
        },
      ]
    : [];
  return [
    ...top,
    ...withIds(view.blocks ?? []).map((block) => ({
      key: `${view.id}/${block.block_id}`,
      sig: JSON.stringify([block, errors[block.block_id], store.as]),
      make: () => blockNode(block, ctx),
    })),
  ];
}

function footRows(view) {
  const isBusy = busy.has(view.id);
  const submit = view.submit ? plain(view.submit.text) : null;
  const close = plain(view.close?.text) || (submit ? "Cancel" : "Close");
  return [
    {
      key: view.id,
      sig: `${submit}|${close}|${isBusy}`,
      make: () =>
        el(
          "div",
          { class: "dialog-foot" },
          el(
            "button",
            { type: "button", class: "button", "data-focus": "modal-cancel", on: { click: leave } },
            close,
          ),
          submit
            ? el(
                "button",
                {
                  type: "submit",
                  class: isBusy ? "button primary busy" : "button primary",
                  "data-focus": "modal-submit",
                  "data-testid": "modal-submit",
                  "aria-disabled": isBusy ? "true" : undefined,
                },
                submit,
              )
            : null,
        ),
    },
  ];
}

async function send() {
  const view = current();
  if (!view?.submit || busy.has(view.id)) return;
  const missing = check(view);
  errorsOf.set(view.id, missing);
  faults.delete(view.id);
  if (Object.keys(missing).length) return showErrors();
  busy.add(view.id);
  renderModal();
  const answer = await acts.submit(view.id, valuesOf(view));
  busy.delete(view.id);
  const response = answer.response ?? {};
  if (answer.refused || answer.error)
    faults.set(view.id, `${answer.refused ?? acts.inWords(answer.error)} What you typed is kept; try again.`);
  if (response.response_action === "errors") errorsOf.set(view.id, response.errors ?? {});
  return showErrors();
}

function showErrors() {
  renderModal();
  dialog?.querySelector("[aria-invalid=true]")?.focus();
}

/** What can be known without asking the app: required, too short, not a number. */
function check(view) {
  const faulty = {};
  const values = inputsOfSurface(surfaceOf(view));
  for (const block of withIds(view.blocks ?? [])) {
    if (block.type !== "input") continue;
    const value = values[block.block_id]?.[block.element.action_id];
    const isEmpty =
      value === undefined ||
      value === null ||
      value === "" ||
      (Array.isArray(value) && !value.length) ||
      (typeof value === "string" && !value.trim());
    if (isEmpty && !block.optional) faulty[block.block_id] = "Please complete this required field.";
    else if (!isEmpty && value.length < (block.element.min_length ?? 0))
      faulty[block.block_id] = `At least ${block.element.min_length} characters, please.`;
    else if (!isEmpty && block.element.type === "number_input" && Number.isNaN(Number(value)))
      faulty[block.block_id] = "This must be a number.";
  }
  return faulty;
}

/** Values of the blocks that are in the view now, and no others. */
function valuesOf(view) {
  const held = inputsOfSurface(surfaceOf(view));
  return Object.fromEntries(
    withIds(view.blocks ?? [])
      .filter((block) => held[block.block_id])
      .map((block) => [block.block_id, held[block.block_id]]),
  );
}
