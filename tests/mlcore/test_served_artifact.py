"""An artifact whose model is behind a server: the same commands, a reader with another name, only a tokenizer on this side."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.artifacts import load_artifact
from mlcore.documents import gold_to_json
from mlcore.errors import ArtifactError, BaseModelError
from mlcore.evaluation.kept_readings import Kept
from mlcore.inference.remote.server import ModelServer
from mlcore.rescoring.open_fields import open_fields
from mlcore.rescoring.rescorer import Rescorer
from mlcore.serving import load_extractor, reading_name, tokenizer_folder
from mlcore.templates.extractor import TemplateExtractor
from tests.mlcore.artifacts.conftest import base_folder, packed, run_folder
from tests.mlcore.conftest import typewritten
from tests.mlcore.inference.remote.conftest import start_server
from tests.mlcore.rescoring.conftest import DOUBTFUL
from tests.mlcore.tiny import write_tiny_base
from tests.mlcore.training.conftest import receipt

__all__ = ["base_folder", "packed", "run_folder"]


@pytest.fixture
def url(packed: Path, base_folder: Path) -> Iterator[str]:
    artifact = load_artifact(packed)
    server = start_server(base_folder, adapter=artifact.adapter, model=artifact.model_id)
    yield server.url
    server.stop()


@pytest.mark.thorough
def test_commands_read_through_it_under_a_name_of_its_own(
    packed: Path, base_folder: Path, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, kept = tmp_path / "gold.jsonl", tmp_path / "readings.jsonl"
    gold.write_text("\n".join(json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) for n in range(3)))
    where = ["--models", str(base_folder.parent), "--server", url]
    assert main(["read", str(gold), "--artifact", str(packed), "--out", str(kept), "--batch", "3", *where]) == 0
    local = load_extractor(packed, base_folder.parent)
    name = reading_name(load_artifact(packed), "completions+grammar")
    assert name == f"{local.reads_as}:completions+grammar"
    assert Kept.of([kept], local.reads_as).read == {}
    found = Kept.of([kept], name).read
    documents = [receipt(n).document for n in range(3)]
    expected = load_extractor(packed, base_folder.parent, server=ModelServer(url)).reader.read(documents)
    assert [found[document.content_id].record for document in documents] == [one.record for one in expected]
    assert (
        main(["evaluate", str(gold), "--out", str(tmp_path / "report"), "--artifact", f"{packed}@model", "--resamples", "5", *where]) == 0
    )
    assert main(["predict", str(gold), "--artifact", str(packed), "--server", "http://127.0.0.1:1", *where[:2]]) == 1
    assert "No model server answers at http://127.0.0.1:1" in capsys.readouterr().err


@pytest.mark.thorough
def test_the_extractor_is_the_artifacts(packed: Path, base_folder: Path, url: str) -> None:
    local = load_extractor(packed, base_folder.parent)
    served = load_extractor(packed, base_folder.parent, server=ModelServer(url))
    assert (served.model_id, served.scorer, served.thresholds) == (local.model_id, local.scorer, local.thresholds)
    documents = [receipt(n).document for n in range(3)]
    found = served.extract(documents, [None] * 3)
    assert found == served.extract(documents, [None] * 3)
    assert [one.model_id for one in found] == [one.model_id for one in local.extract(documents, [None] * 3)]


@pytest.mark.thorough
def test_a_server_weighs_candidates_as_the_model_in_this_process_does(packed: Path, base_folder: Path, url: str) -> None:
    local = load_extractor(packed, base_folder.parent)
    served = load_extractor(packed, base_folder.parent, server=ModelServer(url))
    assert local.weigher is not None
    assert served.weigher is not None
    document = typewritten(DOUBTFUL)
    opened = open_fields(TemplateExtractor().look(document))
    [here], [there] = (one.weigh([document], [opened]) for one in (local.weigher, served.weigher))
    assert [one.name for one in there] == [one.name for one in here] == [one.name for one in opened.fields]
    for own, other in zip(here, there, strict=True):
        assert [text for text, _ in other.options] == [text for text, _ in own.options]
        assert [number for _, number in other.options] == pytest.approx([number for _, number in own.options], abs=1e-3)
    rescorer = Rescorer({"date": (0.0, 1.0, 0.0, 0.0)})
    records = [replace(one, rescorer=rescorer).extract([document], [None])[0].record.date for one in (local, served)]
    assert records[0] == records[1]


@pytest.mark.thorough
def test_a_server_that_weighs_no_given_tokens_is_not_asked_to(packed: Path, base_folder: Path) -> None:
    artifact = load_artifact(packed)
    server = start_server(base_folder, "--kind", "strict", adapter=artifact.adapter, model=artifact.model_id)
    try:
        assert load_extractor(packed, base_folder.parent, server=ModelServer(server.url)).weigher is None
    finally:
        server.stop()


def test_a_tokenizer_is_enough_and_weights_are_checked(
    packed: Path, base_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = load_artifact(packed)
    monkeypatch.delenv("COUNTERSIGN_BASE_MODEL", raising=False)
    with pytest.raises(BaseModelError, match=r"Copy tokenizer\.json"):
        tokenizer_folder(artifact, tmp_path)
    bare = tmp_path / artifact.description.base.name
    bare.mkdir()
    shutil.copy(base_folder / "tokenizer.json", bare)
    assert tokenizer_folder(artifact, tmp_path) == bare
    with pytest.raises(BaseModelError, match="which token ends an answer"):
        load_extractor(packed, tmp_path, server=ModelServer("http://127.0.0.1:1"))
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(write_tiny_base(tmp_path / "other", seed=8)))
    with pytest.raises(ArtifactError, match="nonsense on another base"):
        tokenizer_folder(artifact, tmp_path / "nothing")
