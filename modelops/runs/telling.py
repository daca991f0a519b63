"""Keeping what a trainer tells: rows of the curves and of the log, each told once, whoever is killed in between."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from modelops.models import RunPoint
from modelops.runs.hold import Hold
from modelops.runs.news import EpochEnded, News, Point, read_news

_OF_STEP = ("epoch", "loss", "learning_rate", "tokens_per_second", "memory", "seconds")
_OF_EPOCH = ("epoch", "validation_loss")
_AT_ONCE = 500


def tell(hold: Hold, events: Path, position: int) -> int:
    """Store what is new in ``events`` behind ``position`` and answer the new position, which is stored with it in one transaction.

    So nothing is told twice in the log, and a step that is told again (after a kill) changes its one point. With nothing new nothing
    is written. Raises ``RunTaken``.
    """
    news = read_news(events, position)
    if news.position == position:
        return position
    hold.write(*_few(news.lines), points=[partial(store, hold.run_id, news)], told_bytes=news.position, **news.run)
    return news.position


def store(run_id: int, news: News) -> None:
    """Write the points of ``news``; at most one row for each step, whatever was there before."""
    _upsert((_of_step(run_id, point) for point in news.points.values()), _OF_STEP)
    _upsert((_of_epoch(run_id, end) for end in news.ends.values()), _OF_EPOCH)


def _of_step(run_id: int, point: Point) -> RunPoint:
    return RunPoint(run_id=run_id, step=point.step, **{name: getattr(point, name) for name in _OF_STEP})


def _of_epoch(run_id: int, end: EpochEnded) -> RunPoint:
    return RunPoint(run_id=run_id, step=end.step, epoch=end.epoch, loss=end.train_loss, validation_loss=end.validation_loss)


def _upsert(rows: Iterable[RunPoint], fields: tuple[str, ...]) -> None:
    found = list(rows)
    if found:
        RunPoint.objects.bulk_create(
            found,
            batch_size=_AT_ONCE,
            update_conflicts=True,
            unique_fields=["run", "step"],
            update_fields=list(fields),
        )


def _few(lines: list[str], most: int = 20) -> list[str]:
    """A trainer that complains at every step is cut short."""
    return lines if len(lines) <= most else [*lines[:most], f"… and {len(lines) - most} more lines."]
