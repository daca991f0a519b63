"""Every kind of job: which queue it waits in, which Celery task does it, how long one attempt may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workers.errors import UnknownJobKind

DOCUMENTS: Final = "documents"
"""Queue of work that needs a CPU: reading files."""

LIGHT: Final = "light"
"""Queue of work that takes milliseconds and that people wait for; it must not stand behind a backlog of reading.

A worker that serves several queues takes from them in turn, so both workers serve this one too."""

MODEL: Final = "model"
"""Queue of work that needs the templates: pre-fill and learning."""

INFERENCE: Final = "inference"
"""Queue of work that needs the language model in memory. Nobody waits for it, and it may have no worker at all."""

TRAINING: Final = "training"
"""Queue of work that takes a GPU, or all that is left of a machine, for minutes to hours: training and evaluating. One at a time each."""

QUEUES: Final = (DOCUMENTS, LIGHT, MODEL, INFERENCE, TRAINING)


@dataclass(frozen=True, slots=True)
class JobKind:
    """``time_limit`` is the longest one attempt may take, in seconds; after it the lease is no longer renewed.

    Without an ``optional`` job its document is as good as before, so its death is no failure of the document. ``most_claims`` is
    how often one may be taken up altogether because its whole worker died, for which the work is not to blame.
    """

    name: str
    queue: str
    time_limit: int
    optional: bool = False
    most_claims: int = 12

    @property
    def task(self) -> str:
        """Name of the Celery task that does jobs of this kind."""
        return f"workers.{self.name}"


PARSE_DOCUMENT: Final = JobKind("parse_document", DOCUMENTS, 300)
PREFILL_DOCUMENT: Final = JobKind("prefill_document", MODEL, 300)
OPEN_LABELING_TASK: Final = JobKind("open_labeling_task", LIGHT, 60)
LEARN_VENDOR_TEMPLATE: Final = JobKind("learn_vendor_template", MODEL, 600)
READ_WITH_MODEL: Final = JobKind("read_with_model", INFERENCE, 1800, optional=True)

VERIFY_TRAIL: Final = JobKind("verify_trail", DOCUMENTS, 3600, optional=True)
COUNT_AGREEMENT: Final = JobKind("count_agreement", DOCUMENTS, 3600, optional=True)
JUDGE_LABELS: Final = JobKind("judge_labels", LIGHT, 60, optional=True)
FILL_IN_ANEW: Final = JobKind("fill_in_anew", DOCUMENTS, 3600, optional=True)
SHADOW_RUN: Final = JobKind("shadow_run", TRAINING, 4 * 3600, optional=True)
COUNT_QUALITY: Final = JobKind("count_quality", DOCUMENTS, 1800, optional=True)
DELIVER_ALERT: Final = JobKind("deliver_alert", LIGHT, 60, optional=True)

EVALUATE_MODEL: Final = JobKind("evaluate_model", TRAINING, 86_400, optional=True)
TRAIN_RUN: Final = JobKind("train_run", TRAINING, 86_400, most_claims=1000)
"""Goes on from what it left on the disk, so that a day of kills and restarts does not end it; after a day it is taken up anew."""
COUNT_DAY: Final = JobKind("count_day", DOCUMENTS, 3600, optional=True)
FREEZE_DATASET: Final = JobKind("freeze_dataset", DOCUMENTS, 6 * 3600, optional=True)
FINISH_REMOVAL: Final = JobKind("finish_removal", DOCUMENTS, 3600, optional=True)

_ALL: Final = (
    PARSE_DOCUMENT,
    PREFILL_DOCUMENT,
    OPEN_LABELING_TASK,
    LEARN_VENDOR_TEMPLATE,
    READ_WITH_MODEL,
    VERIFY_TRAIL,
    COUNT_AGREEMENT,
    JUDGE_LABELS,
    COUNT_QUALITY,
    EVALUATE_MODEL,
    TRAIN_RUN,
    COUNT_DAY,
    FILL_IN_ANEW,
    SHADOW_RUN,
    DELIVER_ALERT,
    FREEZE_DATASET,
    FINISH_REMOVAL,
)
KINDS: Final = {kind.name: kind for kind in _ALL}


def kind_named(name: str) -> JobKind:
    """The kind of that name. Raises ``UnknownJobKind``."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownJobKind(name, sorted(KINDS)) from None
