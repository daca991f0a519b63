"""Every address that is measured, one line each; ``unmeasured`` has those that are not. No Django.

A new screen or endpoint gets its line here: ``tests/benchmarks/test_screens.py`` fails without it. ``{name}`` stands for one of
``targets.targets()``; a value of a body that is such a name alone is replaced by the target itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Row:
    """One request. ``by``: biller | senior | admin. ``before`` names rows of the same targets that must have happened (claimed, settled).

    ``grows``: why its work may grow with the archive; without it a growth beyond what is allowed is told. ``first_bytes``: only how long
    it takes until a stream begins. ``gives_back``: the task that is answered is given back, so that the next one is found anew.
    """

    name: str
    by: str
    address: str
    method: str = "GET"
    body: Any = None
    before: tuple[str, ...] = ()
    first_bytes: bool = False
    gives_back: bool = False
    grows: str = ""


def _get(name: str, by: str, address: str, **more: Any) -> Row:
    return Row(name, by, address, **more)


def _post(name: str, by: str, address: str, body: Any = None, **more: Any) -> Row:
    return Row(name, by, address, more.pop("method", "POST"), {} if body is None else body, **more)


_EFFORT: Final = {"version": 0, "active_seconds": 20.0, "keystrokes": 12}
_B: Final = {"choice": "b"}

_OPEN_REVIEWS: Final = "counts the doubts of all open reviews, off an index"
_WAITING: Final = "counts the pairs that wait, 10,001 at most, past those of blind documents"
_ALL_CASES: Final = "counts all adjudications, off an index, and those of this person's own"
_LOOKED_AT: Final = "looks at 400 open documents at most, which a small archive has not"
_MEASURED: Final = "counts the measured documents, off an index"
_TABS: Final = "counts all tasks for its tabs: docs/performance.md, not good enough yet"
_STATUSES: Final = "counts all documents for its tabs, off an index"
_ALIKE: Final = "goes through the open adjudications of the vendor"
_GOLDS: Final = "counts the gold records for the entry in the trail, off an index"
_PASSED: Final = "passes the reviews, which come first by priority and are not a biller's"
_SLICES: Final = "goes through the sums of every month and of every two people: as many as there are, not as documents"
_SIEVED: Final = "looks through pairs, newest first, until the page is full"
_SUSPECTS: Final = "counts what something speaks against, off an index"
_DASHBOARD: Final = "counts open tasks by kind and gold records, off indexes"
_SIDES: Final = "counts the vendors of each side, off an index, and the gold records of those shown"
_TRIALS: Final = "counts the tests of every biller"

SCREENS: Final = (
    _get("review queue", "senior", "/review/", grows=_OPEN_REVIEWS),
    _get("review queue, second page", "senior", "/review/?cursor={review_cursor}", grows=_OPEN_REVIEWS),
    _get("review queue, cause low", "senior", "/review/?cause=low", grows=_OPEN_REVIEWS),
    _get("review queue, cause place", "senior", "/review/?cause=place", grows=_OPEN_REVIEWS),
    _get("review queue, cause marked (rare)", "senior", "/review/?cause=marked", grows=_OPEN_REVIEWS),
    _get("review queue, field total", "senior", "/review/?field=total", grows=_OPEN_REVIEWS),
    _get("review queue, a large vendor", "senior", "/review/?vendor={vendor}", grows=_OPEN_REVIEWS),
    _get("review queue, a rare vendor", "senior", "/review/?vendor={rare_vendor}", grows=_OPEN_REVIEWS),
    _get("review queue, vendor, field and cause", "senior", "/review/?vendor={rare_vendor}&field=total&cause=low", grows=_OPEN_REVIEWS),
    _get("review queue, oldest first", "senior", "/review/?sort=waiting", grows=_OPEN_REVIEWS),
    _get("verify grid", "senior", "/verify/"),
    _get("verify grid, second page", "senior", "/verify/?cursor={grid_cursor}"),
    _get("verify grid, a field nobody verified", "senior", "/verify/?field=date"),
    _get("verify grid, a large vendor", "senior", "/verify/?vendor={vendor}"),
    _get("verify grid, a rare vendor", "senior", "/verify/?vendor={rare_vendor}"),
    _get("thresholds", "senior", "/thresholds/", grows=_MEASURED),
    _get("correction preview", "senior", "/corrections/{corrected}/alias/", grows=_LOOKED_AT),
    _get("adjudications", "senior", "/adjudications/", grows=_ALL_CASES),
    _get("adjudications, second page", "senior", "/adjudications/?cursor={adjudications_cursor}", grows=_ALL_CASES),
    _get("adjudications, a cause", "senior", "/adjudications/?cause=alias", grows=_ALL_CASES),
    _get("adjudications, a field", "senior", "/adjudications/?field=total", grows=_ALL_CASES),
    _get("adjudications, a vendor", "senior", "/adjudications/?vendor={vendor}", grows=_ALL_CASES),
    _get("adjudications, by vendor", "senior", "/adjudications/?sort=vendor", grows=_ALL_CASES),
    _get("adjudications, words", "senior", "/adjudications/?q=invoice-0007", grows=_ALL_CASES),
    _get("adjudications, resolved", "senior", "/adjudications/?state=resolved", grows=_ALL_CASES),
    _get("adjudicate, next", "senior", "/adjudicate/"),
    _get("adjudicate, one", "senior", "/adjudicate/{adjudication}/"),
    _get("guidelines", "biller", "/guidelines/"),
    _get("guideline of a field", "biller", "/guidelines/total/"),
    _get("training runs", "admin", "/runs/"),
    _get("training runs (API)", "admin", "/api/v1/training-runs/"),
    _get("sweeps", "admin", "/sweeps/"),
    _get("sweeps (API)", "admin", "/api/v1/training-sweeps/"),
    _get("policy", "admin", "/policy/"),
    _get("serving", "admin", "/serving/", grows="counts the open documents that a change would read again"),
    _get("alerts", "admin", "/alerts/"),
    _get("who is told of alerts", "admin", "/alerts/destinations/"),
    _get("limits of alerts", "admin", "/alert-policy/"),
    _get("triggers", "admin", "/triggers/"),
    _get("what asks for a run", "admin", "/trigger-policy/"),
    _get("dashboard", "admin", "/dashboard/", grows=_DASHBOARD),
    _get("dashboard, a year", "admin", "/dashboard/?days=365", grows=_DASHBOARD),
    _get("a chart of the dashboard as a file", "admin", "/dashboard/chart.csv?name=vendors&days=365"),
    _get("models", "admin", "/models/"),
    _get("models, choosing two", "admin", "/models/compare/"),
    _get("policy of the gate", "admin", "/gate-policy/"),
    _get("trail", "admin", "/audit/"),
    _get("trail, a person", "admin", "/audit/?person={person}"),
    _get("trail, a rare action", "admin", "/audit/?action=vendor.merged"),
    _get("trail, a person's rare action", "admin", "/audit/?action=vendor.merged&person={person}"),
    _get("trail, a document", "admin", "/audit/?object=document+{document}"),
    _get("trail, days", "admin", "/audit/?since=2026-01-01&until=2026-12-31"),
    _get("an entry of the trail", "admin", "/audit/{entry}/"),
    _get("queue, biller", "biller", "/queue/", grows=_TABS),
    _get("queue, senior", "senior", "/queue/", grows=_TABS),
    _get("queue, done", "senior", "/queue/?tab=done&sort=-waiting", grows=_TABS),
    _get("queue, kind second label", "senior", "/queue/?kind=second_label", grows=_TABS),
    _get("documents", "biller", "/documents/", grows=_STATUSES),
    _get("documents, gold", "biller", "/documents/?status=gold", grows=_STATUSES),
    _get("documents, a vendor", "biller", "/documents/?vendor={vendor}", grows=_STATUSES),
    _get("documents, words", "biller", "/documents/?q=INV-0007", grows="looks for words in every document"),
    _get("rows that refresh", "biller", "/documents/rows/?ids={document}"),
    _get("a document", "senior", "/documents/{document}/"),
    _get("labeling screen", "biller", "/label/"),
    _get("labeling screen, one", "biller", "/label/{label}/"),
    _get("failures", "biller", "/failures/"),
    _get("vendors", "biller", "/vendors/", grows="counts the documents of every vendor, off an index"),
    _get("a vendor", "biller", "/vendors/{vendor}/", grows="counts its documents, off an index"),
    _get("proposed vendors", "biller", "/vendors/proposed/"),
    _get("people", "admin", "/people/"),
    _get("data sets", "admin", "/data-sets/"),
    _get("sides of vendors", "admin", "/vendor-sides/", grows=_SIDES),
    _get("sides of vendors, none yet", "admin", "/vendor-sides/?side=none", grows=_SIDES),
    _get("removing a document", "admin", "/documents/{document}/remove/"),
    _get("health", "admin", "/health/"),
    _get("agreement", "senior", "/agreement/", grows=_WAITING),
    _get("agreement, a vendor", "senior", "/agreement/?vendor={vendor}", grows=_WAITING),
    _get("agreement, two people", "senior", "/agreement/?pair={pair}", grows=_WAITING),
    _get("agreement, pre-fill hidden", "senior", "/agreement/?prefill=hidden", grows=_WAITING),
    _get("agreement, from a month on", "senior", "/agreement/?since={month}", grows=_SLICES),
    _get("agreement, vendors", "senior", "/agreement/vendors/", grows=_SLICES),
    _get("agreement, vendors, second page", "senior", "/agreement/vendors/?cursor={agreement_vendors_cursor}", grows=_SLICES),
    _get("agreement, vendors, words", "senior", "/agreement/vendors/?q=Birch", grows=_SLICES),
    _get("agreement, labelers", "senior", "/agreement/labelers/", grows=_SLICES),
    _get("agreement, labelers, critical", "senior", "/agreement/labelers/?figure=critical&cursor={agreement_pairs_cursor}", grows=_SLICES),
    _get("agreement, documents", "senior", "/agreement/documents/"),
    _get("agreement, documents, second page", "senior", "/agreement/documents/?cursor={agreement_cursor}"),
    _get("agreement, documents, a field", "senior", "/agreement/documents/?field=total", grows=_SIEVED),
    _get("agreement, documents, critical", "senior", "/agreement/documents/?critical=1"),
    _get("agreement, documents, a vendor", "senior", "/agreement/documents/?vendor={vendor}&differing=1", grows=_SIEVED),
    _get("agreement, documents, two people", "senior", "/agreement/documents/?pair={pair}", grows=_SIEVED),
    _get("quality", "biller", "/quality/"),
    _get("quality, all time", "biller", "/quality/?window=all"),
    _get("mistakes", "biller", "/quality/mistakes/"),
    _get("mistakes, second page", "biller", "/quality/mistakes/?cursor={mistakes_cursor}"),
    _get("mistakes, a field", "biller", "/quality/mistakes/?field=total"),
    _get("quality of people", "senior", "/quality/people/"),
    _get("quality of people, all time", "senior", "/quality/people/?window=all"),
    _get("quality of a person", "senior", "/quality/people/{person}/"),
    _get("mistakes of a person", "senior", "/quality/people/{person}/mistakes/"),
    _get("anchoring", "senior", "/quality/anchoring/"),
    _get("anchoring, a field", "senior", "/quality/anchoring/?field=total"),
    _get("gold tests", "senior", "/gold-tests/", grows=_TRIALS),
    _get("gold tests, second page", "senior", "/gold-tests/?cursor={tests_cursor}", grows=_TRIALS),
    _get("gold tests, a person", "senior", "/gold-tests/?person={person}", grows=_TRIALS),
    _get("onboarding, one's own", "biller", "/onboarding/"),
    _get("onboarding, the set", "senior", "/onboarding/", grows=_TRIALS),
    _get("pauses", "senior", "/pauses/"),
    _get("suspects", "senior", "/suspects/", grows=_SUSPECTS),
    _get("suspects, second page", "senior", "/suspects/?cursor={suspects_cursor}", grows=_SUSPECTS),
    _get("suspects, said to be right", "senior", "/suspects/?tab=right", grows=_SUSPECTS),
    _get("metrics", "admin", "/monitoring/"),
    _get("metrics, a day", "admin", "/monitoring/2026-11-26/"),
)
"""What people look at."""

READING: Final = (
    _get("me", "biller", "/api/v1/me/"),
    _get("thresholds", "senior", "/api/v1/thresholds/", grows=_MEASURED),
    _get("corrections offered", "senior", "/api/v1/corrections/?gold={corrected}", grows=_LOOKED_AT),
    _get("adjudications", "senior", "/api/v1/adjudications/", grows=_ALL_CASES),
    _get("adjudications, resolved", "senior", "/api/v1/adjudications/?state=resolved", grows=_ALL_CASES),
    _get("one adjudication", "senior", "/api/v1/adjudications/{adjudication}/", grows=_ALIKE),
    _get("rulings", "senior", "/api/v1/rulings/"),
    _get("rulings, vendor and field", "senior", "/api/v1/rulings/?vendor={vendor}&field=total"),
    _get("guidelines", "biller", "/api/v1/guidelines/"),
    _get("guidance beside a task", "biller", "/api/v1/tasks/{label}/guidance/"),
    _get("policy", "admin", "/api/v1/labeling-policy/"),
    _get("what serves", "admin", "/api/v1/deployments/", grows="counts the open documents that a change would read again"),
    _get("models", "admin", "/api/v1/models/"),
    _get("policy of the gate", "admin", "/api/v1/gate-policy/"),
    _get("alerts", "admin", "/api/v1/alerts/"),
    _get("mutes of alerts", "admin", "/api/v1/alert-mutes/"),
    _get("who is told of alerts", "admin", "/api/v1/alert-destinations/"),
    _get("limits of alerts", "admin", "/api/v1/alert-policy/"),
    _get("proposals", "admin", "/api/v1/proposals/"),
    _get("what asks for a run", "admin", "/api/v1/trigger-policy/"),
    _get("data sets", "admin", "/api/v1/dataset-versions/"),
    _get("sides of vendors", "admin", "/api/v1/vendor-sides/", grows=_SIDES),
    _get("what used a document", "admin", "/api/v1/documents/{document}/removal/"),
    _get("trail", "admin", "/api/v1/audit/"),
    _get("trail, a person's action", "admin", "/api/v1/audit/?person={person}&action=page.read"),
    _get("export of the trail, first bytes", "admin", "/api/v1/audit/export/", first_bytes=True),
    _get("export of gold, first bytes", "senior", "/api/v1/gold/export/?format=jsonl", first_bytes=True, grows=_GOLDS),
    _get("tasks", "biller", "/api/v1/tasks/?state=open&ordering=-priority", grows=_PASSED),
    _get("a task", "biller", "/api/v1/tasks/{label}/"),
    _get("counters", "biller", "/api/v1/tasks/counters/", grows="counts the open labels, off an index"),
    _get("documents", "biller", "/api/v1/documents/"),
    _get("a document", "biller", "/api/v1/documents/{document}/"),
    _get("words", "senior", "/api/v1/documents/{document}/words/"),
    _get("gold", "senior", "/api/v1/documents/{document}/gold/"),
    _get("prediction", "senior", "/api/v1/documents/{document}/prediction/"),
    _get("vendors", "biller", "/api/v1/vendors/", grows="counts the documents of every vendor, off an index"),
    _get("a vendor", "biller", "/api/v1/vendors/{vendor}/", grows="counts its documents, off an index"),
    _get("agreement", "senior", "/api/v1/agreement/", grows=_WAITING),
    _get("agreement by vendor", "senior", "/api/v1/agreement/?by=vendor", grows=_WAITING),
    _get("agreement by month", "senior", "/api/v1/agreement/?by=month", grows=_SLICES),
    _get("documents of agreement", "senior", "/api/v1/agreement/documents/"),
    _get("documents of agreement, a field", "senior", "/api/v1/agreement/documents/?field=total&vendor={vendor}"),
    _get("export of agreement, first bytes", "senior", "/api/v1/agreement/export/?table=documents", first_bytes=True, grows=_WAITING),
    _get("quality of people", "senior", "/api/v1/quality/"),
    _get("quality of a person", "senior", "/api/v1/quality/{person}/"),
    _get("quality", "biller", "/api/v1/quality/me/"),
    _get("mistakes", "biller", "/api/v1/quality/me/mistakes/"),
    _get("anchoring", "senior", "/api/v1/quality/anchoring/"),
    _get("export of quality, first bytes", "senior", "/api/v1/quality/export/", first_bytes=True),
    _get("gold tests", "senior", "/api/v1/gold-tests/", grows=_TRIALS),
    _get("onboarding", "biller", "/api/v1/onboarding/"),
    _get("pauses", "senior", "/api/v1/pauses/"),
    _get("suspects", "senior", "/api/v1/suspects/", grows=_SUSPECTS),
    _get("daily metrics", "admin", "/api/v1/metrics/daily/"),
    _get("daily metrics by vendor", "admin", "/api/v1/metrics/vendors/"),
    _get("documents of a day", "admin", "/api/v1/metrics/daily/2026-11-26/documents/"),
    _get("calibration", "admin", "/api/v1/metrics/calibration/"),
    _get("Prometheus", "admin", "/metrics", grows="counts all documents by status and all open tasks, off indexes"),
)
"""What programs and screens ask the API for."""

WORK: Final = (
    _post("claim the next label", "biller", "/api/v1/tasks/claim/", gives_back=True),
    _post("claim a second label", "biller", "/api/v1/tasks/claim/", {"task": "{second}"}),
    _post(
        "submit a second label that agrees",
        "biller",
        "/api/v1/tasks/{second}/submit/",
        {"record": "{agreeing}", **_EFFORT},
        before=("claim a second label",),
    ),
    _post("claim another second label", "biller", "/api/v1/tasks/claim/", {"task": "{other_second}"}),
    _post(
        "submit a second label that differs",
        "biller",
        "/api/v1/tasks/{other_second}/submit/",
        {"record": "{differing}", **_EFFORT},
        before=("claim another second label",),
    ),
    _post("claim the next review", "senior", "/api/v1/tasks/claim/", {"kind": "review"}, gives_back=True),
    _post("claim a review", "senior", "/api/v1/tasks/claim/", {"task": "{review}"}),
    _post("submit a review", "senior", "/api/v1/tasks/{review}/submit/", {"record": "{reviewed}", **_EFFORT}, before=("claim a review",)),
    _post("claim the next adjudication", "senior", "/api/v1/tasks/claim/", {"kind": "adjudicate"}, gives_back=True),
    _post("claim an adjudication", "senior", "/api/v1/tasks/claim/", {"task": "{adjudication_task}"}),
    _post(
        "preview of a group ruling",
        "senior",
        "/api/v1/rulings/preview/",
        {"difference": "{difference}", **_B},
        before=("claim an adjudication",),
        grows=_ALIKE,
    ),
    _post("settle a difference", "senior", "/api/v1/differences/{difference}/settle/", _B, before=("claim an adjudication",)),
    _post("take it back", "senior", "/api/v1/differences/{difference}/undo/", before=("claim an adjudication", "settle a difference")),
    _post(
        "correct a cause",
        "senior",
        "/api/v1/differences/{difference}/",
        {"cause": "guideline"},
        method="PATCH",
        before=("claim an adjudication",),
    ),
    _post("confirm a batch of 24", "senior", "/api/v1/verifications/", {"field": "{batch_field}", "values": "{batch}"}),
    _post("a suspect record is right", "senior", "/api/v1/suspects/{suspect}/right/", {"note": "The page says so."}),
    _post("send a suspect record to review", "senior", "/api/v1/suspects/{other_suspect}/review/"),
    _post("choose a document for gold tests", "senior", "/api/v1/documents/{fit}/known/", {"purpose": "gold_test"}),
    _post("pause a queue", "senior", "/api/v1/people/{other_person}/pause/", {"reason": "Many totals were wrong."}),
    _post("let it go on", "senior", "/api/v1/people/{other_person}/resume/", before=("pause a queue",)),
    _post("say by when a document is due", "senior", "/api/v1/documents/{open_document}/due/", {"due_on": "{due_day}"}),
    _post("see the guidelines", "biller", "/api/v1/guidelines/read/", {"last": "{guideline_newest}"}),
)
"""What people do. Measured in this order, over the same targets."""

ROWS: Final = (*SCREENS, *READING, *WORK)

"""Routes that no row measures, with the reason."""


def filled(template: Any, names: dict[str, list[Any]], turn: int) -> Any:
    """An address or body with the targets of one turn in their places. Raises ``LookupError`` for a name without any target."""
    if isinstance(template, dict):
        return {key: filled(value, names, turn) for key, value in template.items()}
    if not isinstance(template, str) or "{" not in template:
        return template
    chosen = {name: found[turn % len(found)] for name, found in names.items() if found}
    whole = template[1:-1]
    if template == f"{{{whole}}}":
        return chosen[whole]
    return template.format(**chosen)
