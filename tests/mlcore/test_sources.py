"""The documents that a command works on, as they are given it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.answers.printed import printed_record
from mlcore.commands.sources import noisy_samples
from mlcore.documents import DocumentText, TextSource, gold_to_json
from mlcore.errors import DatasetError
from mlcore.evaluation.metrics import evaluation_from_json
from mlcore.evaluation.samples import Sample
from mlcore.page_text import page_text
from tests.mlcore.training.conftest import receipt

CLEAN = [Sample(f"r{n}", receipt(n)) for n in range(12)]


def test_noise_is_that_of_the_id_and_labels_say_what_the_noisy_page_says() -> None:
    noisy = noisy_samples(CLEAN, 4.0)
    assert noisy == noisy_samples(CLEAN, 4.0)
    assert noisy_samples(list(reversed(CLEAN)), 4.0) == list(reversed(noisy))
    assert [one.id for one in noisy] == [one.id for one in CLEAN]
    changed = [(one, other) for one, other in zip(CLEAN, noisy, strict=True) if one.example.record != other.example.record]
    assert changed, "so much noise spoils some value"
    for _, other in changed:
        page = page_text(other.example.document).text
        assert all(text in page for text in printed_record(other.example).values())
    assert noisy_samples(CLEAN, 0.0) == CLEAN


@pytest.mark.parametrize("level", [-1.0, 5.1, float("nan")])
def test_a_level_that_is_none_is_refused(level: float) -> None:
    with pytest.raises(DatasetError, match=r"--noise-level is .*; 0 to 5 times"):
        noisy_samples(CLEAN, level)


def test_what_ocr_has_read_gets_no_noise_on_top() -> None:
    document = CLEAN[3].example.document
    scanned = DocumentText(tuple(replace(page, source=TextSource.OCR) for page in document.pages), document.tokeniser)
    samples = [*CLEAN[:3], replace(CLEAN[3], example=replace(CLEAN[3].example, document=scanned))]
    with pytest.raises(DatasetError, match="1 documents, the first is 'r3', were read by OCR"):
        noisy_samples(samples, 1.0)
    assert noisy_samples(samples, 0.0) == samples


def test_evaluate_says_in_its_report_that_there_was_noise(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps({"id": one.id, **gold_to_json(one.example)}) for one in CLEAN))
    words, found = ["evaluate", str(gold), "--template", "--resamples", "20", "--out"], {}
    for name, more in (("clean", []), ("noisy", ["--noise-level", "4"])):
        assert main([*words, str(tmp_path / name), *more]) == 0
        found[name] = json.loads((tmp_path / name / "evaluation.json").read_text())
    assert found["clean"]["data"]["name"] == "gold.jsonl"
    assert found["noisy"]["data"]["name"] == "gold.jsonl, noise level 4"
    clean, noisy = (evaluation_from_json(one["systems"][0]["evaluation"]) for one in found.values())
    assert clean.documents != noisy.documents
