// Talks to the sandbox: reads state, sends acts, follows ticks. Knows nothing of the screen.

/** An act that the sandbox refused; `message` is a sentence or an error code. */
export class Refused extends Error {}

async function call(path, body) {
  const options =
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        };
  const answer = await fetch(`/_control/${path}`, options);
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(data.error ?? `HTTP ${answer.status}`);
  return data;
}

export const getState = (as) => call(as ? `state?as=${encodeURIComponent(as)}` : "state");
export const getJournal = (after) => call(`journal?after=${after}`);

/** One act of a person: command, say, click, submit, close, shortcut, react, upload, home, edit, delete… */
export const act = (kind, body) => call(kind, body);

/**
 * Calls `onTick` after each change and `onLink(connected)` when the line goes or comes back.
 * EventSource retries by itself unless the server answered with an error; then a fresh one is made.
 */
export function follow(onTick, onLink) {
  const source = new EventSource("/_control/events");
  source.addEventListener("open", () => onLink(true));
  source.addEventListener("message", (event) => {
    let tick = {};
    try {
      tick = JSON.parse(event.data);
    } catch {
      // A tick without a body still says that something changed.
    }
    onTick(tick);
  });
  source.addEventListener("error", () => {
    onLink(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(onTick, onLink), 1500);
  });
}
