"""The one question that deployment asks: may this model serve now?"""

from __future__ import annotations

from dataclasses import dataclass

from modelops.errors import Refused
from modelops.gate.champion import present_champion
from modelops.gate.policies import current_gate_policy, gate_values
from modelops.models import GateOverride, GateResult, ModelVersion
from modelops.registry.verifying import verify


@dataclass(frozen=True, slots=True)
class Permission:
    """By what a model may serve: the newest verdict about it, a pass unless there is an ``override``."""

    result: GateResult
    override: GateOverride | None

    @property
    def sentence(self) -> str:
        """Why it may."""
        if self.override is not None:
            return f"It did not pass as it is, and {self.override.by.username} lets it through: {self.override.reason}"
        return str(self.result.verdict.get("reason", "It passed."))


@dataclass(frozen=True, slots=True)
class Standing:
    """What the newest verdict about a model is worth now. ``reasons`` are empty when the model may serve.

    ``stale`` says what has changed since the verdict was given; it holds no more then, nor does its override.
    """

    result: GateResult | None
    override: GateOverride | None
    stale: tuple[str, ...]
    reasons: tuple[str, ...]


def permission_to_serve(model: ModelVersion) -> Permission:
    """The pass, or the override, that holds now. Raises ``Refused`` (``not_permitted``) with every reason why there is none.

    A verdict holds for the champion and the policy that it was given for. A model whose files do not verify never serves; one that
    learned from documents that had to go since serves only by an override that was written after they had.
    """
    found = standing(model)
    problem = verify(model).problem
    reasons = (*([problem] if problem else []), *found.reasons)
    if reasons or found.result is None:
        code = "artifact_damaged" if problem else "not_permitted"
        raise Refused(code, f"Model {model.number} may not serve. {' '.join(reasons)}", {"reasons": list(reasons)})
    return Permission(found.result, found.override)


def standing(model: ModelVersion) -> Standing:
    """What is known without looking at the files: six statements.

    A champion that another one replaced is retired, and may serve again as soon as a verdict holds for it; one that somebody put away has
    to be taken back first.
    """
    result = GateResult.objects.filter(model=model).select_related("champion", "override__by", "dataset").order_by("-pk").first()
    retired = ("It is retired; take it back among the candidates first.",) if model.put_away_by_id else ()
    if result is None:
        return Standing(None, None, (), (*retired, "The gate was never asked about it; evaluate it on a data set version first."))
    override = getattr(result, "override", None)
    stale = changed_since(result, model)
    reasons = [*retired, *stale]
    if not stale and not result.passed and override is None:
        reasons.append(f"{result.verdict.get('reason', 'It did not pass.')} An admin can let it through with a written reason.")
    if model.removed_documents and (override is None or override.removed_documents < model.removed_documents):
        count = model.removed_documents
        reasons.append(
            f"{count} {'document' if count == 1 else 'documents'} that it learned from had to go since. Train another one without them, or "
            "let an admin override this with a written reason."
        )
    return Standing(result, override, stale, tuple(reasons))


def changed_since(result: GateResult, model: ModelVersion) -> tuple[str, ...]:
    """What a verdict does not know of, in sentences; nothing while it holds."""
    found = []
    champion = present_champion()
    rival = champion if champion != model else None
    if result.champion != rival:
        then, now = _named(result.champion), _named(rival)
        found.append(
            f"The verdict of {result.created_at:%Y-%m-%d} was given against {then}, and {now} is the champion now; evaluate again."
        )
    if result.verdict.get("policy") != gate_values(current_gate_policy()):
        found.append(f"The policy of the gate has changed since the verdict of {result.created_at:%Y-%m-%d}; evaluate again.")
    return tuple(found)


def _named(model: ModelVersion | None) -> str:
    return f"model {model.number}" if model is not None else "the templates alone"
