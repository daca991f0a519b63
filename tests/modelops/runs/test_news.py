"""What a trainer tells, as rows: whole lines only, each step once, nothing that is no number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlcore.training.events import EpochEnd, Notice, Progress
from modelops.runs.news import MOST_POINTS, read_news


def progress(step: int, steps: int = 10, loss: float = 1.5, epoch: int = 0) -> dict[str, Any]:
    return Progress(step, steps, epoch, loss, 1e-3, step * 100, 250.0, step * 0.4, (steps - step) * 0.4, 1 << 30).to_json()


def written(path: Path, *events: dict[str, Any]) -> Path:
    with path.open("a") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    return path


def test_no_file_is_no_news(tmp_path: Path) -> None:
    assert read_news(tmp_path / "events.jsonl", 0).position == 0


def test_steps_epochs_and_notices_become_points_lines_and_the_place_of_the_run(tmp_path: Path) -> None:
    path = written(
        tmp_path / "events.jsonl",
        progress(1),
        progress(2, loss=1.25),
        EpochEnd(0, 2, 1.4, 1.1, True, 0.875).to_json(),
        Notice(2, "Memory ran out; the micro-batch is 2 from here on.").to_json(),
    )
    news = read_news(path, 0)
    assert [(point.step, point.loss) for point in news.points.values()] == [(1, 1.5), (2, 1.25)]
    assert news.ends[2].validation_loss == 1.1
    assert news.lines == [
        "Epoch 1: training loss 1.4000, held out 1.1000 and 87.5% of the values right, the best so far.",
        "Memory ran out; the micro-batch is 2 from here on.",
    ]
    assert news.run["step"] == 2
    assert news.run["steps"] == 10
    assert news.run["loss"] == 1.25
    assert news.run["validation_loss"] == 1.1
    assert news.position == path.stat().st_size


def test_a_line_that_is_not_whole_yet_waits_and_a_torn_one_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "events.jsonl", progress(1))
    whole = path.stat().st_size
    with path.open("a") as file:
        file.write('{"kind": "progress", "st')
    news = read_news(path, 0)
    assert news.position == whole
    with path.open("a") as file:
        file.write('{"kind": "notice", "step": 1, "message": "glued to a torn one"}\n')
    written(path, progress(2))
    later = read_news(path, news.position)
    assert list(later.points) == [2]
    assert later.lines == []


def test_a_step_that_is_told_again_is_one_point_with_the_last_value(tmp_path: Path) -> None:
    path = written(tmp_path / "events.jsonl", progress(1), progress(2, loss=9.0), progress(2, loss=1.0))
    assert [(point.step, point.loss) for point in read_news(path, 0).points.values()] == [(1, 1.5), (2, 1.0)]


def test_what_is_no_number_is_left_out_and_said(tmp_path: Path) -> None:
    path = written(tmp_path / "events.jsonl", progress(3, loss=float("nan")))
    news = read_news(path, 0)
    assert news.points[3].loss is None
    assert news.run["loss"] is None
    assert news.lines == ["The loss of step 3 is no number any more; stop the run and take a lower learning rate."]


def test_a_long_run_has_a_bounded_curve_that_ends_at_its_last_step(tmp_path: Path) -> None:
    steps = 3 * MOST_POINTS + 1
    path = written(tmp_path / "events.jsonl", *(progress(step, steps) for step in range(1, steps + 1)))
    news, position = read_news(path, 0, most=1 << 30), 0
    assert len(news.points) <= MOST_POINTS + 1
    assert max(news.points) == steps
    parts: set[int] = set()
    while (part := read_news(path, position, most=10_000)).position != position:
        position, parts = part.position, parts | set(part.points)
    assert parts == set(news.points)


def test_odd_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('[]\n{"kind": "progress", "step": "x"}\n{"kind": "another"}\n\nnothing\n')
    news = read_news(path, 0)
    assert (news.points, news.lines, news.run) == ({}, [], {})
    assert news.position == path.stat().st_size


def test_a_file_that_was_cut_is_read_from_its_end(tmp_path: Path) -> None:
    path = written(tmp_path / "events.jsonl", progress(1))
    news = read_news(path, 10_000)
    assert news.points == {}
    assert news.position == path.stat().st_size
