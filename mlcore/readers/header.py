"""The general header reader: every field's candidates from one look at the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mlcore.compare import same
from mlcore.documents import DocumentText
from mlcore.normalize import NumberStyle
from mlcore.readers.address_reader import AddressSpan, address_features, find_addresses, find_addresses_behind, find_whole_addresses
from mlcore.readers.amount_reader import amount_features
from mlcore.readers.amounts import find_amounts, number_style
from mlcore.readers.candidates import Candidate
from mlcore.readers.context import Context
from mlcore.readers.date_reader import date_features, is_birthday
from mlcore.readers.dates import DateForm, choose_order, find_dates
from mlcore.readers.layout import Token, build_layout, evidence_of
from mlcore.readers.number_reader import find_numbers, number_features
from mlcore.readers.party_words import line_kind
from mlcore.readers.scoring import Features, for_format, header_weights, probabilities
from mlcore.readers.vendor_reader import NameSpan, find_names, is_nobodys, name_features
from mlcore.schema import InvoiceRecord, Value, ValueKind

DIFFERENT_ON_RECEIPTS = frozenset({"total", "subtotal", "tax", "vendor.name"})
"""Fields whose clues mean something else on a till receipt than on an invoice."""

AMOUNTS = ("total", "subtotal", "tax")


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of the vendor's habits before reading; empty when nothing is."""

    date_forms: tuple[DateForm, ...] = ()
    number_style: NumberStyle | None = None


@dataclass(frozen=True)
class ChoiceSet:
    """The candidates of one field with the features that speak for and against them."""

    name: str
    candidates: tuple[Candidate, ...]
    features: tuple[Features, ...] = field(default=())


def read_header(context: Context, hints: Hints = Hints()) -> dict[str, tuple[Candidate, ...]]:
    """Candidates of every header field, best first, with scores that sum to at most 1."""
    weights = header_weights()
    answer = {}
    for choices in _choice_sets(context, hints, None):
        scores = probabilities(choices.features, weights.get(choices.name, {}))
        scored = [rescored(candidate, score) for candidate, score in zip(choices.candidates, scores, strict=True)]
        answer[choices.name] = tuple(sorted(scored, key=lambda candidate: -candidate.score))
    return answer


def choice_sets(document: DocumentText, hints: Hints = Hints(), gold: InvoiceRecord | None = None) -> list[ChoiceSet]:
    """The choices of every field before scoring; for fitting, ``gold`` settles what later fields build on."""
    return _choice_sets(Context(build_layout(document)), hints, gold)


def _choice_sets(context: Context, hints: Hints, gold: InvoiceRecord | None) -> list[ChoiceSet]:
    printed = find_dates(context.rows)
    preference = (*hints.date_forms, *choose_order(context.layout, context.rows, printed))
    dates = [span for span in printed if not is_birthday(context, span)]
    amounts = find_amounts(context.rows, hints.number_style or number_style(context.rows))
    numbers = find_numbers(context, printed)
    sets = [
        ChoiceSet(
            "date",
            tuple(candidate("date", s.value(preference), s.raw, context.tokens(s.row, s.first, s.last)) for s in dates),
            tuple(date_features(context, dates, preference)),
        ),
        ChoiceSet(
            "invoice_number",
            tuple(candidate("invoice_number", s.value, s.value, context.tokens(s.row, s.first, s.last)) for s in numbers),
            tuple(number_features(context, numbers)),
        ),
    ]
    features = tuple(amount_features(context, amounts))
    for name in AMOUNTS:
        found = tuple(candidate(name, s.value, s.raw, context.tokens(s.row, s.first, s.last)) for s in amounts)
        sets.append(ChoiceSet(name, found, features))
    sets.extend(_party_sets(context, gold))
    return [_for_format(choices, context) for choices in sets]


def _for_format(choices: ChoiceSet, context: Context) -> ChoiceSet:
    if choices.name not in DIFFERENT_ON_RECEIPTS:
        return choices
    return replace(choices, features=for_format(choices.features, context.layout.narrow))


def _party_sets(context: Context, gold: InvoiceRecord | None) -> list[ChoiceSet]:
    names = [span for span in find_names(context) if not is_nobodys(context, span)]
    features = tuple(name_features(context, names))
    found = tuple(candidate("vendor.name", span.text, span.text, span.tokens, "position") for span in names)
    sets = [ChoiceSet("vendor.name", found, features)]
    best = _best_name(context, names, features, gold)
    spans = _addresses(context, names, best) if best is not None else []
    addresses = tuple(candidate("vendor.address", span.text, span.text, span.tokens, "position") for span in spans)
    sets.append(ChoiceSet("vendor.address", addresses, tuple(address_features(context, spans))))
    return sets


def _best_name(context: Context, names: Sequence[NameSpan], features: Sequence[Features], gold: InvoiceRecord | None) -> NameSpan | None:
    if gold is not None:
        return next((span for span in names if same(ValueKind.TEXT, span.text, gold.vendor.name)), None)
    scores = probabilities(for_format(features, context.layout.narrow), header_weights().get("vendor.name", {}))
    return names[max(range(len(names)), key=scores.__getitem__)] if names else None


def _addresses(context: Context, names: Sequence[NameSpan], best: NameSpan) -> list[AddressSpan]:
    """Under the first place where the name stands above an address: a letterhead goes before where payments are sent. Also
    behind the name, and whole ones on a line by themselves.
    """
    under = _addresses_under(context, names, best)
    there = {span.tokens for span in under}
    others = (*find_addresses_behind(context, best.text), *find_whole_addresses(context))
    return [*under, *(span for span in others if span.tokens not in there)]


def _addresses_under(context: Context, names: Sequence[NameSpan], best: NameSpan) -> list[AddressSpan]:
    named = [span.tokens for span in names if span is best or same(ValueKind.TEXT, span.text, best.text)]
    repeated = [cell.tokens for cell in context.layout.cells if same(ValueKind.TEXT, cell.text, best.text)]
    for tokens in (*named, *repeated):
        spans = find_addresses(context, tokens)
        if any(line_kind(line.text) == "address" for found in spans for line in found.lines):
            return spans
    return find_addresses(context, best.tokens)


def candidate(name: str, value: Value, raw: str, tokens: Sequence[Token], source: str = "label") -> Candidate:
    """A candidate that is not scored yet."""
    return Candidate(name, value, raw, evidence_of(tokens), 0.0, source, tokens[0].page, tuple(token.index for token in tokens))


def rescored(old: Candidate, score: float) -> Candidate:
    """The same candidate with another score."""
    return Candidate(old.name, old.value, old.raw, old.evidence, score, old.source, old.page, old.word_indexes)
