// One floating layer at a time: menus, palettes, pickers and listboxes. On a phone it is a bottom sheet.
import { el, icon, isPhone } from "./dom.js";

let open = null;

export const isOpen = (name) => open !== null && (!name || open.name === name);

/**
 * Shows `content` at `anchor` in the top layer, inside the dialog that holds the anchor if there is one
 * (a modal dialog makes everything outside it inert). Returns a function that closes it.
 */
export function openPopover(
  anchor,
  content,
  { name = "", label = "", title = "", width, onClose, keepFocus = false } = {},
) {
  closePopover();
  const host = anchor.closest("dialog") ?? document.body;
  const sheet = isPhone();
  const box = el(
    "div",
    {
      class: sheet ? "popover sheet" : "popover",
      popover: "manual",
      "aria-label": label || title,
      "data-testid": `popover-${name}`,
    },
    sheet && title
      ? el(
          "div",
          { class: "sheet-head" },
          el("strong", {}, title),
          el(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": "Close",
              on: { click: () => closePopover() },
            },
            icon("close"),
          ),
        )
      : null,
    content,
  );
  if (width && !sheet) box.style.setProperty("width", `${width}px`);
  host.append(box);
  box.showPopover();
  open = { box, anchor, name, onClose, keepFocus };
  anchor.setAttribute("aria-expanded", "true");
  if (!sheet) place(box, anchor);
  document.addEventListener("pointerdown", onOutside, true);
  document.addEventListener("keydown", onKey, true);
  window.addEventListener("resize", onResize);
  return closePopover;
}

/** Keeps the layer beside its anchor after its content changed size. */
export function replace() {
  if (open && !open.box.classList.contains("sheet")) place(open.box, open.anchor);
}

function place(box, anchor) {
  if (!anchor.isConnected) return;
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = window.innerHeight - at.bottom;
  const goesUp = below < size.height + 12 && at.top > below;
  const top = goesUp
    ? Math.max(8, at.top - size.height - 4)
    : Math.min(at.bottom + 4, window.innerHeight - size.height - 8);
  const left = Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8));
  box.style.setProperty("top", `${Math.max(8, top)}px`);
  box.style.setProperty("left", `${left}px`);
}

export function closePopover({ refocus = true } = {}) {
  if (!open) return;
  const { box, anchor, onClose, keepFocus } = open;
  const hadFocus = box.contains(document.activeElement);
  open = null;
  document.removeEventListener("pointerdown", onOutside, true);
  document.removeEventListener("keydown", onKey, true);
  window.removeEventListener("resize", onResize);
  box.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus && hadFocus && !keepFocus) restore(anchor);
  onClose?.();
}

function restore(anchor) {
  if (anchor.isConnected) return anchor.focus({ preventScroll: true });
  const key = anchor.dataset.focus;
  if (key) document.querySelector(`[data-focus="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function onOutside(event) {
  if (open.box.contains(event.target) || open.anchor.contains(event.target)) return;
  closePopover({ refocus: false });
}

function onKey(event) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  closePopover();
}

function onResize() {
  if (isPhone() !== open.box.classList.contains("sheet")) closePopover({ refocus: false });
  else replace();
}

/** A menu of [{label, hint?, icon?, danger?, run}] with arrow keys; closes, then runs what was chosen. */
export function openMenu(anchor, items, { name = "menu", title = "" } = {}) {
  const buttons = items.map((item) =>
    el(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        class: item.danger ? "menu-item danger" : "menu-item",
        "data-callback-id": item.callbackId,
        on: {
          click: () => {
            closePopover();
            item.run();
          },
        },
      },
      item.icon ? icon(item.icon) : null,
      el(
        "span",
        { class: "menu-text" },
        el("span", {}, item.label),
        item.hint ? el("small", {}, item.hint) : null,
      ),
    ),
  );
  const menu = el("div", { class: "menu", role: "menu", "aria-label": title || name }, buttons);
  openPopover(anchor, menu, { name, title });
  menu.addEventListener("keydown", (event) => arrows(event, buttons, 1));
  buttons[0]?.focus();
}

/** Arrow keys, Home and End over a row, column or grid of `columns`. */
export function arrows(event, nodes, columns) {
  const at = nodes.indexOf(document.activeElement);
  const steps = { ArrowDown: columns, ArrowUp: -columns };
  if (columns > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
  const goal =
    event.key === "Home"
      ? 0
      : event.key === "End"
        ? nodes.length - 1
        : event.key in steps
          ? (at + steps[event.key] + nodes.length) % nodes.length
          : null;
  if (event.key === "Tab") closePopover();
  if (goal === null) return;
  event.preventDefault();
  nodes[goal]?.focus();
}
