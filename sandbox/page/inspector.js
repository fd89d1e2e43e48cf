// Every frame between the workspace and the app, newest first. For people who look under the floor.
import { getJournal } from "./api.js";
import { el, icon, keyed } from "./dom.js";
import { toEpoch } from "./time.js";

const KEPT = 400;
const REREAD = 50; // an entry is completed in place: the latest open ones are read again

/** {refresh(), isOpen()}; reads only while it is open. */
export function createInspector(root, { close }) {
  const filter = el("input", {
    type: "search",
    class: "field",
    placeholder: "Filter, for example chat.postMessage",
    "aria-label": "Filter frames",
  });
  const list = el("div", { class: "frames", "data-testid": "frames" });
  const count = el("small", {});
  root.append(
    el(
      "header",
      { class: "inspector-head" },
      el("h2", {}, "Inspector"),
      count,
      filter,
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close the inspector", on: { click: close } },
        icon("close"),
      ),
    ),
    list,
  );
  let after = 0;
  const frames = new Map();
  let busy = false;

  const draw = () => {
    const words = filter.value.trim().toLowerCase();
    const shown = [...frames.values()]
      .filter((one) => !words || one.search.includes(words))
      .slice(-KEPT)
      .reverse();
    count.textContent = `${shown.length} of ${frames.size}`;
    keyed(
      list,
      shown.map((one) => ({ key: one.n, sig: one.body, make: () => frameRow(one) })),
    );
  };
  filter.addEventListener("input", draw);

  const refresh = async () => {
    if (root.hidden || busy) return;
    busy = true;
    try {
      const answer = await getJournal(after);
      const fresh = answer.entries;
      for (const entry of fresh) frames.set(entry.seq, asFrame(entry));
      for (const n of frames.keys()) if (frames.size > KEPT * 2) frames.delete(n);
      const open = fresh.find((entry) => entry.t_end === undefined && entry.seq > fresh.at(-1).seq - REREAD);
      after = open ? open.seq - 1 : (fresh.at(-1)?.seq ?? after);
      draw();
    } catch {
      // The banner already says that the line is gone; the next tick reads again.
    } finally {
      busy = false;
    }
  };
  return { refresh };
}

function asFrame(entry) {
  const body = JSON.stringify(entry, null, 2);
  return { entry, n: entry.seq, body, search: body.toLowerCase() };
}

function frameRow({ entry, n, body }) {
  const epoch = toEpoch(entry.at);
  const clock = epoch ? new Date(epoch * 1000).toISOString().slice(11, 23) : "";
  const kind = entry.kind ?? entry.type ?? "";
  const name = entry.method ?? entry.name ?? entry.event ?? entry.path ?? "";
  const state =
    entry.error ??
    (entry.acked === false
      ? "not acked"
      : entry.ack_ms !== undefined && entry.ack_ms !== null
        ? `acked in ${Math.round(entry.ack_ms)} ms`
        : "");
  return el(
    "details",
    { class: "frame", "data-n": n },
    el(
      "summary",
      {},
      el("time", {}, clock),
      el("strong", {}, kind),
      el("span", { class: "frame-name" }, name),
      el("span", { class: entry.error ? "frame-state bad" : "frame-state" }, state),
    ),
    el("pre", {}, body),
  );
}
