// Builds and keeps DOM nodes. Text only ever becomes text nodes: nothing here parses markup.

/** el("button", {class: "x", "aria-label": "y", on: {click}}, "text", node, [more]) → element. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  append(node, children);
  return node;
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") {
    for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
  } else if (name === "style") {
    for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting);
  } else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Makes `parent` hold exactly `wanted` ([{key, sig, make}]) in order; a node whose key and sig are
 * unchanged is left alone, so scroll, selection and typed text in it survive.
 */
export function keyed(parent, wanted) {
  const old = parent.keyedNodes ?? new Map();
  const next = new Map();
  const back = holdFocus(parent);
  const keys = new Set(wanted.map((item) => item.key));
  for (const [key, { node }] of old) if (!keys.has(key)) node.remove();
  let cursor = parent.firstChild;
  for (const item of wanted) {
    const known = old.get(item.key);
    let node = known?.node;
    if (!known || known.sig !== item.sig) {
      const fresh = item.make(node);
      if (node && node !== fresh) {
        if (cursor === node) cursor = fresh;
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    next.set(item.key, { node, sig: item.sig });
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  parent.keyedNodes = next;
  back();
}

/** Remembers which element inside `scope` has the keyboard, by its focus key; returns the restorer. */
function holdFocus(scope) {
  const active = document.activeElement;
  if (!active || !scope.contains(active)) return () => {};
  const key = focusKey(active);
  const selection = "selectionStart" in active ? readSelection(active) : null;
  return () => {
    if (document.activeElement === active && active.isConnected) return;
    const target = active.isConnected ? active : key && scope.querySelector(key);
    if (!target) return;
    target.focus({ preventScroll: true });
    if (selection && target !== active) writeSelection(target, selection);
  };
}

function readSelection(input) {
  try {
    return [input.selectionStart, input.selectionEnd];
  } catch {
    return null;
  }
}

function writeSelection(input, [start, end]) {
  try {
    if (start !== null) input.setSelectionRange(start, end);
  } catch {
    // Inputs of type number or e-mail have no selection to restore.
  }
}

function focusKey(node) {
  const own = node.dataset.focus;
  if (!own) return null;
  const holder = node.closest("[data-ts]");
  const place = holder && holder !== node ? `[data-ts="${CSS.escape(holder.dataset.ts)}"] ` : "";
  return `${place}[data-focus="${CSS.escape(own)}"]`;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  down: "M5 8l5 5 5-5",
  back: "M12 4l-6 6 6 6",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  hash: "M7.5 3l-1.5 14M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14",
  phone: "M6.5 2.5h7a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM9 15.2h2",
  frames: "M3 5h9M3 10h14M3 15h6M15 3v4M13 13v4",
  plus: "M10 4v12M4 10h12",
  send: "M3 4l14 6-14 6 2.4-6zM5.4 10H11",
  smile: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM7 12c1.6 2 4.4 2 6 0M7.6 8v.4M12.4 8v.4",
  reply: "M4 4.5h12v8.5H9.5L6 16.2V13H4z",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  people:
    "M7 9.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM2.5 16c.3-3 2-4.4 4.5-4.4s4.2 1.4 4.5 4.4" +
    "M13 4.3a2.4 2.4 0 0 1 0 4.7M14 11.8c2 .4 3.2 1.8 3.5 4.2",
  handset:
    "M4.6 3.2h2.9l1.4 3.5-1.8 1.3a9.4 9.4 0 0 0 4.9 4.9l1.3-1.8 3.5 1.4v2.9a1.4 1.4 0 0 1-1.5 1.4" +
    "C8.9 16.4 3.6 11.1 3.2 4.7a1.4 1.4 0 0 1 1.4-1.5z",
  pin: "M7.5 3h5l-.7 5 2.7 2.5v1.5h-9v-1.5L8.2 8zM10 12v5",
  link: "M8.5 11.5l3-3M7 9l-2 2a2.8 2.8 0 0 0 4 4l2-2M13 11l2-2a2.8 2.8 0 0 0-4-4L9 7",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.3l2.8 1.7",
  file: "M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5V6H15",
  home: "M3.5 9.5L10 4l6.5 5.5M5.5 8.5V16h9V8.5",
  check: "M4 10.5l4 4 8-9",
  moon: "M15.5 12A6.5 6.5 0 0 1 8 4.5 6.5 6.5 0 1 0 15.5 12z",
  warn: "M10 3l8 14H2zM10 8v4M10 14.4v.1",
};

/** A 20 px line icon, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.append(path);
  return svg;
}

export const isPhone = () => window.matchMedia("(max-width: 640px)").matches;
