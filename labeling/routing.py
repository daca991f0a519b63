"""Which work a pre-filled document makes. No database."""

from __future__ import annotations

from enum import StrEnum

from mlcore.documents import Route
from mlcore.inference.model_names import authors_of


class Work(StrEnum):
    """What has to be done with a document."""

    LABEL = "label"
    REVIEW = "review"
    NOTHING = "nothing"


def work_for(*, route: str | None, model_id: str, certified: bool) -> Work:
    """The work that a prediction leaves; ``route`` is ``None`` without one.

    Until acceptance is ``certified`` for the serving model, every document is labeled by a person. After that what a model had a part
    in goes by its route: accepted needs nobody, review a look, flagged a label. What the templates filled in alone has no certificate.
    """
    if not certified or route is None or not authors_of(model_id).model:
        return Work.LABEL
    if route == Route.ACCEPTED:
        return Work.NOTHING
    return Work.REVIEW if route == Route.REVIEW else Work.LABEL
