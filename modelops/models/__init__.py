"""What is stored of a model's life: data set versions, training runs, registry, gate, deployment, daily metrics, alerts, triggers."""

from modelops.models.alerts import Alert, AlertDelivery, AlertDestination, AlertKind, AlertMute, AlertPolicyVersion, AlertTold
from modelops.models.counted import CountedDay, CountedDocument, CountedReading, SeenLayout
from modelops.models.datasets import DatasetItem, DatasetVersion, DocumentRemoval, Side, VendorSide
from modelops.models.deployment import Deployment, ShadowDocument, ShadowRun
from modelops.models.gate import GateOverride, GatePolicyVersion, GateResult
from modelops.models.monitoring import DailyMetric
from modelops.models.registry import EvaluationAsk, ModelEvaluation, ModelVersion
from modelops.models.runs import RunLine, RunPoint, RunStage, RunState, TrainingRun, TrainingSweep
from modelops.models.triggers import TriggerPolicy, TriggerProposal

__all__ = [
    "Alert",
    "AlertDelivery",
    "AlertDestination",
    "AlertKind",
    "AlertMute",
    "AlertPolicyVersion",
    "AlertTold",
    "CountedDay",
    "CountedDocument",
    "CountedReading",
    "DailyMetric",
    "DatasetItem",
    "DatasetVersion",
    "Deployment",
    "DocumentRemoval",
    "EvaluationAsk",
    "GateOverride",
    "GatePolicyVersion",
    "GateResult",
    "ModelEvaluation",
    "ModelVersion",
    "RunLine",
    "RunPoint",
    "RunStage",
    "RunState",
    "SeenLayout",
    "ShadowDocument",
    "ShadowRun",
    "Side",
    "TrainingRun",
    "TrainingSweep",
    "TriggerPolicy",
    "TriggerProposal",
    "VendorSide",
]
