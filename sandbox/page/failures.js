// Sentences beside a surface (a message, a view) whose button the app did not answer; they go after a while.
import { changed } from "./store.js";

const STAYS_MS = 8000;
const bySurface = new Map();

export const failureOf = (surface) => bySurface.get(surface) ?? "";

export function blocksWithFailure(surface, text) {
  bySurface.set(surface, text);
  changed();
  setTimeout(() => {
    if (bySurface.get(surface) === text) bySurface.delete(surface);
    changed();
  }, STAYS_MS);
}
