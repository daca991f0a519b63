"""Reads documents with a language model in this process. Imports torch.

Deterministic: the same document gives the same reading whatever else is read with it. Never raises for odd content: what has no words is
an empty reading. What is not about the model itself is in ``document_reader``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from mlcore.answers.form import AnswerForm
from mlcore.base_model.loading import LoadedBase
from mlcore.documents import DocumentText, GoldExample
from mlcore.inference.adapters import Adapters
from mlcore.inference.asking import Asking
from mlcore.inference.branching import branch_log_probabilities
from mlcore.inference.decoding import decode_batch
from mlcore.inference.document_reader import MAX_TOKENS, Answer, DocumentReader, Job, answer_of
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.inference.teacher_forcing import said_records
from mlcore.prompts import Example
from mlcore.rescoring.open_fields import OpenFields
from mlcore.rescoring.weighing import Weighing
from mlcore.schema import InvoiceRecord

GPU_BATCH = 32
"""Documents that are decoded together on a GPU."""
_WITH_ANSWERS = 8
"""Documents that are put through the model together with their answers: each token of these has logits of its own."""
SHIPPED = "shipped"
"""Name of the adapter that a reader is made with."""


class ModelReader:
    """A base, the adapters on it, and an answer form. ``adapters`` swaps them; the base belongs to the reader while it lives."""

    def __init__(
        self,
        base: LoadedBase,
        adapter: Path | None,
        form: AnswerForm,
        *,
        max_tokens: int = MAX_TOKENS,
        batch: int | None = None,
        by_rows: bool = True,
        shared: tuple[Adapters, str] | None = None,
    ) -> None:
        """``adapter`` as in ``read_adapter``; ``None`` reads with the bare base. Raises ``ArtifactError``.

        ``shared`` are the adapters of a base that several readers read with in turn, and the name of this reader's own, which it takes
        into use before it reads. ``batch`` documents share the passes of a GPU; on a CPU each is read alone, and so exactly alike in any
        company. ``by_rows`` as in ``Grammars.guide``.
        """
        self.adapters = shared[0] if shared else Adapters(base)
        self._own = shared[1] if shared else None
        self._base = base
        self._form = form
        self._max_tokens = max_tokens
        self._batch = batch or (GPU_BATCH if base.device.type == "cuda" else 1)
        self._asking = Asking(base, form, by_rows=by_rows)
        self._tokens = self._asking.tokens
        self._reader = DocumentReader(self, self._tokens, form, max_tokens=max_tokens)
        base.model.eval()
        if adapter is not None:
            self.adapters.load(SHIPPED, adapter)
            self.adapters.use(SHIPPED)

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        """As ``DocumentReader.read``."""
        self._take_into_use()
        return self._reader.read(documents, shown)

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        """As ``Weighing.weigh``."""
        self._take_into_use()
        score = partial(branch_log_probabilities, self._base.model)
        return Weighing(self._reader, self._form, self._tokens, score).weigh(documents, opened)

    def said_after_truth(
        self, golds: Sequence[GoldExample], shown: Sequence[Sequence[Example]], max_tokens: int | None = None
    ) -> Iterator[tuple[int, InvoiceRecord]]:
        """As ``said_records``; of documents of as many tokens as it reads with where ``max_tokens`` is ``None``."""
        self._take_into_use()
        yield from said_records(self._base, self._form, golds, shown, max_tokens or self._max_tokens, min(self._batch, _WITH_ANSWERS))

    def answers(self, jobs: Sequence[Job]) -> list[Answer]:
        """As ``document_reader.Engine``."""
        answers: list[Answer] = []
        for at in range(0, len(jobs), self._batch):
            asked = [self._asking.asked(job.page, job.prompt, job.limit) for job in jobs[at : at + self._batch]]
            for said in decode_batch(self._base.model, asked):
                answers.append(answer_of(said.tokens, said.log_probabilities, said.margins, self._tokens, passes=said.passes, cut=said.cut))
        return answers

    def _take_into_use(self) -> None:
        if self._own is not None:
            self.adapters.use(self._own)
