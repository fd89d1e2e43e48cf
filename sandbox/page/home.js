// The app's Home tab, as it published it for the acting person.
import * as acts from "./acts.js";
import { blockNode, inputsOf, withIds } from "./blocks.js";
import { avatar } from "./avatar.js";
import { el, keyed } from "./dom.js";
import { failureOf } from "./failures.js";
import { appTabs } from "./place.js";
import { isApp, store } from "./store.js";

/** {node, render()} */
export function createHome({ go }) {
  const header = el("header", { class: "place-header" });
  const body = el("div", { class: "home-body blocks", "data-testid": "home", tabindex: "0" });
  const node = el("div", { class: "place-view home" }, header, el("div", { class: "home-scroll" }, body));
  const render = () => {
    const app = store.state.app ?? {};
    const dm = [...store.conversations.values()].find((one) => one.kind === "dm" && isApp(one.user));
    keyed(header, [
      {
        key: "home",
        sig: `${app.name}${dm?.id}`,
        make: () =>
          el(
            "div",
            { class: "header-row" },
            el(
              "h1",
              {},
              el(
                "span",
                { class: "place-title" },
                avatar(app.bot_user_id, "small"),
                el("bdi", {}, app.name ?? "App"),
              ),
            ),
            appTabs("home", go, dm?.id),
          ),
      },
    ]);
    keyed(body, rows(store.state.home));
  };
  return { node, render };
}

function rows(view) {
  if (!view?.blocks?.length)
    return [
      {
        key: "none",
        sig: "",
        make: () =>
          el("p", { class: "log-intro" }, "Nothing here yet. The app fills this page when you open it."),
      },
    ];
  const surface = `home:${store.as}`;
  const target = { view_id: view.id };
  const ctx = {
    surface,
    target,
    ...inputsOf(surface),
    act: (block, spec, value, node) => acts.click(target, surface, block, spec, value, node),
  };
  const fault = failureOf(surface);
  const top = fault
    ? [{ key: "fault", sig: fault, make: () => el("p", { class: "error", role: "alert" }, fault) }]
    : [];
  return [
    ...top,
    ...withIds(view.blocks).map((block) => ({
      key: block.block_id,
      sig: JSON.stringify([block, store.as]),
      make: () => blockNode(block, ctx),
    })),
  ];
}
