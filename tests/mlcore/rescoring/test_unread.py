"""A model that is asked about candidates and reads nothing: learning its confidence, and serving it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.artifacts import load_artifact
from mlcore.combination.combine import combine
from mlcore.commands.confidence_samples import samples_of_files
from mlcore.compare import same
from mlcore.confidence.boosting import Boosting
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.fit import fit_confidence
from mlcore.confidence.recertify import recertify
from mlcore.confidence.sample import ConfidenceSample
from mlcore.documents import DocumentText, gold_to_json
from mlcore.errors import ArtifactError, ConfidenceError
from mlcore.evaluation.artifact_systems import remembering
from mlcore.evaluation.kept_readings import Kept, kept_weighed_line
from mlcore.inference.reading import DocumentReading
from mlcore.inference.remote.server import ModelServer
from mlcore.rescoring.open_fields import open_fields
from mlcore.schema import HEADER_FIELDS, InvoiceRecord, value_at
from mlcore.serving import load_extractor, reading_name, scoring_of
from mlcore.templates.extractor import TemplateExtractor, template_id_of
from tests.mlcore.artifacts.conftest import base_folder, packed, run_folder
from tests.mlcore.conftest import typewritten
from tests.mlcore.rescoring.conftest import DOUBTFUL
from tests.mlcore.rescoring.knowing import MODEL_ALONE, NeverReads, known_samples

__all__ = ["base_folder", "packed", "run_folder"]

QUICK = Boosting(trees=3, depth=2)


@cache
def learned() -> Confidence:
    return fit_confidence(known_samples(knows=True), how=QUICK, reads=False)


def test_confidence_for_a_model_that_reads_nothing_knows_no_reading() -> None:
    samples = known_samples(knows=True)
    other = [replace(one, model=replace(_read(one), record=InvoiceRecord(invoice_number="7"), cut=True)) for one in samples]
    assert learned().to_json() == fit_confidence(other, how=QUICK, reads=False).to_json()
    assert learned().to_json() != fit_confidence(samples, how=QUICK).to_json()
    asked_alone = [one.unread() for one in samples]
    assert learned().to_json() == fit_confidence(asked_alone, how=QUICK, reads=False).to_json(), "nobody needs to have read them"
    report = learned().report
    assert report["learned"]["documents"] + report["tested"]["documents"] == len(samples), "those with nothing open are among them"
    assert "asked" not in report


def _read(one: ConfidenceSample) -> DocumentReading:
    assert one.model is not None
    return one.model


def test_what_is_stored_says_that_nothing_is_read() -> None:
    stored = json.loads(json.dumps(learned().to_json()))
    restored = Confidence.from_json(stored)
    assert not restored.reads
    assert restored.rescorer == learned().rescorer
    assert restored.to_json() == stored
    reading = fit_confidence(known_samples(knows=True), how=QUICK).to_json()
    assert stored["format"] != reading["format"], "a version that does not know of it refuses it"
    assert Confidence.from_json(reading).reads
    with pytest.raises(ConfidenceError, match="calibrate again"):
        Confidence.from_json({name: value for name, value in stored.items() if name != "rescorer"})


def test_a_model_that_neither_reads_nor_weighs_has_no_part() -> None:
    with pytest.raises(ConfidenceError, match=r"has to weigh candidates.*mlcore weigh"):
        fit_confidence(known_samples(knows=False), how=QUICK, reads=False)


def test_thresholds_are_certified_as_it_serves() -> None:
    samples = known_samples(knows=True)
    assert recertify(samples, learned()) == recertify([one.unread() for one in samples], learned())


def test_where_it_serves_the_model_is_asked_and_reads_nothing(packed: Path, base_folder: Path) -> None:
    model, plain = NeverReads(), load_extractor(packed, base_folder.parent)
    assert plain.reads
    extractor = replace(plain, reader=model, weigher=model, rescorer=MODEL_ALONE, reads=False, examples=2)
    document, sure = typewritten(DOUBTFUL), DocumentText(())
    look = TemplateExtractor().look(document)
    opened = MODEL_ALONE.asks(open_fields(look))
    assert opened.fields
    [weighed] = NeverReads().weigh([document], [opened])
    rescored = MODEL_ALONE.extraction(look, opened, weighed)
    found = extractor.extract([sure, document], [None, None], [(), ()])
    assert found[1] == combine(document, rescored, None, plain.scorer, model_id=found[1].model_id)
    assert found[1].model_id == plain.extract([document], [None])[0].model_id
    assert found[0].record == InvoiceRecord()
    assert model.asked == [1]


def test_the_commands_learn_pack_and_evaluate_it_without_reading(
    packed: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, readings, out = (tmp_path / name for name in ("gold.jsonl", "readings.jsonl", "confidence.json"))
    samples, name = known_samples(knows=True), reading_name(load_artifact(packed))
    _write(data, [{"id": one.document_id, **gold_to_json(replace(one.gold, vendor_key=one.vendor_key))} for one in samples])
    asked = [one for one in samples if one.weighed]
    assert len(asked) < len(samples)
    _write(readings, [kept_weighed_line(one.document_id, one.document.content_id, name, one.weighed) for one in asked])
    found = samples_of_files([str(data), str(data)], Kept.of([readings], name), [0], 0, reads=False)
    assert [one.weighed for one in found] == [pytest.approx(one.weighed) for one in samples]
    monkeypatch.setattr("mlcore.confidence.fit.Boosting", lambda: QUICK)
    told = [str(data), "--artifact", str(packed), "--readings", str(readings), "--out", str(out)]
    assert main(["calibrate", *told]) == 1
    assert "was read by" in capsys.readouterr().err
    assert main(["calibrate", *told, "--without-reading"]) == 0
    assert main(["pack", "--artifact", str(packed), "--confidence", str(out), "--out", str(tmp_path / "asking")]) == 0
    assert not scoring_of(load_artifact(tmp_path / "asking")).reads
    assert "| serves | by weighing" in (tmp_path / "asking" / "README.md").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["inspect", str(tmp_path / "asking")]) == 0
    assert "reads   nothing: it is asked about the template reader's candidates" in capsys.readouterr().out
    again = [str(data), "--artifact", str(tmp_path / "asking"), "--readings", str(readings), "--out", str(tmp_path / "own.json")]
    assert main(["calibrate", *again, "--recertify", "--confirmed", "0"]) == 0
    report = ["evaluate", str(data), "--out", str(tmp_path / "report"), "--readings", str(readings), "--limit", "4", "--resamples", "20"]
    assert main([*report, "--artifact", f"m={tmp_path / 'asking'}", "--models", str(base_folder.parent)]) == 0
    systems = json.loads((tmp_path / "report" / "evaluation.json").read_text())["systems"]
    assert [one["name"] for one in systems] == ["m + template"], "nobody has it read to be evaluated"
    _refused_behind_a_server_that_weighs_nothing(tmp_path / "asking", base_folder.parent, monkeypatch)
    extractor = replace(load_extractor(tmp_path / "asking", base_folder.parent), reader=NeverReads())
    assert extractor.weigher is not None
    model = NeverReads()
    kept = remembering(replace(extractor, weigher=model), [readings])
    records = [one.record for one in kept.extract([one.document for one in samples], [None] * len(samples))]
    assert model.asked == [], "what is in the file is not asked again"
    for _ in range(2):
        replace(kept, rescorer=MODEL_ALONE).extract([typewritten(DOUBTFUL)], [None])
    assert model.asked == [1], "and what is not, once"
    plain = [one.template.record for one in samples]
    right = [one.gold.record for one in samples]
    assert sum(map(_right_values, records, right)) > sum(map(_right_values, plain, right))


def _refused_behind_a_server_that_weighs_nothing(artifact: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlcore.serving._served", lambda *_: (NeverReads(), None, "completions"))
    with pytest.raises(ArtifactError, match="this server weighs no given tokens"):
        load_extractor(artifact, models, server=ModelServer("http://127.0.0.1:9"))


def test_a_document_in_two_files_teaches_once_whoever_taught_its_template(tmp_path: Path) -> None:
    samples = known_samples(knows=True)
    vendor = next(key for key in (one.vendor_key for one in samples) if sum(other.vendor_key == key for other in samples) > 3)
    own = [one for one in samples if one.vendor_key == vendor]
    files = [tmp_path / "some.jsonl", tmp_path / "all.jsonl"]
    for file, part in zip(files, (own[:3], own), strict=True):
        _write(file, [{"id": one.document_id, **gold_to_json(replace(one.gold, vendor_key=vendor))} for one in part])
    found = samples_of_files(map(str, files), Kept({}, {}), [0, 1], 0, reads=False)
    by_template = Counter((one.document_id, bool(template_id_of(one.template.model_id))) for one in found)
    assert set(by_template.values()) == {1}
    assert {document for document, _ in by_template} == {one.document.content_id for one in own}
    assert any(known for _, known in by_template)


def _right_values(record: InvoiceRecord, right: InvoiceRecord) -> int:
    return sum(same(spec.kind, value_at(record, spec.name), value_at(right, spec.name)) for spec in HEADER_FIELDS)


def _write(path: Path, lines: Sequence[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
