"""THE prompt builder: what a model reads before it answers. Training and inference call it, and nothing else writes prompts.

A prompt is, in this order, the instruction, a confirmed record of the same vendor when there is one (so that documents of a
vendor share a prefix), and the document. A fine-tuned model needs no explanation, so the instruction is one line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore.answers.form import AnswerForm
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS

PROMPT_VERSION = "prompt-1"
"""Part of every artifact; raised whenever the same document may give another prompt."""

_FIELDS = ", ".join(spec.name for spec in HEADER_FIELDS)
_COLUMNS = ", ".join(spec.name for spec in LINE_ITEM_FIELDS)
_INSTRUCTION = f"Copy from the invoice: {_FIELDS}; each line: {_COLUMNS}.\n"
_EXAMPLE = "### Same vendor\n"
_DOCUMENT = "### Invoice\n"
_ANSWER = "\n### Record\n"


@dataclass(frozen=True)
class Example:
    """A confirmed document of the vendor, shown before the one to read: its text and its record as printed."""

    text: str
    printed: Mapping[str, str]


def examples_id(examples: Sequence[Example]) -> str:
    """Content-addressed name of what is shown, 16 hex digits; ``""`` for nothing."""
    told = [[one.text, sorted(one.printed.items())] for one in examples]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16] if told else ""


def build_prompt(text: str, form: AnswerForm, examples: Sequence[Example] = ()) -> str:
    """The prompt for a document's text (``page_text``). The answer follows directly."""
    shown = "".join(_EXAMPLE + one.text + _ANSWER + "".join(part.text for part in form.spell(one.printed)) + "\n" for one in examples)
    return _INSTRUCTION + shown + _DOCUMENT + text + _ANSWER
