"""What is stored of labeling: policy, tasks with their lease, drafts, annotations, edits, agreement, adjudication,
review and gold."""

from labeling.models.adjudication import Adjudication, Choice, Difference, DifferenceCause, Guideline, GuidelineRead, Ruling
from labeling.models.agreement import Agreement, AgreementDiffering, AgreementTally
from labeling.models.annotations import Annotation, EditCause, FieldEdit
from labeling.models.draws import Draw, DrawStratum
from labeling.models.gold import GoldRecord
from labeling.models.policy import LabelingPolicy, StoredPolicy
from labeling.models.quality import CountedLabel, CountedSkip, QualityPeriod, QualityState, QualitySums, WrongField
from labeling.models.review import Correction, CorrectionItem, DoubtCause, FieldDoubt, FieldVerification, MeasuredReading
from labeling.models.suspects import SuspectGold
from labeling.models.tasks import LabelingTask, SkipReason, TaskDraft, TaskKind, TaskPurpose, TaskSkip, TaskState
from labeling.models.trials import KnownDocument, QueuePause, Standing, Trial, TrialTurns

__all__ = [
    "Adjudication",
    "Agreement",
    "AgreementDiffering",
    "AgreementTally",
    "Annotation",
    "Choice",
    "Correction",
    "CorrectionItem",
    "CountedLabel",
    "CountedSkip",
    "Difference",
    "DifferenceCause",
    "DoubtCause",
    "Draw",
    "DrawStratum",
    "EditCause",
    "FieldDoubt",
    "FieldEdit",
    "FieldVerification",
    "GoldRecord",
    "Guideline",
    "GuidelineRead",
    "KnownDocument",
    "LabelingPolicy",
    "LabelingTask",
    "MeasuredReading",
    "QualityPeriod",
    "QualityState",
    "QualitySums",
    "QueuePause",
    "Ruling",
    "SkipReason",
    "Standing",
    "StoredPolicy",
    "SuspectGold",
    "TaskDraft",
    "TaskKind",
    "TaskPurpose",
    "TaskSkip",
    "TaskState",
    "Trial",
    "TrialTurns",
    "WrongField",
]
