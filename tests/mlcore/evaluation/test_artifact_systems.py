"""An artifact among the systems of ``evaluate``: its model alone and beside templates, each document read once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.documents import DocumentText, gold_to_json
from mlcore.errors import EvaluationError
from mlcore.evaluation.artifact_systems import RememberingReader, remembering
from mlcore.evaluation.asked_of_models import Asked, artifact_systems
from mlcore.evaluation.samples import Sample
from mlcore.inference.reading import DocumentReading
from mlcore.prompts import Example
from mlcore.retrieval.examples import confirmed_of
from mlcore.serving import Reader, load_extractor
from tests.mlcore.artifacts.conftest import base_folder, packed, run_folder
from tests.mlcore.training.conftest import receipt

__all__ = ["base_folder", "packed", "run_folder"]


@dataclass
class _Counting:
    """The real reader, and how many documents it was given."""

    reader: Reader
    asked: list[int] = field(default_factory=list)

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        self.asked.append(len(documents))
        return self.reader.read(documents, shown)


@pytest.mark.thorough
def test_systems_share_the_readings_and_answer_as_the_extractor_does(packed: Path, base_folder: Path) -> None:
    extractor = load_extractor(packed, base_folder.parent)
    counting = _Counting(extractor.reader)
    samples = [Sample(f"r{n}", receipt(n)) for n in range(4)]
    asked = [one for word in ("model", "0", "2") if (one := Asked.of(word)) is not None]
    alone, plain, learned = artifact_systems("first", remembering(type(extractor)(extractor.model_id, counting)), asked, Path())
    assert [one.name for one in (alone, plain, learned)] == ["first alone", "first + template", "first + template after 2"]
    answers = {answer.id: answer.record for answer in plain.answers(samples)}
    documents = [sample.example.document for sample in samples]
    assert list(answers.values()) == [one.record for one in extractor.extract(documents, [None] * 4)]
    assert [answer.record for answer in alone.answers(samples)] == [one.record for one in extractor.reader.read(documents)]
    assert len(list(learned.answers(samples))) == 2
    assert learned.leaves_out
    assert not plain.leaves_out
    assert sum(counting.asked) == 4


def test_the_same_document_twice_is_read_once(packed: Path, base_folder: Path) -> None:
    counting = _Counting(load_extractor(packed, base_folder.parent).reader)
    one, other = RememberingReader(counting).read([receipt(1).document, receipt(1).document])
    assert one == other
    assert counting.asked == [1]


def test_evaluate_takes_an_artifact(packed: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) for n in range(3)))
    words = ["evaluate", str(gold), "--out", str(tmp_path / "report"), "--template", "--models", str(base_folder.parent), "--artifact"]
    assert main([*words, f"first={packed}@0"]) == 0
    told = capsys.readouterr().out
    assert "template zero-shot" in told
    assert "first + template" in told
    assert "first alone" not in told
    assert main([*words, f"{packed}@model,many"]) == 1
    assert "@model,0,3" in capsys.readouterr().err


def test_evaluate_takes_a_base_without_an_adapter(base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "r1", **gold_to_json(receipt(1))}))
    words = ["evaluate", str(gold), "--out", str(tmp_path / "report"), "--bare"]
    assert main([*words, f"untrained={base_folder}@keyed-1"]) == 0
    assert "untrained" in capsys.readouterr().out
    assert main([*words, f"{base_folder}@prose"]) == 1
    assert "known are rows-1" in capsys.readouterr().err


def test_a_model_that_was_trained_without_examples_is_never_shown_any(packed: Path, base_folder: Path) -> None:
    extractor = load_extractor(packed, base_folder.parent)
    shown = confirmed_of(receipt(1))
    assert shown is not None
    assert extractor.examples == 0
    document = receipt(4).document
    assert extractor.extract([document], [None], [[shown.example]]) == extractor.extract([document], [None])
    with pytest.raises(EvaluationError, match="was not trained with examples"):
        artifact_systems("first", extractor, [Asked("shown", 1)], Path())
