// Puts the page together: reads state, follows ticks, and moves between people and places.
import * as acts from "./acts.js";
import { follow, getState } from "./api.js";
import { createClock } from "./clock_box.js";
import { startEdit } from "./editing.js";
import { createHome } from "./home.js";
import { createInspector } from "./inspector.js";
import { openListbox } from "./listbox.js";
import { onMessageActs } from "./message_menu.js";
import { drawOutage } from "./outage.js";
import { renderModal } from "./modal.js";
import { createPane } from "./pane.js";
import { createPhone, notifications } from "./phone.js";
import { createPlace } from "./place.js";
import { calls, createRinging } from "./ringing.js";
import { peopleChoices } from "./choices.js";
import { createSidebar } from "./sidebar.js";
import {
  changed,
  conversation,
  firstPlace,
  lastRead,
  onChange,
  readAddress,
  receive,
  setClock,
  startOf,
  store,
  unread,
  workspaceName,
  writeAddress,
} from "./store.js";
import { toEpoch } from "./time.js";
import { createTopbar } from "./topbar.js";

const WIDE = window.matchMedia("(min-width: 1200px)");
const SETTLE_MS = 40;
const at = (id) => document.getElementById(id);
const screen = {
  phone: WIDE.matches && localStorage.getItem("phone") !== "hidden",
  inspector: false,
  seen: 0,
};
const parts = {};

function build() {
  const clocks = [createClock(), createClock()];
  parts.clocks = clocks;
  parts.topbar = createTopbar(
    at("topbar"),
    { toggleSidebar, toggleDetails, togglePhone, toggleInspector, actAs },
    clocks[0].button,
  );
  parts.sidebar = createSidebar(at("sidebar"), {
    go,
    openWith: openDirect,
    choosePerson: chooseDirect,
    clockButton: clocks[1].button,
  });
  parts.place = createPlace({ toggleDetails, go });
  parts.home = createHome({ go });
  parts.pane = createPane(at("pane"), { close: closePane, openDirect });
  parts.phone = createPhone(at("phone"), {
    go: (id) => {
      go(id);
      if (!WIDE.matches) togglePhone();
    },
    close: togglePhone,
  });
  parts.ringing = createRinging();
  parts.inspector = createInspector(at("inspector"), { close: toggleInspector });
  at("main").append(parts.place.node, parts.home.node);
  onMessageActs({ openThread, startEdit });
  at("scrim").addEventListener("click", closeSidebar);
  document.addEventListener("click", followChannelLink);
  document.addEventListener("keydown", pageKeys);
  document.querySelector("[data-skip]").addEventListener("click", (event) => {
    event.preventDefault();
    parts.place.focus();
  });
}

function render() {
  if (!store.state) return;
  const isHome = store.place === "home";
  parts.place.node.hidden = isHome;
  parts.home.node.hidden = !isHome;
  if (isHome) parts.home.render();
  else parts.place.render();
  parts.pane.render();
  parts.sidebar.render();
  at("phone").hidden = !screen.phone;
  at("app").classList.toggle("has-phone", screen.phone);
  parts.phone.render();
  renderModal();
  renderLive();
}

/** What time changes: clocks, counts, an outage, and above all a telephone, also above an open form. */
function renderLive() {
  renderBar();
  drawOutage();
  renderRinging();
}

/** On the phone where it can be seen: beside an open pane there may be no room for it. */
function renderRinging() {
  const isSeen = screen.phone && parts.phone.screen.getClientRects().length > 0;
  parts.ringing.render(isSeen ? parts.phone.screen : null);
}

function renderBar() {
  const waiting = [...store.conversations.values()].filter(
    (place) => place.id !== store.place && unread(place).any,
  );
  const total = waiting.reduce((sum, place) => sum + unread(place).count, 0);
  const last = Math.max(0, ...notifications().map((one) => toEpoch(one.at)));
  if (screen.phone && last > screen.seen) screen.seen = last;
  const unseen = notifications().filter((one) => toEpoch(one.at) > screen.seen).length;
  parts.topbar.render({
    unreadElsewhere: waiting.length > 0,
    unseen,
    phoneOpen: screen.phone,
    isRinging: calls().length > 0,
    inspectorOpen: screen.inspector,
  });
  parts.clocks.forEach((clock) => clock.render());
  const place = conversation();
  document.title = `${total ? `(${total}) ` : ""}${place ? place.name : "Home"} · ${workspaceName()}`;
}

let fetching = false;
let again = false;
let timer = null;

/** Reads the state once the ticks settle; a tick during a read causes one more read, not many. */
function refresh() {
  clearTimeout(timer);
  timer = setTimeout(load, SETTLE_MS);
}

async function load() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const wanted = store.as;
    const state = await getState(wanted);
    setClock(state.clock);
    if (wanted === store.as) take(state);
    at("offline").hidden = true;
  } catch {
    at("offline").hidden = false;
    setTimeout(refresh, 1500);
  } finally {
    fetching = false;
    if (again) refresh();
    again = false;
  }
  parts.inspector.refresh();
}

function take(state) {
  const isFirst = store.state === null || !store.people.has(store.as);
  receive(state);
  if (!store.people.has(store.as))
    return actAs((state.users.find((user) => !user.is_bot && !user.deleted) ?? {}).id);
  if (!store.place || (store.place !== "home" && !conversation())) store.place = firstPlace();
  if (isFirst) arrive();
  render();
  if (store.focusTs && conversation()) parts.place.reveal(store.focusTs);
  store.focusTs = null;
  return undefined;
}

/** What was unread on arrival is marked once; it does not move while the reader reads. */
function arrive() {
  const place = conversation();
  store.newFrom = place && Number(lastRead(place)) && unread(place).any ? lastRead(place) : null;
  store.startAt = place ? startOf(place) : null;
  writeAddress();
  if (store.place === "home") acts.openHome();
}

function go(id) {
  closeSidebar();
  if (id === store.place) return parts.place.focus();
  store.place = id;
  store.pane = null;
  arrive();
  render();
  if (!window.matchMedia("(pointer: coarse)").matches) parts.place.focus();
  return undefined;
}

function actAs(id) {
  if (!id || id === store.as) return;
  store.as = id;
  store.place = sessionStorage.getItem(`place:${id}`);
  store.pane = null;
  store.state = null;
  store.inputs.clear();
  screen.seen = 0;
  load();
}

function openThread(channel, ts) {
  if (store.place !== channel) go(channel);
  store.pane = { kind: "thread", ts };
  changed();
  parts.pane.focus();
}

function closePane() {
  const ts = store.pane?.ts;
  store.pane = null;
  changed();
  ((ts && document.querySelector(`#main [data-ts="${CSS.escape(ts)}"]`)) || at("main")).focus({
    preventScroll: true,
  });
}

function toggleDetails() {
  if (store.place === "home") return;
  store.pane = store.pane?.kind === "details" ? null : { kind: "details" };
  changed();
  if (store.pane) parts.pane.focus();
}

/** Opens the conversation with somebody; the first message makes it when it does not exist yet. */
async function openDirect(id) {
  if (id === store.as) return;
  const known = () =>
    [...store.conversations.values()].find((place) => place.kind === "dm" && place.user === id);
  if (!known()) {
    await acts.openDirect(id);
    await load();
  }
  if (known()) go(known().id);
}

const chooseDirect = (anchor) =>
  openListbox(anchor, {
    choices: peopleChoices().filter((choice) => choice.value !== store.as),
    title: "Write to",
    name: "write-to",
    onPick: (choice) => openDirect(choice.value),
  });

function togglePhone() {
  screen.phone = !screen.phone;
  if (WIDE.matches) localStorage.setItem("phone", screen.phone ? "shown" : "hidden");
  changed();
  if (screen.phone && !WIDE.matches) at("phone").querySelector("button").focus();
}

function toggleInspector() {
  screen.inspector = !screen.inspector;
  at("inspector").hidden = !screen.inspector;
  at("app").classList.toggle("has-inspector", screen.inspector);
  changed();
  parts.inspector.refresh();
}

function toggleSidebar() {
  const isOpen = at("app").classList.toggle("sidebar-open");
  at("scrim").hidden = !isOpen;
  if (isOpen) at("sidebar").querySelector(".place.active, .place")?.focus();
}

function closeSidebar() {
  at("app").classList.remove("sidebar-open");
  at("scrim").hidden = true;
}

/** Links to a channel or to a message of this workspace stay in this tab. */
function followChannelLink(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey) return;
  const [, channel, digits] =
    link.origin === location.origin ? (/^\/archives\/(\w+)(?:\/p(\d{7,}))?$/.exec(link.pathname) ?? []) : [];
  const id = link.dataset.go ?? channel;
  if (!id || !store.conversations.has(id)) return;
  event.preventDefault();
  go(id);
  if (digits) parts.place.reveal(`${digits.slice(0, -6)}.${digits.slice(-6)}`);
}

function pageKeys(event) {
  if (event.key === "Escape" && at("app").classList.contains("sidebar-open")) {
    closeSidebar();
    document.querySelector(".menu-button").focus();
  } else if (event.key === "Escape" && screen.phone && !WIDE.matches && !event.defaultPrevented) {
    togglePhone();
  }
}

readAddress();
build();
onChange(render);
acts.onActed(refresh);
await load();
follow(refresh, (isConnected) => {
  at("offline").hidden = isConnected;
  if (isConnected) refresh();
});
setInterval(() => store.state && renderLive(), 1000);
setInterval(() => store.state && render(), 20000);
WIDE.addEventListener("change", () => {
  screen.phone = WIDE.matches && localStorage.getItem("phone") !== "hidden";
  changed();
});
