// The review page: typing, checking, deciding, opening, downloading.

import { Cards, fill } from "./cards.js";
import { byId, counted, make } from "./dom.js";
import { Editor } from "./editor.js";
import { listenForFiles } from "./files.js";
import { placed } from "./findings.js";
import { converter, difference, edited, moved } from "./offsets.js";
import { Filters, showAllowed, showBalance } from "./panels.js";
import { say } from "./status.js";
import * as server from "./server.js";
import { Store } from "./store.js";

// Between two checks of a draft that is being typed; the first key after a pause does not wait, not
// even for itself to be painted.
const DELAY = 50;
const PATIENCE = 500;
const FORMATS = { markdown: ".md", plain: ".txt", html: ".html" };

const store = new Store();
const editor = new Editor({ onType, onCaret });
const cards = new Cards({ show, showEvidence, take, copy, allow });
const filters = new Filters(showFindings);

let settings = { jurisdictions: null, product: "auto" };
let findings = [];
let report = null;
let active = null;

// Checking

let timer = 0;
let lastSent = -Infinity;
let asked = 0;
let answered = 0;
let running = null;
let waiting = [];

function schedule() {
  clearTimeout(timer);
  asked += 1;
  document.documentElement.dataset.settled = "false";
  const wait = lastSent + DELAY - performance.now();
  if (wait > 0) timer = setTimeout(check, wait);
  else check();
}

function request(extra = {}) {
  const { text, format, name, document: original, allowed } = store.state;
  return { text, format, name, document: original, allowed, ...settings, ...extra };
}

async function check() {
  const number = asked;
  const { text } = store.state;
  lastSent = performance.now();
  running?.abort();
  running = new AbortController();
  const patience = setTimeout(() => say("Checking…"), PATIENCE);
  try {
    const data = await server.lint(request(), number, running.signal);
    if (number === asked) takeIn(data, text);
  } catch (error) {
    // A newer request is on its way.
    if (error.name === "AbortError" || error.status === 409 || number !== asked) return;
    if (!(error instanceof server.Refused)) throw error;
    unchecked(error.message);
  } finally {
    clearTimeout(patience);
    if (number === asked) {
      answered = number;
      document.documentElement.dataset.settled = "true";
      for (const resolve of waiting.splice(0)) resolve();
    }
  }
}

// Wait until what is shown is about the draft as it stands.
function settled() {
  if (answered === asked) return Promise.resolve();
  return new Promise((resolve) => waiting.push(resolve));
}

function takeIn(data, text) {
  report = data;
  const [file] = data.files;
  if (data.failures.length || !file) {
    unchecked(data.failures.map((each) => each.error + (each.rule ? ` (rule ${each.rule})` : "")).join(" "), file);
    if (!file) return;
  } else {
    byId("unchecked").hidden = true;
  }
  const units = converter(text);
  findings = placed(file.findings, units);
  byId("words").textContent = counted(file.words, "word");
  showBalance(file.balance, (start) => editor.select(units(start), units(start)));
  showAllowed(store.state.allowed, data.summary.suppressed, takeBack);
  showFindings();
  measured();
}

function showFindings() {
  const visible = findings.filter((each) => filters.shows(each));
  filters.count(findings);
  cards.show(findings, (each) => filters.shows(each));
  editor.mark(visible);
  if (active && !findings.some((each) => each.key === active)) activate(null);
  else activate(active, { reveal: false });
  if (byId("unchecked").hidden) summarise(visible.length);
}

function summarise(visible) {
  if (!store.state.text.trim()) {
    say("Nothing to check yet.");
    return;
  }
  if (!findings.length) {
    say("No findings. That is not compliance, and no legal advice.");
    return;
  }
  const hidden = findings.length - visible;
  say(counted(findings.length, "finding") + (hidden ? `, ${hidden.toLocaleString("en")} hidden by filters` : "") + ".");
}

// Nothing that went unchecked may look clean.
function unchecked(cause, file = null) {
  const banner = byId("unchecked");
  banner.textContent = `${file ? "Not wholly checked" : "Not checked"}: ${cause}`;
  banner.hidden = false;
  if (file) {
    say("Some rules failed; what they would find is missing.");
    return;
  }
  report = null;
  findings = [];
  byId("words").textContent = "";
  showBalance(null);
  showAllowed(store.state.allowed, 0, takeBack);
  showFindings();
  say("Not checked.");
}

// How long it took from the key to the marks, for tests and for who wonders.
function measured() {
  if (!performance.getEntriesByName("medlint-key").length) return;
  requestAnimationFrame(() => {
    if (performance.getEntriesByName("medlint-key").length) {
      performance.measure("medlint-marked", "medlint-key");
      performance.clearMarks("medlint-key");
    }
  });
}

// Typing

function onType(text) {
  performance.clearMarks("medlint-key");
  performance.clearMeasures("medlint-marked");
  performance.mark("medlint-key");
  store.change({ text }, { kind: "typing", was: caretBefore });
  caretBefore = editor.selection;
}

let caretBefore = null;

function onCaret(position) {
  caretBefore = editor.selection;
  const inside = findings
    .filter((each) => each.from <= position && position <= each.to && each.to > each.from && filters.shows(each))
    .sort((one, other) => one.to - one.from - (other.to - other.from));
  activate(inside[0]?.key ?? null);
}

function activate(key, options) {
  active = key;
  editor.markActive(findings.find((each) => each.key === key) ?? null);
  cards.activate(key, options);
}

store.addEventListener("change", ({ detail: { before, selection } }) => {
  const { state } = store;
  if (before.text !== state.text) {
    const change = difference(before.text, state.text);
    for (const each of findings) {
      for (const side of ["from", "to", "end"]) each[side] = moved(each[side], change);
    }
  }
  editor.show(state.text, selection);
  byId("undo").disabled = !store.canUndo;
  byId("redo").disabled = !store.canRedo;
  showDraft();
  showAllowed(state.allowed, report?.summary.suppressed ?? 0, takeBack);
  schedule();
});

function showDraft() {
  const { name, format } = store.state;
  const isWord = format === "docx";
  byId("name").textContent = store.state.text ? name : "";
  const select = byId("format");
  select.disabled = isWord;
  select.querySelector("[value=docx]")?.remove();
  if (isWord) select.append(make("option", { value: "docx" }, "Word"));
  select.value = format;
  const own = byId("as-draft");
  own.parentElement.hidden = format === "markdown";
  own.textContent = isWord ? "Word, changes tracked, no comments" : `The draft as it is (${FORMATS[format]})`;
}

// Opening and downloading

function load(draft) {
  store.change({ ...draft, allowed: [] }, { was: editor.selection, selection: [0, 0] });
  store.markSaved();
  editor.focus();
}

async function save(form) {
  const { state } = store;
  const file = await server.download(request({ as: form }));
  if (form !== "settings" && form !== "report" && store.state === state) store.markSaved();
  return file;
}

// Say what did not work without touching the draft.
function refused(text) {
  const banner = byId("unchecked");
  banner.textContent = text;
  banner.hidden = false;
}

// Deciding

function current(finding) {
  return findings.find((each) => each.key === finding.key) ?? null;
}

function show(finding) {
  const here = current(finding);
  if (!here) return;
  editor.select(here.from, here.end);
  activate(here.key);
}

async function showEvidence(finding, number) {
  await settled();
  const here = current(finding);
  if (!here) return;
  const { start, end } = here.full.evidence[number];
  editor.select(here.units(start), here.units(end));
}

async function take(finding, place, values) {
  await settled();
  const here = current(finding);
  if (!here) return;
  const edits = here.full.rewrites[place].edits
    .map((edit) => ({ start: here.units(edit.start), end: here.units(edit.end), text: fill(edit.parts, values) }));
  const { text, selection } = edited(store.state.text, edits);
  store.change({ text }, { was: [here.from, here.end], selection });
  await moveOn(here);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    say("The browser does not let this page copy; select the wording instead.");
  }
}

async function allow(finding, reason) {
  const { card } = finding;
  const entry = card.allow === "phrase"
    ? { phrase: card.match, reason }
    : { category: card.category, reason };
  const here = current(finding);
  store.change({ allowed: [...store.state.allowed, entry] });
  if (here) await moveOn(here);
}

function takeBack(place) {
  store.change({ allowed: store.state.allowed.filter((_, number) => number !== place) });
}

// The card is gone: go on with the next one, or back to the draft.
async function moveOn(finding) {
  await settled();
  const next = findings.find((each) => each.from >= finding.from && filters.shows(each))
    ?? findings.find((each) => filters.shows(each));
  if (next) cards.focus(next.key);
  else editor.focus();
}

function step(direction) {
  const shown = findings.filter((each) => filters.shows(each));
  if (!shown.length) return;
  const place = shown.findIndex((each) => each.key === active);
  const [caret] = editor.selection;
  let next;
  if (place >= 0) next = place + direction;
  else if (direction > 0) next = shown.findIndex((each) => each.from >= caret);
  else next = shown.findLastIndex((each) => each.from < caret);
  if (next < 0 && place < 0 && direction > 0) next = 0;
  show(shown[(next + shown.length) % shown.length]);
}

function listen() {
  byId("undo").addEventListener("click", () => store.undo());
  byId("redo").addEventListener("click", () => store.redo());
  byId("settings").addEventListener("submit", (event) => event.preventDefault());
  byId("jurisdictions").addEventListener("change", () => {
    const boxes = [...byId("jurisdictions").querySelectorAll("input:checked")];
    settings.jurisdictions = boxes.map((box) => box.value);
    schedule();
  });
  byId("product").addEventListener("change", (event) => {
    settings.product = event.target.value;
    schedule();
  });
  byId("format").addEventListener("change", (event) => {
    const format = event.target.value;
    const stem = store.state.name.replace(/\.[^.]*$/, "");
    store.change({ format, name: stem + FORMATS[format] });
  });
  document.addEventListener("keydown", onKey);
  byId("draft").addEventListener("beforeinput", (event) => {
    if (event.inputType === "historyUndo" || event.inputType === "historyRedo") {
      event.preventDefault();
      if (event.inputType === "historyUndo") store.undo();
      else store.redo();
    }
  });
  addEventListener("beforeunload", (event) => { if (!store.isSaved) event.preventDefault(); });
  listenForFiles({ load, save, refused });
}

function onKey(event) {
  if (event.key === "F8") {
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  }
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  // In a blank or a reason, undo is about what was typed there.
  if (event.target.matches?.("input[type=text]")) return;
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") {
    event.preventDefault();
    if (key === "y" || event.shiftKey) store.redo();
    else store.undo();
  }
}

async function begin() {
  listen();
  showDraft();
  let given;
  try {
    given = await server.start();
  } catch (error) {
    if (!(error instanceof server.Refused)) throw error;
    unchecked(error.message);
    return;
  }
  for (const each of given.jurisdictions) {
    const box = make("input", { type: "checkbox", value: each.name, checked: given.chosen.includes(each.name) });
    byId("jurisdictions").append(make("label", { title: each.about }, box, ` ${each.title}`));
  }
  settings.jurisdictions = given.chosen;
  for (const product of given.products) {
    const label = product === "auto"
      ? (given.product === "auto" ? "told by the text" : `as configured (${given.product})`)
      : product;
    byId("product").append(make("option", { value: product }, label));
  }
  if (!editor.canMark) {
    refused("This browser cannot mark words in the draft; the numbers on the cards still lead to them.");
  }
  if (given.draft) load(given.draft);
  document.documentElement.dataset.ready = "true";
}

begin();
