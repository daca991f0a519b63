"""NDC, CPT and HCPCS codes among the words of an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.normalize import is_procedure_code, ndc11
from mlcore.readers.layout import Token
from mlcore.tables.vocabulary import column_word

_NDC_LABEL = frozenset({"ndc", "ndc#", "ndcno", "ndccode", "ndcnumber", "ndc11", "nationaldrugcode"})
_CPT_LABEL = frozenset(
    {"cpt", "hcpcs", "cpt/hcpcs", "hcpcs/cpt", "cptcode", "hcpcscode", "hcpc", "cpt4", "procedure", "proc", "cpt#", "hcpcs#"}
)
_LETTER_CODE = re.compile(r"^[A-V]\d{4}(?:-[A-Z0-9]{2})?$")
LOOKALIKE = str.maketrans({"O": "0", "Q": "0", "D": "0", "o": "0", "I": "1", "l": "1", "|": "1", "Z": "2", "S": "5", "s": "5", "B": "8"})
"""Letters that OCR puts for digits, for ``str.translate``."""
_GLUED = re.compile(r"^(?:NDC|N\.D\.C\.|CPT|HCPCS)[#:]?(.+)$", re.IGNORECASE)
_CODE_LENGTH = 5
_SHELL = "()[]{},;:.*#|"


@dataclass(frozen=True, slots=True)
class CodeFound:
    """A code with the tokens that print it and the tokens of its label (``NDC:``)."""

    text: str
    tokens: tuple[Token, ...]
    label: tuple[Token, ...] = ()


def bare(text: str) -> str:
    """A word without brackets and punctuation around it."""
    return text.strip(_SHELL)


def find_ndc(tokens: Sequence[Token]) -> CodeFound | None:
    """The first NDC: hyphenated anywhere, 11 plain digits only after its label."""
    for i, token in enumerate(tokens):
        glued = _GLUED.match(bare(token.text))
        text = bare(glued[1]) if glued else bare(token.text)
        if ndc11(text) is None:
            continue
        label = _label_before(tokens, i, _NDC_LABEL)
        if "-" in text or glued or label:
            return CodeFound(text, (token,), label)
    return None


def find_procedure(tokens: Sequence[Token]) -> CodeFound | None:
    """The first CPT or HCPCS code: after its label any form, elsewhere only a letter with four digits."""
    for i, token in enumerate(tokens):
        glued = _GLUED.match(bare(token.text))
        text = bare(glued[1]) if glued else bare(token.text)
        label = _label_before(tokens, i, _CPT_LABEL)
        if (label or glued) and is_procedure_code(text):
            return CodeFound(text, (token,), label)
        if _LETTER_CODE.match(text):
            return CodeFound(text, (token,), label)
        if code := _misread_code(token):
            return CodeFound(code, (token,), label)
    return None


def _misread_code(token: Token) -> str | None:
    """A HCPCS code whose digits OCR took for letters (``JO690``, ``$9348``); ``None`` for every other word."""
    text = bare(token.text)
    if token.confidence >= 1.0 or len(text) != _CODE_LENGTH or sum(char.isdigit() for char in text) < 2:
        return None
    code = text[0].replace("$", "S") + text[1:].translate(LOOKALIKE)
    return code if code != text and _LETTER_CODE.match(code) else None


def procedure_in_column(tokens: Sequence[Token]) -> CodeFound | None:
    """A procedure code in a column of its own."""
    for token in tokens:
        if is_procedure_code(bare(token.text)):
            return CodeFound(bare(token.text), (token,))
    misread = [(code, token) for token in tokens if (code := _misread_code(token))]
    return CodeFound(misread[0][0], (misread[0][1],)) if misread else None


def procedure_alone(tokens: Sequence[Token]) -> CodeFound | None:
    """A line that says ``Code`` and a procedure code, five digits too, and nothing else."""
    if len(tokens) != 2 or column_word(tokens[0].text) != "code" or not is_procedure_code(bare(tokens[1].text)):
        return None
    return CodeFound(bare(tokens[1].text), (tokens[1],), (tokens[0],))


def ndc_in_column(tokens: Sequence[Token]) -> CodeFound | None:
    """An NDC in a column of its own, printed in one or several words."""
    for token in tokens:
        if ndc11(bare(token.text)):
            return CodeFound(bare(token.text), (token,))
    joined = "".join(bare(token.text) for token in tokens)
    return CodeFound(joined, tuple(tokens)) if tokens and ndc11(joined) else None


def _label_before(tokens: Sequence[Token], i: int, labels: frozenset[str]) -> tuple[Token, ...]:
    found: list[Token] = []
    for back in range(i - 1, max(-1, i - 4), -1):
        word = column_word(tokens[back].text)
        if word in labels:
            return (*tokens[back : back + 1], *reversed(found))
        if word not in ("", "#", "no", "code", "number", "/"):
            break
        found.append(tokens[back])
    return ()
