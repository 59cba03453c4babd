// Files: opened by the button or by dropping them, and downloaded from the menu.

import { byId, make } from "./dom.js";
import * as server from "./server.js";

const MOST_BYTES = 20 * 1024 * 1024;
const PATIENCE = 10_000;

export function listenForFiles({ load, save, refused }) {
  const open = (file) => { if (file) openFile(file, load, refused); };
  byId("open").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", (event) => {
    open(event.target.files[0]);
    event.target.value = "";
  });
  listenForDrops(open);
  listenForDownloads(save, refused);
}

async function openFile(file, load, refused) {
  if (file.size > MOST_BYTES) {
    refused(`${file.name} is larger than 20 MB; check it with “medlint FILE”.`);
    return;
  }
  try {
    load(await server.open(file));
  } catch (error) {
    if (!(error instanceof server.Refused)) throw error;
    refused(`${file.name} could not be opened: ${error.message}`);
  }
}

function listenForDrops(open) {
  const drop = byId("drop");
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.hidden = false;
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.hidden = true; });
  addEventListener("drop", (event) => {
    drop.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    open(event.dataTransfer.files[0]);
  });
}

function listenForDownloads(save, refused) {
  const menu = byId("downloads");
  for (const button of menu.querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      menu.open = false;
      try {
        offer(await save(button.dataset.as));
      } catch (error) {
        if (!(error instanceof server.Refused)) throw error;
        refused(`This could not be made: ${error.message}`);
      }
    });
  }
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function offer({ name, data }) {
  const link = make("a", { href: URL.createObjectURL(data), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE);
}
