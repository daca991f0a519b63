"""The models that this process reads with: a snapshot, so that a batch ends with what it began with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from invoices.models import Document
from invoices.serving import Serving, falls_to_canary, serving
from mlcore.inference.extractor import TemplatedExtractor


@dataclass(frozen=True, slots=True)
class Readers:
    """The champion, and the canary that reads ``share`` percent of the documents; either may be missing.

    ``choice`` is what was to serve when they were taken up.
    """

    champion: TemplatedExtractor | None
    canary: TemplatedExtractor | None = None
    share: int = 0
    choice: Serving | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the models that read."""
        return tuple(one.model_id for one in (self.champion, self.canary) if one is not None)

    def of(self, sha256: str) -> TemplatedExtractor | None:
        """What reads the document of this content; ``None``: nothing but its template."""
        if self.canary is not None and falls_to_canary(sha256, self.canary.model_id, self.share):
            return self.canary
        return self.champion

    def each(self, document_ids: Collection[int]) -> Mapping[int, TemplatedExtractor | None]:
        """What reads each of these documents; a query when there is a canary."""
        if self.canary is None:
            return dict.fromkeys(document_ids, self.champion)
        known = dict(Document.objects.filter(pk__in=document_ids).values_list("pk", "sha256"))
        return {pk: self.of(known.get(pk, "")) for pk in document_ids}

    def are_stale(self, serving_id: str) -> bool:
        """Whether what the model ``serving_id`` has read comes too late: another choice was made since, and it is not in it.

        A model that reads because the chosen one cannot be loaded is not late. Inside a transaction the answer holds until its end.
        """
        if self.choice is None:
            return False
        now = serving(lock=True)
        return now != self.choice and serving_id not in {one.model_id for one in now.models}
