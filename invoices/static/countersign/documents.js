// The list of documents: adding files, keeping rows current, selecting failed ones.

import { refreshCounts } from "./counts.js";
import { acceptDrops, isDocumentFile } from "./drop.js";
import { RowRefresh } from "./row_refresh.js";
import { bindSelection } from "./selection.js";
import { Uploads } from "./uploads.js";

const table = document.querySelector(".documents__table");

if (table) {
  const refreshSelection = bindSelection(document.getElementById("documents-form"), "document", document.getElementById("bulk"));
  const rows = new RowRefresh(document.getElementById("document-rows"), table.dataset.rowsUrl, {
    grows: "grows" in table.dataset,
    onChange: () => {
      document.getElementById("documents-empty")?.remove();
      refreshSelection();
      refreshCounts();
    },
  });
  bindUploads((id) => rows.expect(id));
} else {
  bindUploads(refreshCounts);
}

function bindUploads(onReceived) {
  const panel = document.getElementById("uploads");
  const uploads = new Uploads(panel, { url: panel.dataset.url, maxBytes: Number(panel.dataset.maxBytes), onReceived });
  acceptDrops(document.getElementById("drop"), (files, leftOut) => uploads.add(files, leftOut));
  for (const kind of ["files", "folder"]) {
    const chooser = document.getElementById(`choose-${kind}`);
    for (const button of document.querySelectorAll(`[data-choose="${kind}"]`)) button.addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", () => {
      const chosen = [...chooser.files];
      const wanted = kind === "folder" ? chosen.filter(isDocumentFile) : chosen;
      uploads.add(wanted, chosen.length - wanted.length);
      chooser.value = "";
    });
  }
}
