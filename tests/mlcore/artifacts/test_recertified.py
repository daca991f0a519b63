"""An artifact is given thresholds of one's own, for its own scorer only, or another scorer, and stays the same otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.artifacts import Artifact, load_artifact, write_artifact, write_recalibrated, write_recertified
from mlcore.confidence.boosting import Boosting
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.fit import fit_confidence
from mlcore.confidence.routes import Thresholds
from mlcore.errors import ArtifactError
from mlcore.serving import reading_name, scoring_of
from tests.mlcore.confidence.simulated import learned

OWN = Thresholds(Certificate(0.95, 0.95, 0.8125, 400, 300, 0.99, 0.97), None)

MEASURED = {"command": "evaluate", "data": {"name": "test", "documents": 0, "sha256": "0"}, "systems": []}
"""What ``evaluate`` writes of no system."""


@pytest.fixture
def scored(run_folder: Path, tmp_path: Path) -> Artifact:
    """An artifact with a scorer and thresholds of its own."""
    confidence = tmp_path / "confidence.json"
    confidence.write_text(json.dumps(learned()[1].to_json()))
    return write_artifact(tmp_path / "scored", run_folder, confidence=confidence)


@pytest.fixture
def own(scored: Artifact, tmp_path: Path) -> Callable[..., Path]:
    """A file of thresholds for that artifact, changed as asked."""

    def write(**changes: object) -> Path:
        path = tmp_path / "own.json"
        path.write_text(json.dumps({"artifact": scored.model_id, **OWN.to_json(), **changes}))
        return path

    return write


def test_other_thresholds_route_and_everything_else_stays(scored: Artifact, own: Callable[..., Path], tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in scored.folder.rglob("*") if path.is_file()}
    out = tmp_path / "own"
    assert main(["pack", "--artifact", str(scored.folder), "--thresholds", str(own()), "--out", str(out)]) == 0
    made = load_artifact(out)
    assert made.model_id != scored.model_id
    assert reading_name(made) == reading_name(scored), "what was read with it need not be read again"
    scoring = scoring_of(made)
    assert scoring.thresholds == OWN
    assert scoring.scorer.to_json() == scoring_of(scored).scorer.to_json()  # type: ignore[attr-defined]
    assert "| accepted | 95% at 95% | 400 | 0.8125 | 300 of 400 |" in (out / "README.md").read_text()
    assert {path: path.read_bytes() for path in scored.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"artifact": "adapter-0"}, "was certified for adapter-0"),
        ({"artifact": None}, "was certified for None"),
        ({"accepted": 5}, "holds no thresholds"),
        ({"accepted": {"certified": True, "odd": 1}}, "holds no thresholds"),
    ],
)
def test_thresholds_of_another_scorer_or_none_are_refused(
    scored: Artifact, own: Callable[..., Path], tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(ArtifactError, match=told):
        write_recertified(tmp_path / "own", scored.folder, own(**changes))
    assert not (tmp_path / "own").exists()


def test_an_artifact_without_a_scorer_takes_no_thresholds(packed: Path, own: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="has no scorer"):
        write_recertified(tmp_path / "own", packed, own())


def test_another_confidence_scores_and_what_held_for_the_old_one_goes(scored: Artifact, own: Callable[..., Path], tmp_path: Path) -> None:
    before = write_recertified(tmp_path / "own", scored.folder, own())
    learned_anew = tmp_path / "anew.json"
    learned_anew.write_text(json.dumps(fit_confidence(learned()[0], how=Boosting(trees=5, depth=2)).to_json()))
    metrics = tmp_path / "metrics.json"
    metrics.write_text(json.dumps(MEASURED))
    out = tmp_path / "recalibrated"
    told = ["--artifact", str(before.folder), "--confidence", str(learned_anew), "--metrics", str(metrics), "--out", str(out)]
    assert main(["pack", *told]) == 0
    made = load_artifact(out)
    assert made.model_id not in (before.model_id, scored.model_id)
    assert reading_name(made) == reading_name(scored), "what was read with it need not be read again"
    scoring = scoring_of(made)
    assert scoring.scorer.to_json() != scoring_of(scored).scorer.to_json()  # type: ignore[attr-defined]
    assert scoring.thresholds != OWN
    assert (made.confidence, made.metrics) == (json.loads(learned_anew.read_text()), MEASURED)
    assert load_artifact(write_recalibrated(tmp_path / "bare", before.folder, learned_anew).folder).metrics is None


def test_a_file_that_is_no_confidence_is_refused(scored: Artifact, tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text("{}")
    with pytest.raises(ArtifactError, match="holds no confidence"):
        write_recalibrated(tmp_path / "recalibrated", scored.folder, odd)
    assert not (tmp_path / "recalibrated").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--run", "x", "--thresholds", "x"],
        ["--artifact", "x"],
        ["--artifact", "x", "--thresholds", "x", "--metrics", "x"],
        ["--artifact", "x", "--thresholds", "x", "--confidence", "x"],
        ["--artifact", "x", "--metrics", "x"],
    ],
)
def test_what_does_not_go_together_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["pack", "--out", "x", *words])
    assert "--artifact" in capsys.readouterr().err
