"""From documents to readings, whatever engine answers: windows, places, certainties and merging. Pure but for the engine given.

An engine in this process is ``model_reader``, one behind a server ``remote``. Never raises for odd content: what has no words is an empty
reading, and an answer that breaks its form is read as far as it keeps to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from mlcore.answers.form import AnswerForm, Spelled
from mlcore.answers.printed import habits, record_of, value_of
from mlcore.documents import DocumentText
from mlcore.inference.certainty import certainties, characters_of
from mlcore.inference.places import Finder, Placed, Wanted, place_values
from mlcore.inference.reading import DocumentReading, ValueReading
from mlcore.inference.tokens import Tokens
from mlcore.inference.windows import FROM_THE_END, Spoken, Window, WindowReading, merge_windows, readable_page, windows_of
from mlcore.normalize import DateOrder, NumberStyle
from mlcore.page_text import PageText, text_of_rows
from mlcore.prompts import Example, build_prompt
from mlcore.readers.layout import evidence_of
from mlcore.rescoring.open_fields import OpenFields
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord, spec_for, split_item_path

MAX_TOKENS = 2048
"""Prompt and answer together, as in training."""
_HEADER = frozenset(spec.name for spec in HEADER_FIELDS)
_CELLS = frozenset(spec.name for spec in LINE_ITEM_FIELDS)
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff]")
"""Signs that no database holds; a model that no grammar holds may say them."""


@dataclass(frozen=True)
class Job:
    """One answer that is wanted: about ``page``, after ``prompt``, of at most ``limit`` tokens. ``document`` is its place in the batch."""

    document: int
    window: Window
    page: PageText
    prompt: list[int]
    limit: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said. ``spans`` are the characters of ``text`` that each token has a part in, the end sign not included.

    ``log_probabilities`` and ``margins``, one for each span, are of the free model, before any grammar; an infinite margin says that
    nothing else was possible. ``tokens`` and ``passes`` are counts, ``passes`` 0 where the engine does not tell; ``cut`` says that
    the limit ended the answer.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    log_probabilities: tuple[float, ...]
    margins: tuple[float, ...]
    tokens: int
    passes: int
    cut: bool


class Engine(Protocol):
    """What answers prompts."""

    def answers(self, jobs: Sequence[Job]) -> list[Answer]:
        """One answer for each job, in the order given; each the same in any company."""
        ...


@dataclass(frozen=True, slots=True)
class WeighJob:
    """Options that are to be weighed after ``prompt``. ``document`` is its place in the batch."""

    document: int
    prompt: list[int]
    opened: OpenFields


@dataclass(frozen=True)
class _Known:
    """What a document shows by itself."""

    page: PageText
    order: DateOrder
    style: NumberStyle


def answer_of(
    tokens: Sequence[int], log_probabilities: Sequence[float], margins: Sequence[float], spelling: Tokens, *, passes: int, cut: bool
) -> Answer:
    """An answer from its tokens, which may end with the end sign."""
    own = tokens[:-1] if tokens and tokens[-1] == spelling.end else tokens
    text, spans = characters_of(own, spelling.decode)
    return Answer(text, spans, tuple(log_probabilities[: len(own)]), tuple(margins[: len(own)]), len(tokens), passes, cut)


class DocumentReader:
    """Documents to readings with one engine. The same document gives the same reading whatever else is read with it."""

    def __init__(self, engine: Engine, tokens: Tokens, form: AnswerForm, *, max_tokens: int = MAX_TOKENS) -> None:
        """``max_tokens`` bounds prompt and answer together; a document that needs more is read in windows."""
        self._engine = engine
        self._tokens = tokens
        self._form = form
        self.max_tokens = max_tokens
        self._frame = len(tokens.encode(build_prompt("", form)))

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        """One reading for each document, in the order given; read in the order of their lengths. Raises what the engine raises.

        ``shown`` has for each document the confirmed ones that are shown before it, the nearest first; nothing shows none. Those that
        leave no room for the document and its answer are left out, in a window as in a whole document.
        """
        known = [_known(document) for document in documents]
        beside = shown or [()] * len(known)
        jobs = [job for place, (one, own) in enumerate(zip(known, beside, strict=True)) for job in self._jobs(place, one.page, own)]
        jobs.sort(key=lambda job: len(job.prompt))
        answers: dict[int, list[tuple[Job, Answer]]] = {}
        for job, answer in zip(jobs, self._engine.answers(jobs), strict=True):
            answers.setdefault(job.document, []).append((job, answer))
        return [self._reading(one, answers.get(place, [])) for place, one in enumerate(known)]

    def weighing(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[WeighJob]:
        """What is to be weighed where: of a document in windows the amounts at its end in the last, all other fields in the first."""
        found = []
        for place, (document, own) in enumerate(zip(documents, opened, strict=True)):
            jobs = self._jobs(place, readable_page(document), ()) if own.fields else []
            for job, end in ((jobs[0], False), (jobs[-1], True)) if jobs else ():
                fields = tuple(field for field in own.fields if (len(jobs) > 1 and field.name in FROM_THE_END) is end)
                if fields:
                    found.append(WeighJob(place, job.prompt, replace(own, fields=fields)))
        return found

    def _jobs(self, document: int, page: PageText, shown: Sequence[Example]) -> list[Job]:
        if not page.tokens:
            return []
        limit = int(self.max_tokens * self._form.prompt_share)
        plain = self._prompt(page)
        if len(plain) <= limit:
            return [self._job(document, Window((), tuple(range(len(page.rows)))), page, plain, shown)]
        jobs = []
        for window in windows_of(page, lambda text: len(self._tokens.encode(text)), limit - self._frame):
            part = text_of_rows(page.layout, window.rows)
            jobs.append(self._job(document, window, part, self._prompt(part), shown))
        return jobs

    def _job(self, document: int, window: Window, page: PageText, plain: list[int], shown: Sequence[Example]) -> Job:
        """``plain`` is the prompt without examples."""
        prompt = self._beside(plain, page, shown)
        return Job(document, window, page, prompt, max(self.max_tokens - len(prompt), 1))

    def _beside(self, plain: list[int], page: PageText, shown: Sequence[Example]) -> list[int]:
        """The prompt with as many of the examples as leave the room that document and answer have without them."""
        room = self.max_tokens - int(len(plain) / self._form.prompt_share)
        for count in range(len(shown), 0, -1):
            prompt = self._prompt(page, shown[:count])
            if len(prompt) - len(plain) <= room:
                return prompt
        return plain

    def _prompt(self, page: PageText, shown: Sequence[Example] = ()) -> list[int]:
        return self._tokens.encode(build_prompt(page.text, self._form, shown))

    def _reading(self, known: _Known, answers: Sequence[tuple[Job, Answer]]) -> DocumentReading:
        if not answers:
            return DocumentReading(InvoiceRecord(), (), windows=0)
        ordered = sorted(answers, key=lambda entry: entry[0].window.body)
        spoken = merge_windows([WindowReading(job.window, self._spoken(job, answer, known)) for job, answer in ordered])
        if len(ordered) > 1:
            spoken = _counted(Finder(known.page), spoken)
        return DocumentReading(
            record_of({path: one.text for path, one in spoken.items() if one.text}, order=known.order, style=known.style),
            tuple(_value(path, one, known) for path, one in spoken.items()),
            windows=len(ordered),
            tokens=sum(answer.tokens for _, answer in ordered),
            passes=sum(answer.passes for _, answer in ordered),
            cut=any(answer.cut for _, answer in ordered),
        )

    def _spoken(self, job: Job, answer: Answer, known: _Known) -> dict[str, Spoken]:
        values = _of_the_schema(self._form.read(answer.text))
        sure = certainties(values, answer.spans, answer.log_probabilities, answer.margins)
        wanted = {one.path: Wanted(one.text, value_of(spec_for(one.path).kind, one.text, known.order, known.style)) for one in values}
        placed = place_values(Finder(job.page), {path: one for path, one in wanted.items() if one.text})
        nowhere = Placed(None, 0)
        return {
            one.path: Spoken(one.text, certainty, placed.get(one.path, nowhere).place, placed.get(one.path, nowhere).count)
            for one, certainty in zip(values, sure, strict=True)
        }


def _known(document: DocumentText) -> _Known:
    return _Known(readable_page(document), *habits(document))


def _of_the_schema(values: Iterable[Spelled]) -> list[Spelled]:
    """The first value of each field that there is, in signs that can be kept. Under a grammar that is all of them."""
    found: dict[str, Spelled] = {}
    for one in values:
        cell = split_item_path(one.path)
        if one.path not in found and (one.path in _HEADER if cell is None else cell[1] in _CELLS):
            found[one.path] = replace(one, text=_NO_TEXT.sub("\ufffd", one.text)) if _NO_TEXT.search(one.text) else one
    return list(found.values())


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
