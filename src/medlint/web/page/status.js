// The line that says how the draft stands.

import { byId } from "./dom.js";

// Screen readers shall not be told of every keystroke.
const QUIET = 1000;

let spoken = 0;

export function say(text) {
  const status = byId("status");
  if (status.textContent === text) return;
  clearTimeout(spoken);
  // What is seen changes at once; what is read aloud waits until typing pauses.
  status.setAttribute("aria-live", "off");
  status.textContent = text;
  spoken = setTimeout(() => {
    status.setAttribute("aria-live", "polite");
    status.textContent = "";
    status.textContent = text;
  }, QUIET);
}
