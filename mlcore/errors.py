"""The errors that ``mlcore`` raises.

    MlcoreError                    anything raised on purpose by this package
    ├── RecordError                a record that does not fit the schema; carries one problem per field
    ├── DocumentError              a serialised document text that cannot be read back
    ├── TemplateError              a serialised vendor template that cannot be read back
    ├── RunError                   a training run that cannot go on from what its folder holds, or has no room there
    ├── DatasetError               a data set that cannot be built or read
    ├── EvaluationError            systems that cannot be scored or compared as asked
    ├── BaseModelError             a base model that is missing, incomplete or of an unsafe kind
    ├── RecipeError                a training configuration that cannot be; carries every fault
    ├── ReadingError               a serialised reading of a model that cannot be read back
    ├── AgreementError             a stored comparison of labels that cannot be read back, or tallies that do not fit together
    ├── ConfidenceError            a confidence that cannot be learned or read back
    ├── GateError                  a gate policy, or evidence for the gate, that cannot be read or cannot be
    ├── ArtifactError              a trained artifact that is damaged, foreign or does not fit the base
    └── ModelServerError           a model server that gave no answer
        ├── ModelServerAway        it is not there, too slow, busy or failing: may pass
        ├── ModelServerAnswerError what it answered is cut short or no completion: may pass
        └── ModelServerRefused     it, or its address, does not do what is asked: somebody has to change something

Every error has a stable ``code`` (for programs) and a message that names the value, the limit and the
remedy (for people).
"""

from __future__ import annotations

from dataclasses import dataclass


class MlcoreError(Exception):
    """Base of every error raised on purpose by ``mlcore``."""

    code = "mlcore_error"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one value of a record.

    ``path`` is a field path such as ``line_items[2].unit_price``; ``code`` is stable.
    """

    path: str
    code: str
    message: str


class RecordError(MlcoreError):
    """A record does not fit the schema. All problems are reported together."""

    code = "record_invalid"

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.path}: {p.message}" for p in problems))


class DocumentError(MlcoreError):
    """A serialised document text cannot be read back."""

    code = "document_text_invalid"


class TemplateError(MlcoreError):
    """A serialised vendor template cannot be read back."""

    code = "template_invalid"


class RunError(MlcoreError):
    """A training run cannot go on from the checkpoints in its folder, or the disk refuses what it writes there."""

    code = "run_refused"


class DatasetError(MlcoreError):
    """A data set cannot be built or read."""

    code = "dataset_invalid"


class EvaluationError(MlcoreError):
    """Systems cannot be scored or compared as asked, or a kept evaluation cannot be read."""

    code = "evaluation_impossible"


class BaseModelError(MlcoreError):
    """A base model is missing, incomplete or of an unsafe kind."""

    code = "base_model_unusable"


class RecipeError(MlcoreError):
    """A training configuration cannot be. All faults are reported together."""

    code = "recipe_invalid"

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


class ReadingError(MlcoreError):
    """A serialised reading of a model cannot be read back."""

    code = "reading_invalid"


class AgreementError(MlcoreError):
    """A stored comparison of two labels cannot be read back, or tallies of different kinds are added."""

    code = "agreement_invalid"


class ConfidenceError(MlcoreError):
    """A confidence cannot be learned from what there is, or a serialised one cannot be read back."""

    code = "confidence_invalid"


class GateError(MlcoreError):
    """A gate policy, or what a model is judged by, cannot be read or cannot be. The message names every fault."""

    code = "gate_invalid"


class ArtifactError(MlcoreError):
    """A trained artifact is damaged, foreign, or does not fit the base model."""

    code = "artifact_refused"


class ModelServerError(MlcoreError):
    """A model server gave no answer. ``retryable`` says that the same request may be answered later."""

    code = "model_server_failed"
    retryable = False

    def __init__(self, message: str, *, wait: float = 0.0) -> None:
        """``wait`` is how many seconds the server asked for."""
        self.wait = wait
        super().__init__(message)


class ModelServerAway(ModelServerError):
    """A model server cannot be reached, takes too long, is busy or fails."""

    code = "model_server_away"
    retryable = True


class ModelServerAnswerError(ModelServerError):
    """What a model server answered is cut short or no completion."""

    code = "model_server_answer_invalid"
    retryable = True


class ModelServerRefused(ModelServerError):
    """A model server refuses a request, or cannot be asked as it is configured. ``status`` is of HTTP, 0 without an answer."""

    code = "model_server_refused"

    def __init__(self, message: str, status: int = 0) -> None:
        self.status = status
        super().__init__(message)
