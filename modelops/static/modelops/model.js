// One model: follows an evaluation while it goes on, and says how much of a reason is still missing.

const asked = document.querySelector("[data-ask]");
const AGAIN_MS = 4000;

/** What the address says of the evaluation now: its state and how many documents are read. */
async function look() {
  const answer = await fetch(`/api/v1${location.pathname}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).asked;
}

async function follow() {
  try {
    const now = await look();
    if (now?.state !== asked.dataset.ask) {
      if (!document.querySelector("dialog[open]")) location.reload();
      return;
    }
    const bar = asked.querySelector("progress");
    if (bar) {
      bar.max = now.documents;
      bar.value = now.done;
      asked.querySelector(".number").textContent = `${now.done} of ${now.documents} documents`;
    }
  } catch {
    // away for a moment: the page stays as it is, and is asked again
  }
  setTimeout(follow, AGAIN_MS);
}

if (asked) setTimeout(follow, AGAIN_MS);

const reason = document.querySelector("[data-override] textarea");
if (reason) {
  const left = document.querySelector("[data-left]");
  reason.addEventListener("input", () => {
    const missing = reason.minLength - reason.value.trim().length;
    left.textContent = missing > 0 ? `${missing} more.` : "";
  });
}
