// What the acting person does: one function an act. Each waits for the answer and says what went wrong.
import { act, Refused } from "./api.js";
import { blocksWithFailure } from "./failures.js";
import { changed, inputsOfSurface, notice, store } from "./store.js";
import { toast } from "./toast.js";

let refetch = () => {};
export const onActed = (refresh) => {
  refetch = refresh;
};

const REASONS = {
  not_in_channel: "You are not in this channel.",
  channel_not_found: "This channel does not exist, or you are not in it.",
  slack_is_down: "Slack is down. Nothing was sent.",
  is_archived: "This channel is archived.",
  no_connection: "The app is not connected.",
  dispatch_failed: "The app is not connected.",
  operation_timeout: "The app did not answer within 3 seconds.",
  message_not_found: "This message is gone.",
  cant_update_message: "Only your own messages can be edited.",
  cant_delete_message: "Only your own messages can be deleted.",
};
export const inWords = (error) => REASONS[error] ?? (/^[a-z_]+$/.test(error) ? `Refused: ${error}.` : error);

/** Sends one act as the acting person; null after a refusal that was already shown. */
async function attempt(kind, body, { quiet = false } = {}) {
  try {
    const answer = await act(kind, { as: store.as, ...body });
    refetch();
    return answer;
  } catch (fault) {
    const words =
      fault instanceof Refused ? inWords(fault.message) : "The sandbox cannot be reached. Nothing was sent.";
    if (!quiet) toast(words, "error");
    return { refused: words, code: fault.message };
  }
}

const inThread = (thread_ts) => (thread_ts ? { thread_ts } : {});

export const say = (channel, text, thread_ts) => attempt("say", { channel, text, ...inThread(thread_ts) });
export const react = (channel, ts, name) => attempt("react", { channel, ts, name });
export const pin = (channel, ts) => attempt("pin", { channel, ts });
export const edit = (channel, ts, text) => attempt("edit", { channel, ts, text });
export const remove = (channel, ts) => attempt("delete", { channel, ts });
/** Tells the workspace how far the person has read. */
export const mark = (channel, ts) => act("mark", { as: store.as, channel, ts }).catch(() => {});
/** Do Not Disturb, on for a day or off. */
export const mute = (user, on) => attempt("dnd", { user, on });
/** Answers the ringing telephone, which acknowledges. */
export const answerPhone = (handle) => attempt("answer_phone", { handle });
export const join = (channel) => attempt("join", { channel });
export const openHome = () => attempt("home", {}, { quiet: true });
/** Opens (or makes) the conversation with one person. */
export const openDirect = (user) => attempt("open", { user });
export const closeView = (view_id) => attempt("close", { view_id });
export const setClock = (body) => attempt("clock", body);

/**
 * Runs a slash command; true when the app took it. A refusal is said here in Slack's own words; that the app
 * did not acknowledge is said by the workspace itself.
 */
export async function command(channel, text, thread_ts) {
  const name = text.split(/\s/)[0];
  const answer = await attempt("command", { channel, text, ...inThread(thread_ts) }, { quiet: true });
  if (!answer.refused && !answer.error) return true;
  if (answer.refused) notice(channel, thread_ts, commandRefusal(name, answer));
  changed();
  return false;
}

function commandRefusal(name, { code, refused }) {
  const app = store.state.app.name;
  if (code === "unknown_command") {
    return `\`${name}\` is not a valid command. To send it as a message, put a space before the "/".`;
  }
  if (code === "not_supported_in_threads") {
    return `\`${name}\` is not supported in threads. Mention the app here instead: *@${app} …*`;
  }
  return `${refused} What you typed is kept.`;
}

export async function shortcut(spec, channel, ts) {
  const answer = await attempt("shortcut", { callback_id: spec.callback_id, channel, ts });
  if (answer.error) toast(`${spec.name}: ${inWords(answer.error)}`, "error");
}

/** A button or select: waits with a spinner on `node`; a missing ack is said beside it. */
export async function click(target, surface, block, element, value, node) {
  const waiting = node?.closest("button, a");
  waiting?.classList.add("busy");
  waiting?.setAttribute("aria-busy", "true");
  const pressed = { ...target, block_id: block.block_id, action_id: element.action_id, value };
  const answer = await sendForm("click", pressed, inputsOfSurface(surface));
  waiting?.classList.remove("busy");
  waiting?.removeAttribute("aria-busy");
  const failed = answer.refused ?? (answer.error ? `${inWords(answer.error)} Try again.` : null);
  if (failed) blocksWithFailure(surface, failed);
  return answer;
}

export const submit = (view_id, values) => sendForm("submit", { view_id }, values);

/** Sends what a form holds. What stood in a block that the app has replaced since is forgotten, as in Slack. */
async function sendForm(kind, body, values) {
  for (;;) {
    const answer = await attempt(kind, { ...body, values }, { quiet: true });
    const gone = /^the form has no block (.+)$/.exec(answer.code ?? "")?.[1];
    if (gone === undefined || !(gone in values)) return answer;
    delete values[gone];
  }
}

export const upload = async (channel, file, thread_ts) =>
  attempt("upload", { channel, ...(await contentOf(file)), ...inThread(thread_ts) });

/** Into a form: the answer holds the file's id, which is the value of the input. */
export const uploadInto = async (view_id, file) => attempt("upload", { view_id, ...(await contentOf(file)) });

async function contentOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return { name: file.name, content_base64: btoa(text), mimetype: file.type || undefined };
}
