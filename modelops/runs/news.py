"""What a trainer has told since the last look: lines of ``events.jsonl`` as points of curves, lines of a log and where the run is.

Pure but for reading the file. A run that was killed goes on from its last checkpoint and tells the same steps once more; a step told
twice is one point, with what was told last.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_BYTES = 1 << 20
"""Bytes that are read at a time."""

MOST_POINTS = 2000
"""Points of a curve; of a longer run every second step is kept, every third, and so on. Ends of epochs always are."""


@dataclass(frozen=True, slots=True)
class Point:
    """After a step. What is no number (a loss that ran away) is ``None``."""

    step: int
    epoch: int
    loss: float | None
    learning_rate: float | None
    tokens_per_second: float | None
    memory: int
    seconds: float


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """After the last step of an epoch."""

    step: int
    epoch: int
    train_loss: float | None
    validation_loss: float | None


@dataclass(slots=True)
class News:
    """``position`` is where the next look begins, in bytes; ``run`` has the columns of the run that are new."""

    position: int
    points: dict[int, Point] = field(default_factory=dict)
    ends: dict[int, EpochEnded] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)


def read_news(path: Path, position: int, most: int = MOST_BYTES) -> News:
    """The whole lines from ``position`` on, at most ``most`` bytes of them. No file, and a line that is not whole yet, is no news."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(min(position, size))
            data = file.read(most)
    except FileNotFoundError:
        return News(position)
    whole = data[: data.rfind(b"\n") + 1]
    news = News(min(position, size) + len(whole))
    for event in _events(whole):
        _take(news, event)
    return news


def _events(data: bytes) -> Iterable[Mapping[str, Any]]:
    for line in data.split(b"\n"):
        try:
            event = json.loads(line) if line else None
        except ValueError:
            continue  # torn by a kill, and the steps in it are told again
        if isinstance(event, dict):
            yield event


def _take(news: News, event: Mapping[str, Any]) -> None:
    try:
        match event.get("kind"):
            case "progress":
                _progress(news, event)
            case "epoch":
                _epoch(news, event)
            case "notice":
                news.lines.append(str(event["message"]))
    except (KeyError, TypeError, ValueError):
        return


def _progress(news: News, event: Mapping[str, Any]) -> None:
    step, steps, epoch = int(event["step"]), int(event["steps"]), int(event["epoch"])
    loss, pace = _number(event["loss"]), _number(event["tokens_per_second"])
    memory, seconds = int(event["memory"]), float(event["seconds"])
    if loss is None:
        news.lines.append(f"The loss of step {step} is no number any more; stop the run and take a lower learning rate.")
    if step % max(1, math.ceil(steps / MOST_POINTS)) == 0 or step == steps:
        news.points[step] = Point(step, epoch, loss, _number(event["learning_rate"]), pace, memory, seconds)
    news.run |= {"step": step, "steps": steps, "epoch": epoch, "loss": loss, "tokens": int(event["tokens"])}
    news.run |= {"tokens_per_second": pace, "memory": memory, "eta_seconds": _number(event["eta_seconds"])}


def _epoch(news: News, event: Mapping[str, Any]) -> None:
    step, epoch = int(event["step"]), int(event["epoch"])
    train, held = _number(event["train_loss"]), _number(event["validation_loss"])
    news.ends[step] = EpochEnded(step, epoch, train, held)
    best = ", the best so far" if event.get("best") and held is not None else ""
    right = _number(event.get("validation_accuracy"))
    told = "" if held is None else f", held out {held:.4f}{'' if right is None else f' and {right:.1%} of the values right'}{best}"
    news.lines.append(f"Epoch {epoch + 1}: training loss {_shown(train)}{told}.")
    if held is not None:
        news.run["validation_loss"] = held


def _number(value: Any) -> float | None:
    return None if value is None or not math.isfinite(float(value)) else float(value)


def _shown(value: float | None) -> str:
    return "no number" if value is None else f"{value:.4f}"
