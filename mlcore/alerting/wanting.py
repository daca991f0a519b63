"""What asks for the next training run: pure rules from counted values to what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TriggerLimits:
    """``modelops.models.TriggerPolicy`` says what each is."""

    every_days: int = 91
    drop_points: float = 5.0
    changed_examples: int = 100
    new_vendor_examples: int = 200


@dataclass(frozen=True, slots=True)
class VendorGold:
    """A vendor's current gold records. ``learned``: some model has learned from it; ``held_out``: none ever may."""

    vendor: int
    name: str
    examples: int
    learned: bool = False
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class FoundDrop:
    """An alert about a vendor's accuracy: the loss in points, and the vendor's gold records since it was found."""

    alert: int
    vendor: int
    name: str
    points: float
    examples_since: int
    found: str = ""
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that is asked for. ``occasion`` changes when there is something new to say: dismissed once, it is not said again."""

    kind: str
    key: str
    occasion: str
    sentence: str
    vendor: int | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def by_schedule(age_days: float | None, version: int, gold_since: int, limits: TriggerLimits) -> Wanted | None:
    """``every_days`` after the newest data set ``version`` (0: there is none, and the age is that of the first gold record), with new gold.

    ``age_days`` is ``None`` where there is no gold at all.
    """
    if not limits.every_days or age_days is None or age_days < limits.every_days or gold_since < 1:
        return None
    since = f"data set {version} was frozen" if version else "the first record was confirmed, and no data set was ever frozen"
    return Wanted(
        "schedule",
        "schedule",
        f"{version}:{int(age_days // limits.every_days)}",
        f"{int(age_days)} days since {since}; every {limits.every_days} days one is due. {gold_since:,} records were confirmed meanwhile.",
        evidence={"age_days": round(age_days, 1), "every_days": limits.every_days, "dataset": version, "gold_since": gold_since},
    )


def by_template_changes(drops: Sequence[FoundDrop], limits: TriggerLimits) -> list[Wanted]:
    """Vendors whose accuracy fell, and of which enough was labeled since: there is something to learn the new template from."""
    ripe = [
        drop
        for drop in drops
        if drop.points >= limits.drop_points and drop.examples_since >= max(1, limits.changed_examples) and not drop.held_out
    ]
    return [
        Wanted(
            "template_change",
            f"template_change:{drop.vendor}",
            f"{drop.alert}:{drop.examples_since // max(1, limits.changed_examples)}",
            f"{drop.name}: accuracy fell by {drop.points:.1f} points, and {drop.examples_since:,} records were confirmed since that "
            f"was found ({limits.changed_examples:,} are enough).",
            drop.vendor,
            {
                "alert": drop.alert,
                "points": round(drop.points, 2),
                "drop_points": limits.drop_points,
                "examples_since": drop.examples_since,
                "changed_examples": limits.changed_examples,
                "found": drop.found,
            },
        )
        for drop in ripe
    ]


def by_new_vendors(vendors: Sequence[VendorGold], limits: TriggerLimits) -> list[Wanted]:
    """Vendors with enough gold that no model has learned from. One that is held out is never learned from, so it asks for nothing."""
    least = max(1, limits.new_vendor_examples)
    ripe = [one for one in vendors if one.examples >= least and not one.learned and not one.held_out]
    return [
        Wanted(
            "new_vendor",
            f"new_vendor:{one.vendor}",
            str(one.examples // least),
            f"{one.name}: {one.examples:,} records are confirmed ({least:,} are enough), and no model has learned from any of them.",
            one.vendor,
            {"examples": one.examples, "new_vendor_examples": least},
        )
        for one in ripe
    ]
