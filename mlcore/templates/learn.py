"""Learning a vendor's template from confirmed records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore.compare import same
from mlcore.documents import Evidence, GoldExample
from mlcore.normalize import NumberStyle, comparison_key
from mlcore.readers.candidates import Candidate
from mlcore.readers.context import Context
from mlcore.readers.dates import DateForm, find_dates
from mlcore.readers.header import Hints, read_header
from mlcore.readers.layout import Token, build_layout
from mlcore.readers.locate import locate_tokens
from mlcore.schema import HEADER_FIELDS, FieldSpec, Value, ValueKind, header_value
from mlcore.tables.learn import learn_table
from mlcore.templates.fingerprint import fingerprint, similarity
from mlcore.templates.model import FieldRule, LayoutTemplate, Sighting, VendorTemplate
from mlcore.templates.sightings import Surface, anchor_word

MAX_EXAMPLES = 12
"""Examples kept for each layout, the latest; more add little and cost time."""

SAME_LAYOUT = 0.42
"""Fingerprints at least this similar are one layout."""

_STABLE_SHARE = 0.6


@dataclass(frozen=True)
class _Read:
    """An example with what the general reader finds in it."""

    example: GoldExample
    context: Context
    surface: Surface
    marks: frozenset[str]


def learn_template(vendor_key: str, examples: Sequence[GoldExample]) -> VendorTemplate:
    """The template of a vendor from its confirmed records, oldest first. No examples give an empty template."""
    groups: list[list[_Read]] = []
    for example in examples:
        context = Context(build_layout(example.document))
        read = _Read(example, context, Surface(context.layout), fingerprint(context.layout))
        best = max(groups, key=lambda group: _likeness(read, group), default=None)
        if best is not None and _likeness(read, best) >= SAME_LAYOUT:
            best.append(read)
        else:
            groups.append([read])
    layouts = [_learn_layout(group[-MAX_EXAMPLES:]) for group in groups]
    return VendorTemplate(vendor_key, tuple(sorted(layouts, key=lambda layout: (-layout.examples, sorted(layout.fingerprint)))))


def _likeness(read: _Read, group: Sequence[_Read]) -> float:
    return max(similarity(read.marks, other.marks) for other in group)


def _learn_layout(group: Sequence[_Read]) -> LayoutTemplate:
    words = Counter(word for read in group for word in {anchor_word(token) for token in read.context.layout.tokens})
    stable = {word for word, count in words.items() if count >= max(2, _STABLE_SHARE * len(group))} if len(group) > 1 else None
    marks = Counter(mark for read in group for mark in read.marks)
    kept = frozenset(mark for mark, count in marks.items() if count >= _STABLE_SHARE * len(group)) or group[-1].marks
    style = _number_style(group)
    hints = Hints(_date_forms(group), style)
    candidates = [read_header(read.context, hints) for read in group]
    rules = {spec.name: _rule(spec, group, candidates, stable) for spec in HEADER_FIELDS}
    table = learn_table([read.example for read in group])
    return LayoutTemplate(kept, len(group), {name: rule for name, rule in rules.items() if rule.seen}, hints.date_forms, style, table)


def _date_forms(group: Sequence[_Read]) -> tuple[DateForm, ...]:
    forms: Counter[DateForm] = Counter()
    for read in group:
        value = read.example.record.date
        for span in find_dates(read.context.rows):
            matching = [form for form, reading in span.readings if reading == value]
            if matching and len({reading for _form, reading in span.readings}) > 1:
                forms.update(matching)
            elif matching and len(span.readings) == 1:
                forms[matching[0]] += 2
    return tuple(form for form, _count in forms.most_common())


def _number_style(group: Sequence[_Read]) -> NumberStyle | None:
    from_total: Counter[NumberStyle] = Counter()
    for read in group:
        for name in ("total", "subtotal"):
            for tokens in locate_tokens(read.context.layout, ValueKind.MONEY, header_value(read.example.record, name)):
                raw = tokens[-1].text if tokens[-1].text[-1:].isdigit() else tokens[0].text
                mark = raw[-3:-2]
                if mark in (".", ","):
                    from_total[NumberStyle.POINT if mark == "." else NumberStyle.COMMA] += 1
    return from_total.most_common(1)[0][0] if from_total else None


def _rule(
    spec: FieldSpec, group: Sequence[_Read], candidates: Sequence[Mapping[str, Sequence[Candidate]]], stable: set[str] | None
) -> FieldRule:
    labeled = [n for n, read in enumerate(group) if read.example.label_fields is None or spec.name in read.example.label_fields]
    values = [header_value(group[n].example.record, spec.name) for n in labeled]
    places = [_places(spec, group[n], candidates[n].get(spec.name, ()), values[i]) for i, n in enumerate(labeled)]
    lefts = Counter(left for found, n in zip(places, labeled, strict=True) for left in {group[n].surface.left_of(t) for _raw, t in found})
    sightings: list[Sighting] = []
    for n, found in zip(labeled, places, strict=True):
        if found:
            surface = group[n].surface
            raw, tokens = max(found, key=lambda place: lefts[surface.left_of(place[1])])
            sightings.append(surface.sighting(tokens, raw, stable))
    absent = sum(value is None for value in values)
    return FieldRule(tuple(sightings), len(labeled), absent, _constant(spec, values))


def _places(spec: FieldSpec, read: _Read, candidates: Sequence[Candidate], value: Value) -> list[tuple[str, tuple[Token, ...]]]:
    """Places of the confirmed value, the best first: where a person pointed, then candidates, then anywhere."""
    if value is None:
        return []
    right = [c for c in candidates if same(spec.kind, c.value, value)]
    pointed = read.example.evidence.get(spec.name, ())
    right.sort(key=lambda c: not _touches(c.evidence, pointed))
    found = [(c.raw, read.surface.tokens_of(c.page, c.word_indexes)) for c in right]
    if not found:
        places = locate_tokens(read.context.layout, spec.kind, value)
        found = [(" ".join(token.text for token in tokens), tokens) for tokens in places]
    if pointed and right and _touches(right[0].evidence, pointed):
        return [place for place in found[:1] if place[1]]
    return [place for place in found if place[1]]


def _touches(left: Sequence[Evidence], right: Sequence[Evidence]) -> bool:
    return any(
        a.page == b.page and a.box.x0 < b.box.x1 and b.box.x0 < a.box.x1 and a.box.y0 < b.box.y1 and b.box.y0 < a.box.y1
        for a in left
        for b in right
    )


def _constant(spec: FieldSpec, values: Sequence[Value]) -> str | None:
    """The latest printed value of a text field when all examples agree on it."""
    texts = [value for value in values if isinstance(value, str)]
    if spec.kind is not ValueKind.TEXT or not texts or len(texts) < len(values):
        return None
    keys = Counter(comparison_key(spec.kind, text) for text in texts)
    key, count = keys.most_common(1)[0]
    if count < 0.75 * len(texts):
        return None
    return next(text for text in reversed(texts) if comparison_key(spec.kind, text) == key)
