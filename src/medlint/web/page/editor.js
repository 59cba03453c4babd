// The draft as plain text. A text area takes the typing; the same text lies behind it, unseen, and
// carries the marks (CSS Custom Highlights), so that marking words never touches what is typed.

import { byId } from "./dom.js";
import { difference } from "./offsets.js";

const SEVERITIES = ["suggestion", "warning", "error"];
const canMark = typeof Highlight !== "undefined" && "highlights" in CSS;

export class Editor {
  #area = byId("draft");
  #mirror = document.createTextNode("");
  #pane = byId("writing");

  constructor({ onType, onCaret }) {
    // The last line end of a text area shows an empty line, that of a block does not.
    byId("mirror").append(this.#mirror, "\u200b");
    this.#area.addEventListener("input", () => onType(this.#area.value));
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === this.#area) onCaret(this.#area.selectionStart);
    });
    if (canMark) {
      for (const [priority, name] of [...SEVERITIES, "active"].entries()) {
        const highlight = new Highlight();
        highlight.priority = priority;
        CSS.highlights.set(name, highlight);
      }
    }
  }

  get selection() { return [this.#area.selectionStart, this.#area.selectionEnd]; }
  get canMark() { return canMark; }

  focus() { this.#area.focus({ preventScroll: true }); }

  // Show a text; the marks that are there move along with the words around the change.
  show(text, selection) {
    const change = difference(this.#mirror.data, text);
    if (change.removed || change.added) {
      this.#mirror.replaceData(change.start, change.removed, change.added);
    }
    if (this.#area.value !== text) {
      this.#area.value = text;
      const [start, end] = selection ?? [change.start + change.added.length, change.start + change.added.length];
      this.#area.setSelectionRange(start, end);
      this.#reveal(start, end);
    }
  }

  // Mark findings: each has a severity, a start and an end.
  mark(findings) {
    if (!canMark) return;
    for (const severity of SEVERITIES) {
      const highlight = CSS.highlights.get(severity);
      highlight.clear();
      for (const each of findings) {
        if (each.severity === severity) highlight.add(this.#range(each.from, each.to));
      }
    }
  }

  markActive(finding) {
    if (!canMark) return;
    const highlight = CSS.highlights.get("active");
    highlight.clear();
    if (finding) highlight.add(this.#range(finding.from, finding.to));
  }

  select(start, end) {
    this.focus();
    this.#area.setSelectionRange(start, end);
    this.#reveal(start, end);
  }

  #range(start, end) {
    const range = document.createRange();
    const length = this.#mirror.length;
    range.setStart(this.#mirror, Math.min(start, length));
    range.setEnd(this.#mirror, Math.min(Math.max(start, end), length));
    return range;
  }

  // Scroll so that the words can be seen, if they cannot.
  #reveal(start, end) {
    const box = this.#range(start, end).getBoundingClientRect();
    const pane = this.#pane.getBoundingClientRect();
    const top = Math.max(pane.top, 0);
    const bottom = Math.min(pane.bottom, innerHeight);
    if (box.top >= top && box.bottom <= bottom) return;
    const scroller = this.#pane.scrollHeight > this.#pane.clientHeight + 1 ? this.#pane : document.scrollingElement;
    scroller.scrollBy({ top: box.top - (top + (bottom - top) / 3) });
  }
}
