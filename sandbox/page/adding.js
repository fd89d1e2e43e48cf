// The menu behind the plus of a composer: global shortcuts, and files.
import * as acts from "./acts.js";
import { el, icon } from "./dom.js";
import { openMenu } from "./popover.js";
import { store } from "./store.js";
import { toast } from "./toast.js";

const MAX_UPLOAD = 20 * 1024 * 1024;

/** {plus, file}; `where()` says the conversation and thread that a file goes to. */
export function createAdding(where) {
  const file = el("input", {
    type: "file",
    hidden: true,
    multiple: true,
    "data-testid": "file-input",
    on: { change: (event) => uploadAll(event.target, where()) },
  });
  const plus = el(
    "button",
    {
      type: "button",
      class: "icon-button plus",
      "aria-label": "Add a file or run a shortcut",
      title: "Add",
      "aria-haspopup": "menu",
      on: { click: () => openMenu(plus, items(file), { name: "plus-menu", title: "Add" }) },
    },
    icon("plus"),
  );
  return { plus, file };
}

function items(file) {
  const shortcuts = (store.state.app?.shortcuts ?? []).filter((one) => one.type === "global");
  return [
    ...shortcuts.map((one) => ({
      label: one.name,
      hint: store.state.app.name,
      icon: "plus",
      callbackId: one.callback_id,
      run: () => acts.shortcut(one),
    })),
    { label: "Upload a file", icon: "file", run: () => file.click() },
  ];
}

async function uploadAll(input, { place, thread }) {
  for (const one of input.files) {
    if (one.size > MAX_UPLOAD) toast(`${one.name} is larger than 20 MB.`, "error");
    else await acts.upload(place.id, one, thread);
  }
  input.value = "";
}
