// Says that Slack is down, for as long as it is.
import { now, store } from "./store.js";

export function drawOutage() {
  const { down, until } = store.state.slack ?? {};
  document.getElementById("down").hidden = !down || (until !== null && now() >= until);
}
