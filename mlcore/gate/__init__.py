"""What decides that a model may serve: pure, from evaluations and a policy to a verdict with every number.

``decide(candidate, champion, policy) -> Verdict`` is the only way in; ``checks`` has one function for each question that is asked.
"""

from mlcore.gate.decide import decide
from mlcore.gate.evidence import Measured, System
from mlcore.gate.policy import GatePolicy
from mlcore.gate.verdict import Check, State, Verdict

__all__ = ["Check", "GatePolicy", "Measured", "State", "System", "Verdict", "decide"]
