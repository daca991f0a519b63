"""Measured rows as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.gpu.plan import FULL, READING, STATIC, TRAINED, TRAINING

Row = Mapping[str, Any]
Rows = Mapping[str, Row]

_MEASURES = {"fields": "field_accuracy", "end to end": "end_to_end", "rare F1": "rare_f1"}
_NOTES = {
    TRAINING: "One step is 16 documents of one length. MFU by the FLOPs of `benchmarks/gpu/floors.py`. Memory is the peak in training and, "
    "in brackets, while loading (on a CPU: of the whole process so far). Where every weight learns, weights and gradients are float32.",
    READING: "Random weights. The product's rows say the answer of a labeled invoice, so guesses are accepted as with a reader that makes "
    "no mistake; grammar and guesses are in the time. Generate says as many tokens without a grammar. Seconds are of the quicker of two "
    "runs; the floor is that of one pass a token.",
    FULL: "The small base by the product's commands; broken-off calls are counted in the seconds.",
    TRAINED: "The small base with a trained adapter on synthetic invoices: guesses as they are really accepted. Per invoice.",
    STATIC: "As above; the first run, in which it is compiled, is not counted.",
}


def tables(rows: Rows, expected: Sequence[str], machine: Row, command: str) -> str:
    """All that is measured, and what is not yet. ``expected`` are the keys in their order."""
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    memory = f" ({machine['memory'] / 2**30:.0f} GiB)" if machine["memory"] else ""
    dates = sorted({row["date"] for row in rows.values() if "date" in row})
    told = [f"{machine['device']}{memory}; {versions}; {' to '.join(dict.fromkeys((dates[0], dates[-1]))) if dates else 'nothing yet'}", ""]
    told += [f"    {command}", ""]
    for part, table in _TABLES.items():
        own = [rows[key] for key in expected if key in rows and key.partition("-")[0] == part]
        good = [row for row in own if "failed" not in row]
        if good:
            told += [f"### {part[0].upper()}{part[1:]}", _NOTES[part], "", *table(good), ""]
    failed = [f"- {key}: {rows[key]['failed']}" for key in expected if "failed" in rows.get(key, {})]
    missing = [key for key in expected if key not in rows]
    told += ["Could not be measured:", "", *failed, ""] if failed else []
    told += [f"Not measured yet: {', '.join(missing)}.", ""] if missing else []
    return "\n".join(told)


def _training(rows: Iterable[Row]) -> list[str]:
    lines = _head("learns", "base", "micro-batch", "checkpointing", "tokens/s", "MFU", "memory GiB", "weights that learn")
    for row in rows:
        case = row["case"]
        halved = f" ({row['notices'][-1]})" if row["notices"] else ""
        lines.append(
            _line(
                case["label"],
                row["precision"],
                f"{case['micro_batch']}{halved}",
                "yes" if case["checkpointing"] else "no",
                f"{row['tokens_per_second']:.0f}",
                "unknown" if row["mfu"] is None else f"{100 * row['mfu']:.1f} %",
                f"{row['memory'] / 2**30:.1f} ({row['loading_memory'] / 2**30:.1f})",
                f"{row['learned']:,}",
            )
        )
    return lines


def _reading(rows: Iterable[Row]) -> list[str]:
    lines = _head("in / out", "base", "batch", "way", "passes", "seconds", "s an invoice", "floor", "times floor", "memory GiB")
    for row in rows:
        case, best = row["case"], min(row["seconds"])
        drifted = "" if row["as_scripted"] else " (did not say the answer that was given)"
        lines.append(
            _line(
                f"{case['prompt']:,} / {case['answer']}",
                row["precision"],
                case["batch"],
                f"{case['way']}{' + adapter' if case['adapter'] else ''}{drifted}",
                row["passes"],
                f"{best:.3f}",
                f"{best / case['batch']:.3f}",
                _seconds(row["floor"]),
                "unknown" if row["floor"] is None else f"{best / row['floor']:.2f}",
                f"{row['memory'] / 2**30:.1f}",
            )
        )
    return lines


def _trained(rows: Iterable[Row]) -> list[str]:
    head = ("batch", "invoices", "prompt tokens", "tokens", "passes", "product s", "generate s", "product / generate", "floor of generate")
    lines = _head(*head, "memory GiB")
    for row in rows:
        count = row["documents"]
        each = [f"{row[name] / count:.0f}" for name in ("prompt_tokens", "tokens", "passes")]
        spent = [f"{row[name] / count:.3f}" for name in ("seconds", "plain")]
        floor = _seconds(row["floor"] and row["floor"] / count)
        share = f"{row['seconds'] / row['plain']:.2f}"
        lines.append(_line(row["case"]["batch"], count, *each, *spent, share, floor, f"{row['memory'] / 2**30:.1f}"))
    return lines


def _full(rows: Iterable[Row]) -> list[str]:
    lines = _head("documents", "steps", "tokens", "tokens/s", "memory GiB", "seconds", *_MEASURES)
    for row in rows:
        outcome = row["outcome"]
        seconds = ", ".join(f"{name} {spent:.0f}" for name, spent in row["seconds"].items())
        measures = [_share(row["overall"][name]) for name in _MEASURES.values()]
        pace = f"{outcome['tokens'] / max(outcome['seconds'], 1e-9):.0f}"
        memory = f"{outcome['memory'] / 2**30:.1f}"
        lines.append(_line(outcome["documents"], outcome["steps"], f"{outcome['tokens']:,}", pace, memory, seconds, *measures))
    return lines


_TABLES = {TRAINING: _training, READING: _reading, FULL: _full, TRAINED: _trained, STATIC: _reading}


def _share(estimate: Row) -> str:
    return "-" if estimate.get("value") is None else f"{100 * estimate['value']:.1f} %"


def _seconds(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"


def _head(*cells: str) -> list[str]:
    return [_line(*cells), _line(*("---" for _ in cells))]


def _line(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
