// What this tab knows: the acting person, the place on screen, the last state, drafts and read marks.
// It holds values and tells listeners; it draws nothing.
import { toEpoch } from "./time.js";

export const store = {
  as: null,
  place: null, // a conversation id, or "home"
  pane: null, // {kind: "thread", ts} | {kind: "details"} | null
  state: null,
  people: new Map(),
  conversations: new Map(),
  clockOffset: 0, // sandbox time minus this machine's, seconds
  clockFrozen: null,
  newFrom: null, // ts after which messages were unread when the place was opened
  startAt: null, // ts of the message at which the place opens, or null for the newest
  focusTs: null, // a message to bring into view once
  notices: [], // answers of the workspace itself, only visible here
  inputs: new Map(), // what selects and inputs hold, by surface
};

const listeners = new Set();
export const onChange = (listener) => listeners.add(listener);
export function changed() {
  for (const listener of listeners) listener();
}

/** Sandbox time now, epoch seconds. */
export const now = () => store.clockFrozen ?? Date.now() / 1000 + store.clockOffset;

export const person = (id) => store.people.get(id);
export const me = () => person(store.as);
export const zone = () => me()?.tz || "UTC";
export const nameOf = (id) => {
  const known = person(id);
  return known ? known.real_name || known.name : id || "Somebody";
};
/** {on, until}: whether somebody's phone is muted now, and the epoch seconds at which that ends. */
export const silence = (user) => {
  const until = user?.dnd?.until ? toEpoch(user.dnd.until) : null;
  return { on: Boolean(user?.dnd?.on) && (until === null || now() < until), until };
};
export const isMuted = (id) => silence(person(id)).on;
export const isApp = (id) => id === store.state?.app?.bot_user_id;
export const workspaceName = () => store.state?.workspace?.name ?? "Sandbox";
export const conversation = (id = store.place) => store.conversations.get(id);

export function receive(state) {
  store.state = state;
  store.people = new Map(state.users.map((user) => [user.id, user]));
  const all = [];
  for (const channel of state.channels) {
    all.push({ ...channel, kind: "channel", isMember: (channel.members ?? []).includes(store.as) });
  }
  for (const dm of state.dms ?? []) {
    const others = dm.members.filter((id) => id !== store.as);
    const isGroup = others.length > 1;
    all.push({
      ...dm,
      kind: "dm",
      isGroup,
      user: isGroup ? null : (others[0] ?? store.as),
      isMember: true,
      name: others.map(nameOf).join(", ") || nameOf(store.as),
    });
  }
  for (const one of all) {
    one.messages = [...(one.messages ?? [])].sort(byTs);
    one.pins = (one.pins ?? []).map((pin) => pin.ts ?? pin);
  }
  store.conversations = new Map(all.map((one) => [one.id, one]));
}

/** Where somebody begins who was nowhere yet: #incidents, else #general, else any channel of theirs. */
export function firstPlace() {
  const mine = [...store.conversations.values()].filter((place) => place.isMember);
  const named = (name) => mine.find((place) => place.name === name);
  return (
    (named("incidents") ?? named("general") ?? mine.find((place) => place.kind === "channel") ?? mine[0])
      ?.id ?? "home"
  );
}

const byTs = (a, b) => Number(a.ts) - Number(b.ts);

/** Messages of the main column: no replies, with local notices in their place. */
export function rootMessages(place) {
  const own = place.messages.filter(
    (m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === "thread_broadcast",
  );
  const notices = store.notices.filter((n) => n.channel === place.id && !n.thread_ts && n.as === store.as);
  return notices.length ? [...own, ...notices].sort(byTs) : own;
}

/** The root and its replies. */
export function threadMessages(place, ts) {
  const own = place.messages.filter((m) => m.ts === ts || m.thread_ts === ts);
  const notices = store.notices.filter(
    (n) => n.channel === place.id && n.thread_ts === ts && n.as === store.as,
  );
  return [...own, ...notices].sort(byTs);
}

export function notice(channel, thread_ts, text) {
  const ts = (now() + store.notices.length / 1e6).toFixed(6);
  store.notices.push({
    ts,
    channel,
    thread_ts,
    text,
    as: store.as,
    user: "workspace",
    ephemeral: true,
    isNotice: true,
  });
}

/** Values typed or chosen on one surface: {block_id: {action_id: value}}, kept while it is redrawn. */
export function inputsOfSurface(surface) {
  if (!store.inputs.has(surface)) store.inputs.set(surface, {});
  return store.inputs.get(surface);
}

// Drafts: per tab, so that two people in two tabs never share one.

const draftKey = (box) => `draft:${store.as}:${box}`;
export function readDraft(box) {
  try {
    return JSON.parse(sessionStorage.getItem(draftKey(box))) ?? { text: "", mentions: [] };
  } catch {
    return { text: "", mentions: [] };
  }
}
export function writeDraft(box, draft) {
  if (draft.text) sessionStorage.setItem(draftKey(box), JSON.stringify(draft));
  else sessionStorage.removeItem(draftKey(box));
}
export const hasDraft = (box) => sessionStorage.getItem(draftKey(box)) !== null;

// Read marks: the workspace keeps them for each person; what was just read here counts at once.

const justRead = new Map();
const readKey = (place) => `${store.as}/${place.id}`;
export const lastRead = (place) =>
  String(Math.max(Number(place.last_read ?? 0), justRead.get(readKey(place)) ?? 0));
/** The `ts` up to which the place is now read, or null when it was read before. */
export function markRead(place) {
  const last = place?.messages.at(-1)?.ts;
  if (!last || Number(lastRead(place)) >= Number(last)) return null;
  justRead.set(readKey(place), Number(last));
  return last;
}

const isQuiet = (m) => /^(channel|group)_/.test(m.subtype ?? "");
const mentionsMe = (m) => `${m.text} ${m.blocks ? JSON.stringify(m.blocks) : ""}`.includes(`<@${store.as}`);

const isNews = (m) => m.user !== store.as && !isQuiet(m);

const FEW = 12; // unread messages that somebody who is new to a place reads through

/**
 * Where a place opens: the `ts` of the first unread message that names this person, else of the first unread
 * one. Null: at the newest, for nothing is unread, or a long past was never read.
 */
export function startOf(place) {
  const since = Number(lastRead(place));
  const news = place.isMember ? rootMessages(place).filter((m) => Number(m.ts) > since && isNews(m)) : [];
  const start = news.find(mentionsMe) ?? (since || news.length <= FEW ? news[0] : undefined);
  return start?.ts ?? null;
}

/** {any, count}: any unread message; how many are for this person (direct, or a mention). */
export function unread(place) {
  const since = Number(lastRead(place));
  let any = false;
  let count = 0;
  for (let i = place.messages.length - 1; i >= 0; i -= 1) {
    const m = place.messages[i];
    if (Number(m.ts) <= since) break;
    if (!isNews(m) || !place.isMember) continue;
    any = true;
    if (place.kind === "dm" || m.ephemeral || mentionsMe(m)) count += 1;
  }
  return { any, count };
}

// The address: /?as=U…&channel=…

export function readAddress() {
  const query = new URLSearchParams(location.search);
  store.as = query.get("as") ?? sessionStorage.getItem("as");
  store.place = query.get("channel") ?? (store.as ? sessionStorage.getItem(`place:${store.as}`) : null);
  const thread = query.get("thread");
  store.focusTs = query.get("ts");
  if (thread) store.pane = { kind: "thread", ts: thread };
}

export function writeAddress() {
  const query = new URLSearchParams({ as: store.as ?? "", channel: store.place ?? "" });
  history.replaceState(null, "", `/?${query}`);
  sessionStorage.setItem("as", store.as);
  if (store.place) sessionStorage.setItem(`place:${store.as}`, store.place);
}

export const setClock = (clock) => {
  store.clockOffset = toEpoch(clock.now) - Date.now() / 1000;
  store.clockFrozen = clock.running === false ? toEpoch(clock.now) : null;
};
