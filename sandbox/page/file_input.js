// An input that takes files into a form: chosen from the machine, listed by name, each can be taken out again.
import * as acts from "./acts.js";
import { el, icon } from "./dom.js";
import { toast } from "./toast.js";

const MOST_FILES = 10;
const MAX_UPLOAD = 20 * 1024 * 1024;
const names = new Map(); // file id → its name, for as long as the page is open

/** Holds the ids of the files that were added; Slack's form takes no more than `max_files`. */
export function fileInput({ spec, block, ctx, key }) {
  const read = () => ctx.read(block.block_id, spec.action_id) ?? [];
  const write = (ids) => {
    ctx.write(block.block_id, spec.action_id, ids);
    draw();
  };
  const most = spec.max_files ?? MOST_FILES;
  const chooser = el("input", {
    type: "file",
    hidden: true,
    multiple: most > 1,
    accept: spec.filetypes?.map((type) => `.${type}`).join(","),
    "data-testid": "form-file",
    on: { change: (event) => add(event.target) },
  });
  const list = el("ul", { class: "form-files" });
  const choose = el(
    "button",
    {
      type: "button",
      class: "button",
      "data-action-id": spec.action_id,
      "data-block-id": block.block_id,
      "data-focus": `${ctx.surface}/${key}`,
      on: { click: () => chooser.click() },
    },
    icon("file"),
    most > 1 ? "Add files" : "Add a file",
  );

  async function add(input) {
    for (const one of [...input.files].slice(0, most - read().length)) {
      if (one.size > MAX_UPLOAD) {
        toast(`${one.name} is larger than 20 MB.`, "error");
        continue;
      }
      const answer = await acts.uploadInto(ctx.target.view_id, one);
      if (!answer.response) continue;
      names.set(answer.response.file, answer.response.name);
      write([...read(), answer.response.file]);
    }
    input.value = "";
  }

  const row = (id) =>
    el(
      "li",
      {},
      icon("file"),
      el("span", { class: "form-file-name", dir: "auto" }, names.get(id) ?? "A file"),
      el(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": `Take out ${names.get(id) ?? "the file"}`,
          on: { click: () => write(read().filter((each) => each !== id)) },
        },
        icon("close"),
      ),
    );

  function draw() {
    const ids = read();
    list.replaceChildren(...ids.map(row));
    list.hidden = !ids.length;
    choose.hidden = ids.length >= most;
  }

  draw();
  return el("div", { class: "form-file-input" }, list, choose, chooser);
}
