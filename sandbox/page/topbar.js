// The bar above everything: menu, place (on a phone), clock, phone, inspector, and who is acting.
import { avatar } from "./avatar.js";
import { peopleChoices } from "./choices.js";
import { el, icon, keyed } from "./dom.js";
import { openListbox } from "./listbox.js";
import { conversation, isApp, me, nameOf, now, store, workspaceName, zone } from "./store.js";
import { city, clockTime, shortDay } from "./time.js";

/** {render()}; `acts`: toggleSidebar, toggleDetails, togglePhone, toggleInspector, actAs(id). */
export function createTopbar(root, acts, clockButton) {
  const menu = el(
    "button",
    {
      type: "button",
      class: "icon-button menu-button",
      "aria-label": "Conversations",
      "aria-controls": "sidebar",
      "data-testid": "menu-button",
      on: { click: acts.toggleSidebar },
    },
    icon("menu"),
    el("span", { class: "dot", hidden: true }),
  );
  const title = el("button", {
    type: "button",
    class: "topbar-title",
    "data-testid": "topbar-title",
    on: { click: acts.toggleDetails },
  });
  const brand = el("div", { class: "brand" });
  const phone = el(
    "button",
    {
      type: "button",
      class: "icon-button phone-button",
      "aria-label": "Phone",
      title: "Lock screen",
      "data-testid": "phone-button",
      on: { click: acts.togglePhone },
    },
    icon("phone"),
    el("span", { class: "count", hidden: true }),
  );
  const inspector = el(
    "button",
    {
      type: "button",
      class: "icon-button inspector-button",
      "aria-label": "Inspector",
      title: "Inspector: every frame",
      "aria-pressed": "false",
      "data-testid": "inspector-button",
      on: { click: acts.toggleInspector },
    },
    icon("frames"),
  );
  const person = el("button", {
    type: "button",
    class: "act-as",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "data-testid": "act-as",
    on: { click: () => choosePerson(person, acts.actAs) },
  });
  root.append(
    menu,
    brand,
    title,
    el("div", { class: "topbar-tools" }, clockButton, inspector, phone, person),
  );

  const render = ({ unreadElsewhere, unseen, phoneOpen, isRinging, inspectorOpen }) => {
    brand.replaceChildren(el("strong", {}, workspaceName()));
    menu.querySelector(".dot").hidden = !unreadElsewhere;
    const count = phone.querySelector(".count");
    count.hidden = !unseen;
    count.textContent = unseen > 9 ? "9+" : String(unseen);
    phone.setAttribute("aria-pressed", String(phoneOpen));
    phone.classList.toggle("ringing-now", isRinging);
    const news = isRinging ? ", ringing" : unseen ? `, ${unseen} new` : "";
    phone.setAttribute("aria-label", `Phone${news}`);
    inspector.setAttribute("aria-pressed", String(inspectorOpen));
    keyed(title, [
      {
        key: "title",
        sig: `${store.place}/${conversation()?.name}/${conversation()?.is_private}`,
        make: () => el("span", { class: "topbar-place" }, placeTitle()),
      },
    ]);
    person.setAttribute(
      "aria-label",
      `Acting as ${nameOf(store.as)}, ${clockTime(now(), zone())} in ${city(zone())}. Change`,
    );
    keyed(person, [
      {
        key: "person",
        sig: `${store.as}/${nameOf(store.as)}/${localWords()}`,
        make: () =>
          el(
            "span",
            { class: "act-as-face" },
            avatar(store.as, "small"),
            el(
              "span",
              { class: "act-as-text" },
              el("strong", { dir: "auto" }, nameOf(store.as)),
              el("small", {}, localWords()),
            ),
            icon("down"),
          ),
      },
    ]);
  };
  return { render };
}

function placeTitle() {
  if (store.place === "home") return [icon("home"), el("span", {}, "Home")];
  const place = conversation();
  if (!place) return "";
  const name = el("span", { dir: "auto" }, isApp(place.user) ? store.state.app.name : place.name);
  if (place.kind === "dm") return [place.isGroup ? icon("people") : avatar(place.user, "tiny"), name];
  return [icon(place.is_private ? "lock" : "hash"), name];
}

/** The person picker: search by name or title; shows what time it is where they are. */
export function choosePerson(anchor, onPick) {
  openListbox(anchor, {
    choices: peopleChoices(),
    title: "Act as",
    name: "act-as",
    isPicked: (id) => id === store.as,
    onPick: (choice) => onPick(choice.value),
  });
}

/** "Mon 30 Nov 19:00 UTC" */
export const utcWords = () => `${shortDay(now(), "UTC")} ${clockTime(now(), "UTC")} UTC`;
export const localWords = () => `${clockTime(now(), zone())} ${city(me()?.tz || "UTC")}`;
