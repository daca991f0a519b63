"""Labeled documents of the app and of other projects become a dataset whose vendors are held apart."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from mlcore.dataset import anonymise
from mlcore.dataset.augment import augmented
from mlcore.dataset.build import Plan, build_from_files
from mlcore.dataset.directory import Entry, Split, read_manifest, read_split
from mlcore.dataset.external import external_entry
from mlcore.dataset.ingest import read_gold, sort_by_vendor
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import GoldExample, TextSource
from mlcore.errors import DatasetError
from mlcore.schema import InvoiceRecord, VendorParty
from tests.mlcore.conftest import typewritten


def _row(number: int, vendor: str, text: str = "", **more: Any) -> dict[str, Any]:
    label = {"invoice_number": f"N-{number}", "total": 20.5, "vendor": {"name": vendor}, "stray": 1}
    words = " ".join(f"{vendor}{number}-{n}" for n in range(30))
    base = {"id": f"x{number}", "set": "other", "vendor": vendor, "text": text or words, "label": label, "label_fields": ["all"]}
    return {**base, **more}


def _file(folder: Path, rows: list[dict[str, Any]], name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_an_external_line_is_read_with_its_words_and_partial_labels() -> None:
    row = _row(1, "Apex", text="Apex Infusion\nTotal 20.50\fpage two", label_fields=["total", "line_items(partial)"])
    row |= {"words": [[10, 10, 90, 30, "Apex Infusion"], [10, 60, 90, 80, "20.50"]], "image_size": [100, 200], "layout": "model_1"}
    entry = external_entry(row)
    first, second = entry.gold.document.pages
    assert (entry.id, entry.layout, entry.set, entry.gold.vendor_key) == ("x1", "model_1", "other", "Apex")
    assert [word.text for word in first.words] == ["Apex", "Infusion", "20.50"]
    assert first.words[0].box.x1 < first.words[1].box.x0
    assert (first.source, second.source) == (TextSource.OCR, TextSource.TEXT_LAYER)
    assert entry.gold.document.text.endswith("\fpage two")
    assert entry.gold.label_fields == frozenset({"total"})


def test_a_page_may_be_measured_in_fractions(tmp_path: Path) -> None:
    row = _row(1, "Apex", words=[[10.5, 10, 90, 30, "Apex"]], image_size=[595.5, 842.25])
    (entry,) = read_gold(_file(tmp_path, [row]))
    page = entry.gold.document.pages[0]
    assert (page.width, page.words[0].box.x0) == (595.5, 10.5 / 595.5)


def test_a_turned_odoo_date_is_not_labeled() -> None:
    row = _row(1, "Deco", label_fields=["date", "total"])
    row["label"] |= {"invoice_number": "FA04/2015/027622", "date": "2015-05-04"}
    assert external_entry(row).gold.label_fields == frozenset({"total"})
    row["label"] |= {"date": "2015-04-05"}
    assert external_entry(row).gold.label_fields == frozenset({"date", "total"})


@pytest.mark.parametrize("told", [["all"], ["total", "line_items"], ["total", "line_items.type", "line_items.total"]])
def test_lines_without_any_type_were_not_labeled_for_it(told: list[str]) -> None:
    items = [{"description": "Lawn", "total": "10.00", "type": None}, {"description": "Sand", "total": "10.50"}]
    row = _row(1, "Deco", label_fields=told)
    row["label"] = {"total": "20.50", "line_items": items}
    fields = external_entry(row).gold.label_fields
    assert fields is not None
    assert {"total", "line_items.total"} <= fields
    assert not {"line_items", "line_items.type"} & fields
    assert ("line_items.ndc_code" in fields) is (len(told) < 3)
    row["label"]["line_items"][0]["type"] = "standard_medication"
    named = external_entry(row).gold.label_fields
    assert named == (None if told == ["all"] else frozenset(told))


def test_vendors_layouts_and_names_go_together_and_every_split_has_documents(tmp_path: Path) -> None:
    rows = [_row(10 * v + n, f"Vendor{v}", layout=f"L{v // 2}") for v in range(12) for n in range(5)]
    rows[0]["label"]["vendor"]["name"] = rows[20]["label"]["vendor"]["name"]
    path = _file(tmp_path, rows)
    sorting = sort_by_vendor([path], 3)
    assert sort_by_vendor([path], 3) == sorting
    assert sort_by_vendor([path], 4) != sorting
    homes: dict[str, set[Split | None]] = {}
    for row, split in zip(rows, sorting.splits, strict=True):
        homes.setdefault(row["layout"], set()).add(split)
    assert all(len(found) == 1 for found in homes.values())
    assert homes["L0"] == homes["L2"]
    assert all(sorting.count(split) for split in Split)
    assert sorting.count(Split.TRAIN) > sorting.count(Split.TEST)


def test_what_repeats_is_left_out_and_what_only_looks_alike_stays_together(tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(200))
    rows = [_row(n, f"V{n}") for n in range(8)]
    rows += [_row(20, "A", words), _row(21, "B", words.upper()), _row(22, "C", f"{words} more"), _row(23, "D", f"{words} again")]
    rows[-1]["label"]["invoice_number"] = "N-20"
    sorting = sort_by_vendor([_file(tmp_path, rows)], 1)
    assert sorting.removed == {"exact": 1, "near": 1}
    assert sorting.splits[9] is sorting.splits[11] is None
    assert sorting.splits[8] is sorting.splits[10] is not None


def test_a_dataset_of_files_is_checked_frozen_and_keeps_what_was_labeled(tmp_path: Path) -> None:
    external = _file(tmp_path, [_row(n, f"V{n}", label_fields=["total"]) for n in range(12)])
    golds = [Entry(d.id, "", d.gold, "app").to_json() for d in generate(40, 3, vendor_catalogue(10, 5))]
    gold = _file(tmp_path, golds, "gold.jsonl")
    plan = Plan(noise=1.0)
    manifest = build_from_files(tmp_path / "data", [external, gold], plan)
    assert build_from_files(tmp_path / "again", [external, gold], plan)["data_hash"] == manifest["data_hash"]
    assert sum(found["documents"] for found in manifest["splits"].values()) == 52
    assert set(read_manifest(tmp_path / "data")["vendors"]["held_out"]) == set(manifest["splits"]["validation"]["vendors"])
    entries = [entry for split in Split for entry in read_split(tmp_path / "data", split)]
    assert all(entry.gold.label_fields == frozenset({"total"}) for entry in entries if entry.set == "other")
    assert all(entry.gold.label_fields is None for entry in entries if entry.set == "app")
    assert {entry.augmented for entry in read_split(tmp_path / "data", Split.TRAIN)} == {("noise",)}


def test_no_name_is_invented_of_a_company_that_tests_or_validates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All names that can be invented are those of the documents' own vendors, of which two are not trained on."""
    monkeypatch.setattr(anonymise, "FIRST_WORDS", ("Apex",))
    monkeypatch.setattr(anonymise, "_SECOND", ("Medical",))
    monkeypatch.setattr(anonymise, "_LEGAL", ("",))
    names = [f"Apex Medical {second}" for second in anonymise._THIRD]
    rows = [
        _row(n, name, f"{name}\n" + " ".join(f"{name[-4:]}{n}-{copy}-{k}" for k in range(30)) + "\nTotal 20.50") | {"id": f"{n}-{copy}"}
        for n, name in enumerate(names)
        for copy in range(4)
    ]
    manifest = build_from_files(tmp_path / "data", [_file(tmp_path, rows)], Plan(augment=("anonymise",), share=1.0))
    trained = [entry for entry in read_split(tmp_path / "data", Split.TRAIN) if entry.augmented]
    assert len(trained) == manifest["splits"]["train"]["documents"] > 20
    held = {entry.gold.record.vendor.name for split in (Split.TEST, Split.VALIDATION) for entry in read_split(tmp_path / "data", split)}
    assert len(held) >= 2
    invented = {entry.gold.record.vendor.name for entry in trained}
    assert len(invented) > 2
    assert invented <= set(names) - held


def test_a_reserved_name_is_not_invented_with_another_legal_form_and_where_none_is_left_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    gold = GoldExample(typewritten("Northgate LLC\nTotal 20.50"), InvoiceRecord(vendor=VendorParty("Northgate LLC")), "v")
    for name, words in (("FIRST_WORDS", ("Apex",)), ("_SECOND", ("Medical",)), ("_THIRD", ("Supply", "Group"))):
        monkeypatch.setattr(anonymise, name, words)
    reserved = {anonymise.company_key("Apex Medical Supply, Inc.")}
    made = {augmented(gold, ("anonymise",), random.Random(seed), reserved=reserved)[0].record.vendor.name for seed in range(20)}
    assert made == {"Apex Medical Group LLC"}
    with pytest.raises(DatasetError, match="hold out fewer"):
        augmented(gold, ("anonymise",), random.Random(1), reserved={*reserved, anonymise.company_key("APEX MEDICAL GROUP")})


def test_what_ocr_has_read_gets_no_noise_on_top(tmp_path: Path) -> None:
    words = [[10, 10, 90, 30, "Apex"], [10, 60, 90, 80, "20.50"]]
    rows = [_row(n, f"V{n}", words=[*words, [10, 90, 90, 99, f"n{n}"]], image_size=[100, 200]) for n in range(12)]
    build_from_files(tmp_path / "data", [_file(tmp_path, rows)], Plan(noise=1.0))
    assert not any(entry.augmented for entry in read_split(tmp_path / "data", Split.TRAIN))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nothing", "Line 1 of .* cannot be read"),
        ("[]", "it is no JSON object"),
        ('{"id": 1, "document": 7, "record": {}}', "export gold with format=examples"),
        ('{"id": "x", "label": {"date": "tomorrow"}}', "is not a date"),
        ('{"id": "x", "label": {}, "label_fields": "all"}', "label_fields is 'all'; it is a list of names"),
        ('{"id": "x", "label": {}, "words": [[1, 2, 3, 4, "a"]], "image_size": [0, 9]}', "width and height in pixels are positive"),
        ('{"id": "x", "label": {}, "words": [[1, 2, 3]], "image_size": [9, 9]}', "it is .x0, y0, x1, y1, text."),
    ],
)
def test_faults_name_the_line(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(DatasetError, match=told):
        list(read_gold(path))


def test_too_few_vendors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="of 2 groups of vendors; three are needed"):
        sort_by_vendor([_file(tmp_path, [_row(n, f"V{n % 2}") for n in range(9)])], 1)
