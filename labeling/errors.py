"""The errors that ``labeling`` raises on purpose.

    LabelingError
    ├── TaskNotFound       404 task_not_found     no such task, or not one this person may see
    ├── GoldNotFound       404 gold_not_found     the document has not been confirmed
    ├── PersonNotFound     404 person_not_found   no such person, or not one about whom this person may ask
    ├── CorrectionNotFound 404 correction_not_found  no such correction, or not one this person may undo
    ├── TaskHeld           409 task_held          somebody else has it open
    ├── TaskFinished       409 task_finished      submitted already; carries the answer that counts
    ├── StaleVersion       409 stale_version      the same person wrote from another window; carries the draft
    ├── TaskWithdrawn      409 task_withdrawn     no longer needed
    ├── LeaseLost          410 lease_lost         the lease is gone; edits were kept; carries the draft
    ├── RoleNeeded         403 role_needed        the person's role does not allow it
    ├── RecordInvalid      400 record_invalid     one problem per field
    ├── AdjudicationNotFound   404 adjudication_not_found   no such adjudication or difference
    ├── RulingNotFound     404 ruling_not_found   no such ruling
    ├── OwnLabel           403 own_label          a person does not adjudicate what that person labeled
    ├── AlreadyResolved    409 already_resolved   the adjudication is closed
    ├── NotSettled         409 not_settled        differences are left; carries their ids
    ├── UndoRefused        409 undo_refused       something later stands on it
    ├── GuidelineChanged   409 guideline_changed  somebody wrote a newer version; carries it
    ├── TallyUnreadable    409 tally_unreadable   stored sums of agreement are damaged; they are counted again by a command
    ├── QueuePaused        403 queue_paused       the person is handed nothing new for the time being
    ├── SuspectNotFound    404 suspect_not_found  the gold record is not suspect, or does not count any more
    ├── SuspectDecided     409 suspect_decided    somebody has decided about it
    └── RequestInvalid     400 (own code)         a value outside its limits

``status`` is the HTTP status, ``code`` is stable, ``extra`` is added to the problem details.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class LabelingError(Exception):
    """Base of every error raised on purpose by ``labeling``."""

    status = 400
    code = "labeling_error"
    title = "The request cannot be carried out"

    def __init__(self, detail: str, extra: Mapping[str, Any] | None = None) -> None:
        self.detail = detail
        self.extra = dict(extra or {})
        super().__init__(detail)


class TaskNotFound(LabelingError):
    """No such task, or not one this person may see."""

    status, code, title = 404, "task_not_found", "Task not found"


class GoldNotFound(LabelingError):
    """The document has no gold record, or there is no such document."""

    status, code, title = 404, "gold_not_found", "No gold record"


class PersonNotFound(LabelingError):
    """No such person, or not one about whom this person may ask."""

    status, code, title = 404, "person_not_found", "Person not found"


class CorrectionNotFound(LabelingError):
    """No such correction, or not one this person may undo."""

    status, code, title = 404, "correction_not_found", "Correction not found"


class TaskHeld(LabelingError):
    """Somebody else has the task open."""

    status, code, title = 409, "task_held", "Somebody else has this task open"


class TaskFinished(LabelingError):
    """The task was submitted. ``extra`` has ``current`` (and ``draft`` when edits were kept)."""

    status, code, title = 409, "task_finished", "This task is finished"


class TaskWithdrawn(LabelingError):
    """The task is no longer needed."""

    status, code, title = 409, "task_withdrawn", "This task is no longer needed"


class StaleVersion(LabelingError):
    """The same person wrote from another window. ``extra`` has ``current``, the stored draft."""

    status, code, title = 409, "stale_version", "Changed in another window"


class LeaseLost(LabelingError):
    """The lease is gone; what was sent is kept. ``extra`` has ``draft``."""

    status, code, title = 410, "lease_lost", "You no longer hold this task"


class RoleNeeded(LabelingError):
    """The person's role does not allow it."""

    status, code, title = 403, "role_needed", "Your role does not allow this"


class RecordInvalid(LabelingError):
    """The record does not fit the schema. ``extra`` has ``problems``, one for each fault."""

    status, code, title = 400, "record_invalid", "The record has values that do not fit"


class AdjudicationNotFound(LabelingError):
    """No such adjudication, or no such difference."""

    status, code, title = 404, "adjudication_not_found", "Adjudication not found"


class RulingNotFound(LabelingError):
    """No such ruling."""

    status, code, title = 404, "ruling_not_found", "Ruling not found"


class OwnLabel(LabelingError):
    """One of the labels is this person's own."""

    status, code, title = 403, "own_label", "You labeled this document"


class AlreadyResolved(LabelingError):
    """The adjudication is closed, or waits for a third label."""

    status, code, title = 409, "already_resolved", "This adjudication is not open"


class NotSettled(LabelingError):
    """Differences are left. ``extra`` has ``left``, their ids."""

    status, code, title = 409, "not_settled", "Differences are left"


class UndoRefused(LabelingError):
    """Something later stands on what would be taken back."""

    status, code, title = 409, "undo_refused", "This cannot be taken back"


class GuidelineChanged(LabelingError):
    """Somebody wrote a newer version meanwhile. ``extra`` has ``current``, its version and text."""

    status, code, title = 409, "guideline_changed", "The guideline was changed meanwhile"


class TallyUnreadable(LabelingError):
    """The stored sums of a slice of agreement cannot be read. No label is lost: a command counts them again."""

    status, code, title = 409, "tally_unreadable", "Stored sums of agreement cannot be read"


class QueuePaused(LabelingError):
    """The person is handed nothing new for the time being. ``extra`` has ``since``."""

    status, code, title = 403, "queue_paused", "Your queue is paused"


class SuspectNotFound(LabelingError):
    """The gold record is not suspect, or a newer one counts."""

    status, code, title = 404, "suspect_not_found", "Not a suspect record"


class SuspectDecided(LabelingError):
    """Somebody has decided about the record."""

    status, code, title = 409, "suspect_decided", "Already decided"


class RequestInvalid(LabelingError):
    """A value outside its limits; ``code`` says which."""

    status, title = 400, "The request has a value outside its limits"

    def __init__(self, code: str, detail: str, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail, extra)
        self.code = code
