// Files that are dropped anywhere on the page, folders included.

import { toast } from "./toast.js";

const ACCEPTED = /\.(pdf|png|jpe?g|tiff?)$/i;

/** Whether a file of a folder is worth sending; a folder also holds thumbnails, notes and the like. */
export function isDocumentFile(file) {
  return ACCEPTED.test(file.name) && !file.name.startsWith(".");
}

async function filesBelow(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!batch.length) return files;
    for (const child of batch) files.push(...(await filesBelow(child)));
  }
}

async function droppedFiles(transfer) {
  const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  if (!entries.length || entries.some((entry) => !entry)) return { files: [...transfer.files], leftOut: 0 };
  const files = [];
  let leftOut = 0;
  for (const entry of entries) {
    const below = await filesBelow(entry);
    const wanted = entry.isDirectory ? below.filter(isDocumentFile) : below;
    leftOut += below.length - wanted.length;
    files.push(...wanted);
  }
  return { files, leftOut };
}

/** Calls `take(files, leftOut)` for every drop on the page and shows `curtain` while files are over it. */
export function acceptDrops(curtain, take) {
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth += 1;
    curtain.hidden = false;
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    curtain.hidden = depth === 0;
  });
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    curtain.hidden = true;
    try {
      const { files, leftOut } = await droppedFiles(event.dataTransfer);
      take(files, leftOut);
    } catch {
      toast("What was dropped could not be read. Nothing was added; choose the files with “Add documents” instead.", "invalid");
    }
  });
}
