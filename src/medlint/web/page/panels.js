// What stands around the cards: the balance by section, what was allowed, the filters.

import { byId, counted, make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

export function showBalance(balance, show) {
  const panel = byId("balance");
  panel.hidden = !balance || !(balance.benefits || balance.risks);
  if (panel.hidden) return;
  const content = JSON.stringify(balance);
  if (panel.dataset.content === content) return;
  panel.dataset.content = content;
  panel.querySelector("summary").textContent =
    `Balance: ${counted(balance.benefits, "benefit statement")} against ${counted(balance.risks, "material risk")}`;
  const largest = Math.max(...balance.sections.map((each) => Math.max(each.benefits, each.risks)), 1);
  const rows = balance.sections.map((section) => {
    const name = section.heading ?? "Before the first heading";
    const heading = section.start === null
      ? name
      : make("button", { type: "button", class: "link", onclick: () => show(section.start) }, name);
    return make("tr", {},
      make("th", { scope: "row" }, heading),
      make("td", { class: "bar" }, bar(section.benefits, largest, "benefit")),
      make("td", { class: "count" }, String(section.benefits)),
      make("td", { class: "count" }, String(section.risks)),
      make("td", { class: "bar" }, bar(section.risks, largest, "risk")));
  });
  const head = make("tr", {},
    make("th", { scope: "col" }, "Section"),
    make("th", { scope: "col", class: "benefits", colspan: "2" }, "Benefits"),
    make("th", { scope: "col", class: "risks", colspan: "2" }, "Risks"));
  panel.querySelector("div").replaceChildren(
    make("table", { class: "balance" }, make("thead", {}, head), make("tbody", {}, ...rows)));
}

// The figure beside it says the same to those who cannot see the bar.
function bar(count, largest, kind) {
  const width = Math.round((100 * count) / largest);
  const picture = document.createElementNS(SVG, "svg");
  const rectangle = document.createElementNS(SVG, "rect");
  const attributes = { class: kind, x: kind === "benefit" ? 100 - width : 0, width, height: 10 };
  for (const [name, value] of Object.entries(attributes)) rectangle.setAttribute(name, value);
  picture.setAttribute("viewBox", "0 0 100 10");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  picture.append(rectangle);
  return picture;
}

export function showAllowed(allowed, suppressed, remove) {
  const panel = byId("allowed");
  panel.hidden = !allowed.length;
  panel.querySelector("summary").textContent =
    `Allowed: ${allowed.length}` + (suppressed ? `, which keeps ${counted(suppressed, "finding")} back` : "");
  panel.querySelector("ul").replaceChildren(...allowed.map((each, place) => {
    const what = each.phrase ? `“${each.phrase}”` : `${each.category}, said elsewhere`;
    return make("li", {}, make("b", {}, what), `: ${each.reason} `,
      make("button", { type: "button", "aria-label": `Take back: ${what}`, onclick: () => remove(place) }, "Take back"));
  }));
}

export class Filters {
  #fieldset = byId("filters");
  #boxes = new Map();

  constructor(onChange) {
    for (const severity of ["error", "warning", "suggestion"]) {
      const box = make("input", { type: "checkbox", checked: true });
      box.addEventListener("change", onChange);
      const count = make("span", { class: "count" });
      this.#boxes.set(severity, { box, count });
      this.#fieldset.append(make("label", {}, box, ` ${severity} `, count));
    }
  }

  shows(finding) { return this.#boxes.get(finding.severity).box.checked; }

  count(findings) {
    this.#fieldset.hidden = !findings.length;
    for (const [severity, { count }] of this.#boxes) {
      count.textContent = String(findings.filter((each) => each.severity === severity).length);
    }
  }
}
