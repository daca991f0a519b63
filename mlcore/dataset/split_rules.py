"""Named ways to split synthetic documents by vendor.

``composed``: training documents come from composed vendors of the seed. Half of the validation documents come from the same vendors (other
documents), half from vendors of another seed, which are never trained on. Test documents come from the 27 hand-made vendors and do not
depend on the seed, the number of layouts or of training documents: every dataset with the same test count has the same test split.
Composed vendor ``n`` of a seed is always the same company, so more layouts include the fewer. A company that shares its name with
one of an earlier split (the test's first) is left out.

``guide``: the specification's experiment. 40 vendors, 15 major and 25 minor; a fifth of the documents is divided between validation and
test (8,000, 1,000 and 1,000 of 10,000). The specification names vendors by letters and has more vendors than letters, so the alphabet is
laid over the 40: majors and minors, each in an order shuffled by the seed, are merged so that the majors stand evenly among the
minors, and vendor ``k`` (from 0) has letter ``26 k // 40``. Vendors A-L (19) are trained on, validation has A-L and M-O (5 more, held
out), test has P-Z (16) alone. In each split the majors have 75 % of the documents, every vendor its exact share, and each rare line type
4 % of the lines.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlcore.dataset.directory import Split
from mlcore.dataset.streams import stratified
from mlcore.dataset.synthetic import SyntheticDocument, Vendor, generate, major_minor_weights, vendor_catalogue
from mlcore.dataset.synthetic.composed import compose_vendor
from mlcore.dataset.synthetic.vendors import HAND_MADE
from mlcore.errors import DatasetError
from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind

TEST_SEED = 40_001
GUIDE_RARE_SHARE = 0.04
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HELD_SEED = 500_000
_SEEN_STREAM, _UNSEEN_STREAM, _TEST_STREAM = 1_000_000, 2_000_000, 3_000_000
Documents = Iterator[SyntheticDocument]


@dataclass(frozen=True)
class SplitRule:
    """The companies of each split and how many documents it wants; ``held_out`` validates only."""

    name: str
    counts: dict[Split, int]
    trained: tuple[Vendor, ...]
    held_out: tuple[Vendor, ...]
    test: tuple[Vendor, ...]
    seed: int

    def documents(self, split: Split) -> Documents:
        """The documents of a split, always the same ones in the same order."""
        if self.name == "guide":
            return self._guide(split)
        if split is Split.TRAIN:
            return generate(self.counts[split], self.seed, self.trained)
        return self._in_turn() if split is Split.VALIDATION else generate(self.counts[split], TEST_SEED, self.test)

    def _guide(self, split: Split) -> Documents:
        makers, stream = {
            Split.TRAIN: (self.trained, 0),
            Split.VALIDATION: ((*self.trained, *self.held_out), _SEEN_STREAM),
            Split.TEST: (self.test, _TEST_STREAM),
        }[split]
        return stratified(self.counts[split], self.seed + stream, makers, major_minor_weights(makers), GUIDE_RARE_SHARE)

    def _in_turn(self) -> Documents:
        """Documents of seen and unseen vendors in turn, so that any beginning of the file has both."""
        count = self.counts[Split.VALIDATION]
        unseen = count // 2
        streams = (
            generate(count - unseen, self.seed + _SEEN_STREAM, self.trained),
            generate(unseen, self.seed + _UNSEEN_STREAM, self.held_out),
        )
        for number in range(count):
            yield next(streams[number % 2])


def composed_rule(documents: int, validation: int, test: int, layouts: int, held_layouts: int, seed: int) -> SplitRule:
    """The rule ``composed``. Raises ``DatasetError`` when there are not enough companies."""
    taken = {company_name(maker) for maker in HAND_MADE}
    trained = _distinct(layouts, seed, taken)
    held_out = _distinct(held_layouts, seed + _HELD_SEED, taken | {company_name(maker) for maker in trained})
    counts = {Split.TRAIN: documents, Split.VALIDATION: validation, Split.TEST: test}
    return SplitRule("composed", counts, trained, held_out, HAND_MADE, seed)


def guide_rule(documents: int, seed: int) -> SplitRule:
    """The rule ``guide``; ``documents`` is the number of all of them."""
    letters = guide_letters(seed)
    tenth = documents // 10
    counts = {Split.TRAIN: documents - 2 * tenth, Split.VALIDATION: tenth, Split.TEST: tenth}
    parts = [tuple(maker for maker, letter in letters if first <= letter <= last) for first, last in ("AL", "MO", "PZ")]
    return SplitRule("guide", counts, parts[0], parts[1], parts[2], seed)


def guide_letters(seed: int) -> tuple[tuple[Vendor, str], ...]:
    """The 40 vendors in order with their letters."""
    makers = vendor_catalogue(composed=13, seed=0)
    ranked = []
    for major in (True, False):
        group = [maker for maker in makers if maker.major is major]
        random.Random(f"letters:{seed}:{major}").shuffle(group)  # noqa: S311 - reproducible, nothing secret
        ranked += [((place + 0.5) / len(group), not major, maker) for place, maker in enumerate(group)]
    order = [maker for *_, maker in sorted(ranked, key=lambda one: one[:2])]
    return tuple((maker, _LETTERS[26 * place // len(order)]) for place, maker in enumerate(order))


def company_name(maker: Vendor) -> str:
    """The name by which companies are told apart."""
    return comparison_key(ValueKind.TEXT, maker.name)


def keys(makers: Sequence[Vendor]) -> list[str]:
    """The keys of vendors."""
    return [maker.key for maker in makers]


def _distinct(count: int, seed: int, taken: set[str]) -> tuple[Vendor, ...]:
    """The first ``count`` composed vendors of a seed whose names are not taken."""
    found: list[Vendor] = []
    index = 0
    while len(found) < count:
        maker = compose_vendor(index, seed)
        index += 1
        if company_name(maker) not in taken:
            found.append(maker)
        elif index > 20 * count + 1_000:
            raise DatasetError(f"Only {len(found)} of {count} layouts have a company name of their own; ask for fewer.")
    return tuple(found)
