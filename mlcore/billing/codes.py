"""The forms of drug and procedure codes, modifiers included.

Sources: 21 CFR 207.33 (NDC); the HCPCS Level II code set (letters in use, NU/RR/UE, JW/JZ); CPT: numeric modifiers run
from 22 to 99.
"""

from __future__ import annotations

from mlcore.billing.problem import Problem
from mlcore.normalize import ndc11, procedure_parts

_FILL_INS = frozenset({"12345678901", "12345678910", "01234567890", "01234567891"})
_EXCLUSIVE = (
    {"JW": "some was discarded", "JZ": "nothing was discarded"},
    {"NU": "new", "RR": "rented", "UE": "used"},
)
_FIRST_NUMERIC_MODIFIER = "22"


def drug_code_problem(text: str) -> Problem | None:
    """What is wrong with the form of an NDC, or ``None``."""
    digits = ndc11(text)
    if digits is None:
        return Problem("ndc_form", f"{text} is no NDC. It has 11 digits, or groups of 5-4-2, 5-3-2, 4-4-2 or 5-4-1.")
    if digits.startswith("00000") or len(set(digits)) == 1 or digits in _FILL_INS:
        return Problem("ndc_fill_in", f"{text} looks like a fill-in: no drug has this NDC.")
    return None


def procedure_problem(text: str) -> Problem | None:
    """What is wrong with a CPT or HCPCS code and its modifiers, or ``None``."""
    parts = procedure_parts(text)
    if parts is None:
        return Problem("procedure_form", f"{text} is no CPT or HCPCS code. It has five characters and up to four modifiers, like 99213-25.")
    modifiers = parts[1]
    for modifier in modifiers:
        if modifier.isdigit() and modifier < _FIRST_NUMERIC_MODIFIER:
            return Problem("modifier_form", f"{text}: there is no modifier {modifier}; those of CPT run from 22 to 99.")
    for place, modifier in enumerate(modifiers):
        if modifier in modifiers[:place]:
            return Problem("modifier_conflict", f"{text}: the modifier {modifier} stands twice.")
    for group in _EXCLUSIVE:
        named = [modifier for modifier in modifiers if modifier in group]
        if len(named) > 1:
            told = " and ".join(f"{modifier} ({group[modifier]})" for modifier in named)
            return Problem("modifier_conflict", f"{text}: {told} exclude each other.")
    return None
