"""The measurement on real vendors, on documents that are made up here in the form of the development sets, with a tiny base."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.dev_data import FILES
from benchmarks.real_vendors import SETS, SIZES, main, recipe
from mlcore.dataset.synthetic import generate
from mlcore.dataset.synthetic.composed import compose_vendor
from mlcore.record_json import record_to_json
from tests.mlcore.tiny import write_tiny_base

VENDORS, EACH = 8, 4


def _lines(name: str) -> Iterator[str]:
    seed = 900 + list(FILES).index(name)
    for maker in (compose_vendor(number, seed) for number in range(VENDORS)):
        for number, document in enumerate(generate(EACH, 5, [maker])):
            gold = document.gold
            text = "\f".join(" ".join(word.text for word in page.words) for page in gold.document.pages)
            row = {"id": f"{name}_{maker.key}_{number}", "set": name, "vendor": gold.vendor_key, "text": text}
            yield json.dumps({**row, "label": record_to_json(gold.record), "label_fields": ["all"]}, default=str) + "\n"


@pytest.mark.parametrize("size", SIZES)
def test_every_recipe_is_sound(size: str) -> None:
    assert recipe(SIZES[size]).checked().epochs == SIZES[size].epochs


@pytest.mark.slow
def test_all_of_it_runs_and_a_second_call_makes_nothing_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    for name, file in FILES.items():
        (data / file).write_text("".join(_lines(name)), encoding="utf-8")
    base = write_tiny_base(tmp_path / "base")
    told = [str(data), "--out", str(out), "--size", "tiny", "--start", "none", "--base", str(base), "--processes", "2"]
    assert main(told) == 0
    rows = (out / "results.md").read_text(encoding="utf-8")
    assert {line.split("|")[1].strip() for line in rows.splitlines()[2:]} == set(SETS)
    commands = (out / "commands.log").read_text(encoding="utf-8")
    assert [commands.count(f"mlcore {name} ") for name in ("train", "calibrate", "weigh")] == [1, 2, 2 * len(SETS)]
    assert main(told) == 0
    again = (out / "commands.log").read_text(encoding="utf-8")[len(commands) :]
    assert "mlcore train" not in again
    assert again.count("mlcore calibrate") == ("asking" not in rows), "what cannot be learned is tried again"
    assert rows in capfd.readouterr().out
