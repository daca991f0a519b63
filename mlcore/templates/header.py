"""Reading header fields by a layout's template: the general reader's candidates, re-weighed by what was learned."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from mlcore.normalize import comparison_key
from mlcore.readers.candidates import Candidate
from mlcore.readers.layout import Token, evidence_of
from mlcore.readers.locate import locate_tokens
from mlcore.schema import HEADER_FIELDS, FieldSpec, ValueKind
from mlcore.templates.model import FieldRule, LayoutTemplate, Sighting, VendorTemplate
from mlcore.templates.sightings import Surface, alike, shape_of

WEIGHTS = {
    "left": 3.0,
    "above": 1.6,
    "shape": 1.2,
    "anchor": 4.5,
    "place": 1.2,
    "page": 1.0,
    "prior": 0.6,
}
"""How much each agreement with a sighting counts, in log-odds."""

_NOT_THERE = -8.0
"""Log-odds of "not on the document" against a candidate that agrees with nothing."""

_CLEAR = 0.5
_CONSTANT_FOUND = 0.97
_CONSTANT_UNSEEN = 0.8


def read_by_template(
    surface: Surface, template: LayoutTemplate, general: Mapping[str, Sequence[Candidate]]
) -> dict[str, tuple[Candidate, ...]]:
    """Candidates of every header field, best first. Fields that were never labeled keep the general reading."""
    answer = {}
    for spec in HEADER_FIELDS:
        found = general.get(spec.name, ())
        rule = template.rules.get(spec.name)
        if rule is None or not rule.seen:
            answer[spec.name] = tuple(found)
        elif rule.constant is not None:
            answer[spec.name] = _constant(surface, spec, rule.constant, found)
        else:
            answer[spec.name] = _weighed(surface, rule, found)
    return answer


def constants_only(template: VendorTemplate) -> LayoutTemplate:
    """What holds for every layout of a vendor, for a page that looks like none of them: its name and address."""
    rules: dict[str, FieldRule] = {}
    for layout in reversed(template.layouts):
        rules.update({name: rule for name, rule in layout.rules.items() if rule.constant is not None})
    first = template.layouts[0]
    return LayoutTemplate(frozenset(), first.examples, rules, first.date_forms)


def _constant(surface: Surface, spec: FieldSpec, value: str, general: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The vendor's own text, with its place on this page when it can be found."""
    if spec.name == "vendor.name" and general and general[0].score >= _CLEAR and _names_another(str(general[0].value), value):
        return tuple(general)
    places = locate_tokens(surface.layout, ValueKind.TEXT, value)
    tokens: tuple[Token, ...] = places[0] if places else ()
    raw = " ".join(token.text for token in tokens)
    best = Candidate(
        spec.name,
        value,
        raw,
        evidence_of(tokens),
        _CONSTANT_FOUND if places else _CONSTANT_UNSEEN,
        "template",
        tokens[0].page if tokens else 1,
        tuple(token.index for token in tokens),
    )
    return (best, *(replace(candidate, score=candidate.score * (1 - best.score)) for candidate in general[:3]))


def _names_another(printed: str, known: str) -> bool:
    """Whether two names differ by a whole word, as sister companies do, and not by misread letters."""
    mine, theirs = ([comparison_key(ValueKind.TEXT, word) for word in name.split()] for name in (printed, known))
    if len(mine) != len(theirs):
        return False
    other = sum(Levenshtein.distance(a, b) > max(1, max(len(a), len(b)) // 3) for a, b in zip(mine, theirs, strict=True))
    return 0 < other <= len(mine) // 2


def _weighed(surface: Surface, rule: FieldRule, found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    if not rule.sightings and rule.absent == rule.seen:
        damp = 0.5 ** (rule.seen + 1)
        return tuple(replace(candidate, score=candidate.score * damp) for candidate in found)
    if not rule.sightings:
        return tuple(found)
    scores = [_log_odds(surface, rule, candidate) for candidate in found]
    nothing = _absent_odds(rule)
    top = max([nothing, *scores])
    exps = [math.exp(score - top) for score in scores]
    total = sum(exps) + math.exp(nothing - top)
    weighed = [replace(c, score=e / total, source="template") for c, e in zip(found, exps, strict=True)]
    return tuple(sorted(weighed, key=lambda candidate: -candidate.score))


def _absent_odds(rule: FieldRule) -> float:
    share = (rule.absent + 0.1) / (rule.seen + 0.2)
    return sum(WEIGHTS.values()) * 0.45 + math.log(share / (1 - share)) + math.log(1e-3) * WEIGHTS["prior"]


def _log_odds(surface: Surface, rule: FieldRule, candidate: Candidate) -> float:
    tokens = surface.tokens_of(candidate.page, candidate.word_indexes)
    if not tokens:
        return _NOT_THERE
    left, above, shape = surface.left_of(tokens), surface.above_of(tokens), shape_of(candidate.raw)
    agreements = [_agreement(surface, tokens, left, above, shape, sighting) for sighting in rule.sightings]
    return fmean(sorted(agreements)[-3:]) + WEIGHTS["prior"] * math.log(max(candidate.score, 1e-6))


def _agreement(surface: Surface, tokens: Sequence[Token], left: str, above: str, shape: str, sighting: Sighting) -> float:
    score = WEIGHTS["left"] * alike(left, sighting.left) * (1.0 if sighting.left else 0.5)
    score += WEIGHTS["above"] * alike(above, sighting.above)
    score += WEIGHTS["shape"] * (shape == sighting.shape)
    distance = surface.anchor_distance(tokens, sighting)
    if distance is not None:
        score += WEIGHTS["anchor"] * math.exp(-((distance / 2.5) ** 2))
    width, height = surface.layout.page_sizes[tokens[0].page]
    x, y = tokens[0].x0 / width, (tokens[0].y0 + tokens[0].y1) / 2 / height
    score += WEIGHTS["place"] * math.exp(-(((x - sighting.x) / 0.04) ** 2 + ((y - sighting.y) / 0.06) ** 2))
    same_page = tokens[0].page - 1 == sighting.page or surface.last_page - tokens[0].page == sighting.page_from_end
    return score + WEIGHTS["page"] * same_page
