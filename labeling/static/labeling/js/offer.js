// Fix once: after a submit that corrected the vendor or the date, a quiet word about open documents with the same fault.

import { corrections } from "./api.js";
import { toast } from "../../countersign/toast.js";

const FIELDS = { vendor: "the same vendor", alias: "the same name for their vendor", date_order: "their date read the same way" };

/** Asks the server only when something was corrected that other documents may share; says nothing when there is nothing, or no answer. */
export async function offerCorrections(task, record, gold) {
  if (!gold || !task.prediction || !mayConcernOthers(task.prediction.record, record, task.document.vendor)) return;
  const { offers } = await corrections.offers(gold, task.document.vendor?.id ?? null).catch(() => ({ offers: [] }));
  for (const offer of offers) show(offer);
}

function mayConcernOthers(before, after, vendor) {
  return before.date !== after.date || before.vendor?.name !== after.vendor.name || vendor?.name !== after.vendor.name;
}

function show({ kind, documents, page }) {
  const count = documents.length;
  const element = toast(`${count} open ${count === 1 ? "document has" : "documents have"} ${FIELDS[kind]}. `, "info");
  const link = document.createElement("a");
  Object.assign(link, { href: page, target: "_blank", textContent: "Correct them too" });
  element.querySelector("p").append(link);
}

/** After a step of the onboarding: where it shows how it went. Says nothing after any other document. */
export function showStep(task) {
  if (!task.onboarding) return;
  const element = toast(`Onboarding, ${task.onboarding.step} of ${task.onboarding.of} is in. `, "info");
  const link = document.createElement("a");
  Object.assign(link, { href: task.onboarding.page, target: "_blank", textContent: "See how it went" });
  element.querySelector("p").append(link);
}
