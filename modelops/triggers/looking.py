"""One look at what asks for training."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from mlcore.alerting.wanting import Wanted, by_new_vendors, by_schedule, by_template_changes
from modelops.models import TriggerPolicy
from modelops.triggers.overtaking import overtake
from modelops.triggers.policies import current_trigger_policy, trigger_limits
from modelops.triggers.proposing import propose
from modelops.triggers.reading import age_of_data, found_drops, gold_by_vendor
from modelops.triggers.taking_up import take_up_by_policy

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LookedForTriggers:
    """How many proposals were made, how many are overtaken, and the one that was taken up by policy (0: none)."""

    proposed: int
    overtaken: int
    taken_up: int


def look() -> LookedForTriggers:
    """Propose what is wanted, put away what is overtaken, and take one up where the policy says so. May run twice at the same time."""
    policy = current_trigger_policy()
    made = propose(wanted(policy), policy)
    overtaken = overtake()
    taken = take_up_by_policy(policy)
    if made or overtaken or taken:
        logger.info("Triggers: %s proposed, %s overtaken, taken up: %s", len(made), overtaken, taken)
    return LookedForTriggers(len(made), overtaken, taken)


def wanted(policy: TriggerPolicy) -> list[Wanted]:
    """What the rules ask for now."""
    limits = trigger_limits(policy)
    age = age_of_data()
    scheduled = by_schedule(age.days, age.version, age.gold_since, limits)
    vendors = by_new_vendors(gold_by_vendor(limits.new_vendor_examples), limits)
    return [*([scheduled] if scheduled else []), *by_template_changes(found_drops(), limits), *vendors]
