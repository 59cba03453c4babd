// Findings as cards: what is wrong, why, what to write instead, under which law.

import { byId, counted, make } from "./dom.js";

const SHOWN_LAWS = 1;
const SHOWN_PLACES = 3;
const NOTES = { safe: "cannot change what is claimed", unsafe: "changes the meaning", display: "" };

export class Cards {
  #list = byId("cards");
  #pane = byId("findings");
  #known = new Map();
  // What was filled into blanks and reasons, so that typing elsewhere does not lose it.
  #filled = new Map();
  #acts;

  constructor(acts) { this.#acts = acts; }

  // Show findings in their order; cards that stay the same are kept, with what is being typed there.
  show(findings, isVisible) {
    const next = new Map();
    const items = findings.map((finding, place) => {
      const key = finding.key;
      const content = JSON.stringify(finding.card);
      const old = this.#known.get(key);
      const item = old && old.content === content ? old : this.#made(finding, content);
      item.finding = finding;
      item.number.textContent = String(place + 1);
      item.position.textContent = finding.place;
      item.element.hidden = !isVisible(finding);
      next.set(key, item);
      return item.element;
    });
    this.#known = next;
    for (const key of this.#filled.keys()) if (!next.has(key)) this.#filled.delete(key);
    const same = items.length === this.#list.childElementCount &&
      items.every((item, place) => this.#list.children[place] === item);
    if (!same) this.#arrange(items);
  }

  // Mark the card that the caret is in, and bring it into view.
  activate(key, { reveal = true } = {}) {
    for (const [each, item] of this.#known) {
      const isActive = each === key;
      item.card.classList.toggle("active", isActive);
      if (isActive) item.card.setAttribute("aria-current", "true");
      else item.card.removeAttribute("aria-current");
      // Where both are in one column, going to the card would take the words away.
      if (isActive && reveal && !item.element.hidden && this.#pane.scrollHeight > this.#pane.clientHeight + 1) {
        item.element.scrollIntoView({ block: "nearest" });
      }
    }
  }

  focus(key) {
    this.#known.get(key)?.number.focus();
  }

  // Moving an element takes the focus out of it, so only what is not in its place is moved.
  #arrange(items) {
    const wanted = new Set(items);
    for (const child of [...this.#list.children]) if (!wanted.has(child)) child.remove();
    items.forEach((item, place) => {
      const there = this.#list.children[place];
      if (there === item) return;
      const focused = item.contains(document.activeElement) ? document.activeElement : null;
      this.#list.insertBefore(item, there ?? null);
      focused?.focus({ preventScroll: true });
    });
  }

  #made(finding, content) {
    const { card } = finding;
    const id = `card-${finding.key}`;
    const item = { content, finding };
    item.number = make("button", {
      type: "button", class: `number ${card.severity}`, "aria-label": `Show “${card.match}” in the draft`,
      onclick: () => this.#acts.show(item.finding),
    });
    item.position = make("span", { class: "position" });
    const head = make("p", { class: "head" },
      item.number, make("strong", { class: "severity" }, card.severity),
      make("span", { class: "category" }, card.category), item.position, card.rule === card.category ? null : make("code", {}, card.rule));
    item.card = make("article", { class: `card ${card.severity}`, "aria-labelledby": id },
      head,
      make("h3", { class: "message", id }, card.message),
      card.advice ? make("p", { class: "advice" }, card.advice) : null,
      this.#rewrites(item), this.#evidence(item), laws(card.sources), this.#allowance(item));
    item.element = make("li", {}, item.card);
    return item;
  }

  #values(key) {
    if (!this.#filled.has(key)) this.#filled.set(key, new Map());
    return this.#filled.get(key);
  }

  #rewrites(item) {
    const { rewrites } = item.finding.card;
    if (!rewrites.length) return null;
    return make("div", { class: "instead" },
      make("p", { class: "title" }, "Instead"),
      make("ul", {}, ...rewrites.map((rewrite, place) => this.#rewrite(item, rewrite, place))));
  }

  #rewrite(item, rewrite, place) {
    const values = this.#values(item.finding.key);
    const names = [...new Set(rewrite.parts.filter((part) => part.blank !== undefined).map((part) => part.blank))];
    const inputs = [];
    const isFull = () => names.every((name) => values.get(name)?.trim());
    const applies = rewrite.edits.length > 0;
    const button = make("button", { type: "button", class: "take" }, applies ? "Take" : "Copy");
    const refresh = () => {
      button.disabled = !isFull();
      button.title = button.disabled ? "Fill the blanks first: only you know these facts" : "";
    };
    const wording = rewrite.parts.map((part) => {
      if (part.blank === undefined) return part;
      const input = make("input", {
        class: "blank", type: "text", "aria-label": `Fill in: ${part.blank}`, placeholder: part.blank,
        autocomplete: "off", maxlength: "300", value: values.get(part.blank) ?? "",
      });
      const fit = () => { input.size = Math.max(part.blank.length, input.value.length, 4); };
      input.addEventListener("input", () => {
        values.set(part.blank, input.value);
        for (const other of inputs) {
          if (other !== input && other.placeholder === part.blank) other.value = input.value;
        }
        fit();
        refresh();
      });
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.isComposing) {
          event.preventDefault();
          button.click();
        }
      });
      fit();
      inputs.push(input);
      return input;
    });
    button.addEventListener("click", () => {
      const filled = new Map(names.map((name) => [name, values.get(name).trim()]));
      if (applies) this.#acts.take(item.finding, place, filled);
      else this.#acts.copy(fill(rewrite.parts, filled));
    });
    refresh();
    const note = NOTES[rewrite.kind];
    return make("li", {},
      make("span", { class: "wording" }, ...wording), " ",
      note ? make("span", { class: "note" }, `(${note}) `) : null, button);
  }

  #evidence(item) {
    const places = item.finding.card.evidence;
    if (!places.length) return null;
    const list = places.map((each, number) => make("li", {},
      make("button", {
        type: "button", class: "link",
        onclick: () => this.#acts.showEvidence(item.finding, number),
      }, `“${each.match}”`)));
    return folded("evidence", "See also", list, SHOWN_PLACES);
  }

  #allowance(item) {
    const { card } = item.finding;
    if (!card.allow) return null;
    const isPhrase = card.allow === "phrase";
    const input = make("input", { type: "text", required: true, maxlength: "300", autocomplete: "off" });
    const button = make("button", { type: "button" }, isPhrase ? "Allow this phrase…" : "Said elsewhere…");
    const form = make("form", { class: "allow", hidden: true },
      make("label", {}, isPhrase ? "Why may it stay? " : "Where is it said, and why is that enough? ", input),
      make("button", { type: "submit" }, "Allow"),
      make("button", { type: "button", onclick: () => toggle(false) }, "Cancel"));
    const toggle = (open) => {
      form.hidden = !open;
      button.hidden = open;
      (open ? input : button).focus();
    };
    button.addEventListener("click", () => toggle(true));
    input.addEventListener("input", () => input.setCustomValidity(""));
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") toggle(false); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = input.value.trim();
      if (!reason) {
        input.setCustomValidity("Give a reason: it is kept with the report and the settings.");
        input.reportValidity();
        return;
      }
      this.#acts.allow(item.finding, reason);
    });
    return make("div", { class: "actions" }, button, form);
  }
}

export function fill(parts, values) {
  return parts.map((part) => (part.blank === undefined ? part : values.get(part.blank))).join("");
}

function laws(sources) {
  if (!sources.length) return null;
  const items = sources.map((source) => {
    const isWeb = /^https?:\/\//i.test(source.url);
    const title = isWeb
      ? make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, source.title)
      : source.title;
    return make("li", {}, make("b", { class: "where" }, source.where), " ", title,
      source.checked ? null : make("span", { class: "note" }, " (citation not compared with its text)"));
  });
  return folded("law", "Law and guidance", items, SHOWN_LAWS);
}

function folded(kind, title, items, most) {
  const rest = items.slice(most);
  return make("div", { class: kind },
    make("p", { class: "title" }, title),
    make("ul", {}, ...items.slice(0, most)),
    rest.length
      ? make("details", {}, make("summary", {}, `${counted(rest.length, "more", "more")}`), make("ul", {}, ...rest))
      : null);
}
