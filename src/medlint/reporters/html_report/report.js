"use strict";
// Without this script everything shows; with it, findings can be filtered.
(() => {
  const filters = document.querySelector(".filters");
  if (!filters) return;
  const form = filters.querySelector("form");
  const shown = filters.querySelector(".shown");
  const cards = [...document.querySelectorAll(".card")];
  const places = new Map(cards.map((card) => [card.id, []]));
  for (const place of document.querySelectorAll("[data-f]")) places.get(place.dataset.f).push(place);

  const chosen = (name) =>
    new Set([...form.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value));

  const apply = () => {
    const [severities, categories, laws] = ["severity", "category", "jurisdiction"].map(chosen);
    let count = 0;
    for (const card of cards) {
      const { severity, category, jurisdiction } = card.dataset;
      const on = severities.has(severity) && categories.has(category)
        && jurisdiction.split(" ").some((law) => laws.has(law));
      count += on;
      card.parentElement.hidden = !on;
      for (const place of places.get(card.id)) {
        if (place.localName === "mark") place.classList.toggle("off", !on);
        else place.hidden = !on;
      }
    }
    shown.textContent = count === cards.length
      ? `All ${count} findings are shown.`
      : `${count} of ${cards.length} findings are shown; filters hide the others.`;
  };

  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  for (const toggle of form.querySelectorAll(".toggle")) {
    toggle.addEventListener("click", () => {
      const boxes = [...toggle.parentElement.querySelectorAll("input")];
      const all = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !all;
      apply();
    });
  }
  // What a link leads to must not be hidden.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.closest("[hidden]")) {
      form.reset();
      setTimeout(() => target.scrollIntoView());
    }
  });
  filters.hidden = false;
  apply();
})();
(() => {
  // Paper cannot unfold anything.
  const folded = () => [...document.querySelectorAll("details:not([open])")];
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = folded();
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });
})();
