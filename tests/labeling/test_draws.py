"""Draws: exact shares in every stratum, whatever the order; probabilities right in the smallest one."""

from __future__ import annotations

import pytest

from labeling.draws import BLOCK, chance, is_drawn, stratum_of


def count(seed: int, share: float, positions: range, stratum: str = "a") -> int:
    return sum(is_drawn(seed=seed, what="double", stratum=stratum, position=n, share=share) for n in positions)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.25, 0.3, 0.5, 1.0])
def test_a_stratum_is_never_a_block_away_from_its_share(share: float) -> None:
    for seed in range(20):
        drawn = 0
        for position in range(1, 201):
            drawn += is_drawn(seed=seed, what="double", stratum="vendor 7", position=position, share=share)
            assert abs(drawn - share * position) < BLOCK * max(share, 1 - share) + 1
        assert abs(drawn - share * 200) < 1


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_every_position_of_a_small_stratum_is_drawn_with_the_share_as_its_probability(share: float) -> None:
    seeds = 4_000
    for position in (1, 2, 7):
        found = sum(is_drawn(seed=seed, what="double", stratum="b", position=position, share=share) for seed in range(seeds))
        assert abs(found - seeds * share) < 4.5 * (seeds * share * (1 - share)) ** 0.5


def test_a_tenth_is_one_in_every_ten_at_a_place_that_moves() -> None:
    places = [
        [n for n in range(10) if is_drawn(seed=1, what="double", stratum="c", position=10 * block + n + 1, share=0.1)]
        for block in range(40)
    ]
    assert [len(found) for found in places] == [1] * 40
    assert len({found[0] for found in places}) == 10


def test_draws_hang_on_the_seed_the_purpose_the_stratum_and_the_position_alone() -> None:
    def run(**changed: object) -> list[bool]:
        values = {"seed": 5, "what": "double", "stratum": "d", "share": 0.3, **changed}
        return [is_drawn(position=n, **values) for n in range(1, 61)]  # type: ignore[arg-type]

    assert run() == run()
    assert len({tuple(run()), tuple(run(seed=6)), tuple(run(what="audit")), tuple(run(stratum="e"))}) == 4


@pytest.mark.parametrize(("position", "share"), [(0, 0.1), (1, 1.1), (1, -0.1)])
def test_values_outside_their_limits_are_refused(position: int, share: float) -> None:
    with pytest.raises(ValueError, match=r"counts from 1 and share .* lies in 0..1"):
        is_drawn(seed=1, what="double", stratum="f", position=position, share=share)


def test_chance_is_uniform() -> None:
    drawn = [chance(seed, "x") for seed in range(2_000)]
    assert all(0 <= value < 1 for value in drawn)
    assert all(150 < sum(tenth / 10 <= value < (tenth + 1) / 10 for value in drawn) < 250 for tenth in range(10))


def test_strata_part_vendor_line_type_and_certainty() -> None:
    strata = {
        stratum_of(vendor_id=vendor, line_type=kind, confidence=sure)
        for vendor in (1, None)
        for kind in ("dme_rental", None)
        for sure in (None, 0.5, 0.8, 0.95)
    }
    assert len(strata) == 16
