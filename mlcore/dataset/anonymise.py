"""The sender under another name: its name, address and web address are replaced wherever they stand on the document, by the same
invented ones, so that a model learns where a sender stands instead of who it is.

The legal form of a name stays (``SDN BHD``, ``GmbH``), since it says of which country a sender is and not who. An address of the
United States becomes another one; of an address of another country only the digits become others."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise

from mlcore.dataset.noise import Rewritten
from mlcore.dataset.relabel import Places
from mlcore.dataset.synthetic.composed.wording import FIRST_WORDS
from mlcore.dataset.synthetic.facts.places import street_address
from mlcore.documents import Box, DocumentText, Page, Word
from mlcore.errors import DatasetError
from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind

_SECOND = ("Medical", "Health", "Care", "Clinical", "Therapy", "Pharma", "Home Care", "Surgical", "Wellness", "Specialty")
_THIRD = ("Supply", "Partners", "Group", "Services", "Associates", "Distribution", "Company", "Center", "Products", "Network")
_LEGAL = ("", "", ", Inc.", " LLC", " Co.", ", P.C.", " Corp.")
_TRIES = 1_000
_SIGNS = ",;:"
_LEGAL_WORD = re.compile(
    "inc|llc|llp|co|corp|pc|pllc|ltd|limited|plc|pte|pty|sdn|bhd|s/b"
    "|gmbh|mbh|ag|kg|ug|ohg|sarl|sas|sasu|sa|eurl|srl|spa|bv|nv|oy|ab|aps"
    r"|\(\w{1,3}\)"
)
"""Of the legal form of a company, without full stops; ``(M)`` and such stand in the midst of Malaysian ones."""
_STATES = "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
_STATE_AND_ZIP = re.compile(rf"\b(?:{_STATES}),? +\d{{5}}(?:-\d{{4}})?\b")
Runs = Mapping[tuple[str, ...], tuple[str, ...]]
"""Words that stand one after the other on a line, without case -> the words that replace them."""


def company_key(name: str | None) -> str:
    """A company's name as two are compared, without its legal form."""
    words = (name or "").split()
    form = _legal_form(words).split()
    return comparison_key(ValueKind.TEXT, " ".join(words[: len(words) - len(form)]))


def anonymised(document: DocumentText, places: Places, rng: random.Random, reserved: Collection[str] = ()) -> Rewritten | None:
    """The document with another sender; ``None`` when its name stands nowhere. ``places`` as in ``relabel.places_of``.

    No name is invented that is ``reserved`` (as ``company_key`` has it). Raises ``DatasetError`` when no other is found.
    """
    name = [[document.pages[page].words[i].text for i in words] for page, words in places.get("vendor.name", ())]
    if not name:
        return None
    runs: dict[tuple[str, ...], tuple[str, ...]] = {}
    fresh = _company(rng, _legal_form([word for line in name for word in line]), reserved).split()
    for line, words in zip(name, _dealt(fresh, len(name)), strict=True):
        runs[_folded(line)] = words
    old_web = "".join(filter(str.isalnum, "".join(w for line in name for w in line).casefold()))[:16]
    web = "".join(filter(str.isalnum, "".join(fresh).casefold()))[:16]
    address = [[document.pages[page].words[i].text for i in words] for page, words in places.get("vendor.address", ())]
    for line, words in zip(address, _other_address(address, rng), strict=True):
        runs.setdefault(_folded(line), words)
    made = [_page(page, {run: to for run, to in runs.items() if run}, old_web, web) for page in document.pages]
    return Rewritten(DocumentText(tuple(page for page, _ in made), document.tokeniser), tuple(sources for _, sources in made))


def _company(rng: random.Random, form: str, reserved: Collection[str]) -> str:
    """An invented name that ends in ``form``, in any where that is empty."""
    for _ in range(_TRIES):
        name = f"{rng.choice(FIRST_WORDS)} {rng.choice(_SECOND)} {rng.choice(_THIRD)}"
        whole = f"{name} {form}" if form else name + rng.choice(_LEGAL)
        if company_key(whole) not in reserved:
            return whole
    raise DatasetError(f"No name could be invented in {_TRIES} tries that none of {len(reserved)} held-out companies has; hold out fewer.")


def _legal_form(name: list[str]) -> str:
    """The words at the end of a name that say what kind of company it is; empty where it has none, or nothing else."""
    first = len(name)
    while first and _is_legal(name[first - 1]):
        first -= 1
    return " ".join(name[first:]) if first else ""


def _is_legal(word: str) -> bool:
    return _LEGAL_WORD.fullmatch(word.casefold().strip(_SIGNS).replace(".", "")) is not None


def _other_address(address: list[list[str]], rng: random.Random) -> list[tuple[str, ...]]:
    """Another address on as many lines: street first, then the place, and what stands behind the place (a country) as it was."""
    place = next((number for number, line in enumerate(address) if _STATE_AND_ZIP.search(" ".join(line))), None)
    if place is None:
        return [tuple(_other_digits(word, rng) for word in line) for line in address]
    invented = street_address(rng)
    return [_address_words(invented, number, place + 1) if number <= place else tuple(line) for number, line in enumerate(address)]


def _other_digits(word: str, rng: random.Random) -> str:
    return "".join(rng.choice("123456789") if letter.isdigit() else letter for letter in word)


def _address_words(invented: tuple[str, ...], number: int, lines: int) -> tuple[str, ...]:
    if lines == 1:
        return tuple(", ".join(invented).split())
    if number == lines - 1:
        return tuple(invented[-1].split())
    before = invented[:-1] or invented
    return tuple(before[number].split()) if number < len(before) else ("Unit", str(number + 1))


def _dealt(words: list[str], lines: int) -> list[tuple[str, ...]]:
    """The words of a name on so many lines, at least one on each."""
    cuts = [round(len(words) * place / lines) for place in range(lines + 1)]
    return [tuple(words[low:high]) or (words[-1],) for low, high in pairwise(cuts)]


def _folded(words: list[str]) -> tuple[str, ...]:
    return tuple(word.casefold().strip(_SIGNS) for word in words)


def _page(page: Page, runs: Runs, old_web: str, web: str) -> tuple[Page, tuple[tuple[int, ...], ...]]:
    words: list[Word] = []
    sources: list[tuple[int, ...]] = []
    longest = sorted(runs, key=len, reverse=True)
    folded = _folded([word.text for word in page.words])
    place = 0
    while place < len(page.words):
        word = page.words[place]
        run = next((run for run in longest if tuple(folded[place : place + len(run)]) == run), None)
        if run is not None and page.words[place + len(run) - 1].line == word.line:
            span = tuple(range(place, place + len(run)))
            fresh = _in_place_of([page.words[i] for i in span], runs[run])
            words.extend(fresh)
            sources.extend([span] * len(fresh))
            place += len(run)
            continue
        if old_web and old_web in word.text.casefold():
            word = replace(word, text=re.sub(re.escape(old_web), web, word.text, flags=re.IGNORECASE))
        words.append(word)
        sources.append((place,))
        place += 1
    return replace(page, words=tuple(words)), tuple(sources)


def _in_place_of(old: list[Word], texts: tuple[str, ...]) -> list[Word]:
    """New words in the box of the old ones, cut in proportion to their letters; capitals stay capitals."""
    box = old[0].box
    for word in old[1:]:
        box = box.union(word.box)
    upper = all(word.text == word.text.upper() for word in old) and any(word.text.isalpha() for word in old)
    shown = [text.upper() if upper else text for text in texts]
    sign = old[-1].text[len(old[-1].text.rstrip(_SIGNS)) :]
    shown[-1] += "" if shown[-1].endswith(sign) else sign
    step = (box.x1 - box.x0) / (sum(len(text) for text in shown) + 0.5 * (len(shown) - 1))
    step = min(step, 0.75 * (box.y1 - box.y0))
    made, at = [], box.x0
    for text in shown:
        made.append(replace(old[0], text=text, box=Box(at, box.y0, at + len(text) * step, box.y1)))
        at += (len(text) + 0.5) * step
    return made
