"""Reads documents with a language model: page text in, typed values with places and certainties out. Imports torch.

Deterministic: the same document gives the same reading whatever else is read with it. Never raises for odd content: what has no words is
an empty reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlcore.answers.form import AnswerForm
from mlcore.answers.printed import habits, record_of, value_of
from mlcore.base_model.loading import LoadedBase
from mlcore.documents import DocumentText
from mlcore.inference.adapters import Adapters
from mlcore.inference.ahead import Ahead
from mlcore.inference.certainty import certainties, characters_of
from mlcore.inference.decoding import Asked, Said, decode_batch
from mlcore.inference.grammar import Grammars
from mlcore.inference.guessing import PageGuesses
from mlcore.inference.lookup import Lookup
from mlcore.inference.places import Finder, Placed, Wanted, place_values
from mlcore.inference.reading import DocumentReading, ValueReading
from mlcore.inference.windows import Spoken, Window, WindowReading, merge_windows, plan_windows, tidy_layout
from mlcore.normalize import DateOrder, NumberStyle
from mlcore.page_text import PageText, text_of_rows
from mlcore.prompts import Example, build_prompt
from mlcore.readers.layout import build_layout, evidence_of
from mlcore.schema import InvoiceRecord, spec_for

MAX_TOKENS = 2048
"""Prompt and answer together, as in training."""
_SIGNS_PER_ROW = 2
_ROW_CHARACTERS = 1000
GPU_BATCH = 32
"""Documents that are decoded together on a GPU."""
SHIPPED = "shipped"
"""Name of the adapter that a reader is made with."""


@dataclass(frozen=True)
class _Job:
    document: int
    window: Window
    page: PageText
    prompt: list[int]


@dataclass(frozen=True)
class _Known:
    """What a document shows by itself."""

    page: PageText
    order: DateOrder
    style: NumberStyle


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
    ) -> None:
        """``adapter`` as in ``read_adapter``; ``None`` reads with the bare base. Raises ``ArtifactError``.

        ``batch`` documents share the passes of a GPU; on a CPU each is read alone, and so exactly alike in any company.
        """
        self.adapters = Adapters(base)
        self._base = base
        self._form = form
        self._max_tokens = max_tokens
        self._batch = batch or (GPU_BATCH if base.device.type == "cuda" else 1)
        self._grammars = Grammars(base.tokenizer, base.model.config.vocab_size)
        self._stops = frozenset(self._tokens("\t\n"))
        self._frame = len(self._tokens(build_prompt("", form)))
        base.model.eval()
        if adapter is not None:
            self.adapters.load(SHIPPED, adapter)
            self.adapters.use(SHIPPED)

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        """One reading for each document, in the order given; read in the order of their lengths.

        ``shown`` has for each document the confirmed ones that are shown before it, the nearest first; nothing shows none. Those that
        leave no room for the document and its answer are left out, in a window as in a whole document.
        """
        known = [self._known(document) for document in documents]
        beside = shown or [()] * len(known)
        jobs = [job for place, (one, own) in enumerate(zip(known, beside, strict=True)) for job in self._jobs(place, one.page, own)]
        jobs.sort(key=lambda job: len(job.prompt))
        answers: dict[int, list[tuple[_Job, Said]]] = {}
        for job, said in zip(jobs, self._answers(jobs), strict=True):
            answers.setdefault(job.document, []).append((job, said))
        return [self._reading(one, answers.get(place, [])) for place, one in enumerate(known)]

    def _known(self, document: DocumentText) -> _Known:
        layout = tidy_layout(build_layout(document), _ROW_CHARACTERS)
        return _Known(text_of_rows(layout, range(len(layout.rows))), *habits(document))

    def _jobs(self, document: int, page: PageText, shown: Sequence[Example]) -> list[_Job]:
        if not page.tokens:
            return []
        limit = int(self._max_tokens * self._form.prompt_share)
        prompt = self._tokens(build_prompt(page.text, self._form))
        if len(prompt) <= limit:
            return [_Job(document, Window((), tuple(range(len(page.rows)))), page, self._beside(prompt, page.text, shown))]
        sizes = [len(self._tokens(page.text[start:end])) + _SIGNS_PER_ROW for start, end, _ in page.rows]
        jobs = []
        for window in plan_windows(sizes, max(limit - self._frame, 1)):
            part = text_of_rows(page.layout, window.rows)
            prompt = self._tokens(build_prompt(part.text, self._form))
            jobs.append(_Job(document, window, part, self._beside(prompt, part.text, shown)))
        return jobs

    def _beside(self, plain: list[int], text: str, shown: Sequence[Example]) -> list[int]:
        """The prompt with as many of the examples as leave the room that document and answer have without them."""
        room = self._max_tokens - int(len(plain) / self._form.prompt_share)
        for count in range(len(shown), 0, -1):
            prompt = self._tokens(build_prompt(text, self._form, shown[:count]))
            if len(prompt) - len(plain) <= room:
                return prompt
        return plain

    def _answers(self, jobs: Sequence[_Job]) -> list[Said]:
        said: list[Said] = []
        for at in range(0, len(jobs), self._batch):
            said.extend(decode_batch(self._base.model, [self._asked(job) for job in jobs[at : at + self._batch]]))
        return said

    def _asked(self, job: _Job) -> Asked:
        guide = self._grammars.guide(self._form, job.page.text)
        lookup = Lookup(job.prompt, self._stops)
        guesses = PageGuesses(Ahead(job.page, self._form), lookup, guide, self._tokens, self._decoded)
        return Asked(job.prompt, guide, max(self._max_tokens - len(job.prompt), 1), guesses)

    def _reading(self, known: _Known, answers: Sequence[tuple[_Job, Said]]) -> DocumentReading:
        if not answers:
            return DocumentReading(InvoiceRecord(), (), windows=0)
        ordered = sorted(answers, key=lambda entry: entry[0].window.body)
        spoken = merge_windows([WindowReading(job.window, self._spoken(job, said, known)) for job, said in ordered])
        if len(ordered) > 1:
            spoken = _counted(Finder(known.page), spoken)
        return DocumentReading(
            record_of({path: one.text for path, one in spoken.items() if one.text}, order=known.order, style=known.style),
            tuple(_value(path, one, known) for path, one in spoken.items()),
            windows=len(ordered),
            tokens=sum(len(said.tokens) for _, said in ordered),
            passes=sum(said.passes for _, said in ordered),
            cut=any(said.cut for _, said in ordered),
        )

    def _spoken(self, job: _Job, said: Said, known: _Known) -> dict[str, Spoken]:
        end = self._base.tokenizer.eos_token_id
        tokens = said.tokens[:-1] if said.tokens and said.tokens[-1] == end else said.tokens
        text, spans = characters_of(tokens, self._decoded)
        values = self._form.read(text)
        sure = certainties(values, spans, said.log_probabilities, said.margins)
        wanted = {one.path: Wanted(one.text, value_of(spec_for(one.path).kind, one.text, known.order, known.style)) for one in values}
        placed = place_values(Finder(job.page), {path: one for path, one in wanted.items() if one.text})
        nowhere = Placed(None, 0)
        return {
            one.path: Spoken(one.text, certainty, placed.get(one.path, nowhere).place, placed.get(one.path, nowhere).count)
            for one, certainty in zip(values, sure, strict=True)
        }

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._base.tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    def _decoded(self, tokens: list[int]) -> str:
        text: str = self._base.tokenizer.decode(tokens, clean_up_tokenization_spaces=False)
        return text


def _counted(finder: Finder, spoken: Mapping[str, Spoken]) -> dict[str, Spoken]:
    """Places counted on the whole document instead of one window."""
    counted = {}
    for path, one in spoken.items():
        everywhere = len(finder.exact(one.text)) if one.place is not None else 0
        counted[path] = replace(one, count=max(one.count, everywhere))
    return counted


def _value(path: str, spoken: Spoken, known: _Known) -> ValueReading:
    place = spoken.place
    return ValueReading(
        path,
        spoken.text,
        value_of(spec_for(path).kind, spoken.text, known.order, known.style),
        spoken.certainty.log_probabilities,
        spoken.certainty.margins,
        evidence_of(place.tokens) if place is not None else (),
        spoken.count,
        place is not None and place.exact,
    )
