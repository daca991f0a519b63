"""Datasets: the same plan gives the same bytes, splits are held apart by vendor, and what leaks or repeats is refused."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlcore.dataset.build import Plan, build
from mlcore.dataset.dedupe import SeenTexts
from mlcore.dataset.directory import MANIFEST, Entry, Split, read_manifest, read_split, write_manifest, write_split
from mlcore.dataset.leaks import check_leaks
from mlcore.dataset.split_rules import SplitRule, guide_letters
from mlcore.dataset.streams import shares
from mlcore.errors import DatasetError
from tests.mlcore.conftest import typewritten

_SMALL = Plan(documents=40, layouts=8, validation=12, held_layouts=4, test=30, augment=("anonymise", "permute", "jitter", "noise"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    build(folder, _SMALL)
    return folder


@pytest.mark.thorough
def test_the_same_plan_gives_the_same_bytes_and_another_seed_others(built: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "again", _SMALL)
    assert again["data_hash"] == read_manifest(built)["data_hash"]
    assert all((built / f"{split}.jsonl").read_bytes() == (tmp_path / "again" / f"{split}.jsonl").read_bytes() for split in Split)
    other = build(tmp_path / "other", replace(_SMALL, seed=8))
    assert other["data_hash"] != again["data_hash"]
    assert other["splits"]["test"] == again["splits"]["test"]


def test_more_documents_begin_with_the_fewer(built: Path, tmp_path: Path) -> None:
    build(tmp_path, replace(_SMALL, documents=20))
    assert [e.id for e in read_split(tmp_path, Split.TRAIN)] == [e.id for e in read_split(built, Split.TRAIN, 20)]


def test_vendors_are_held_apart(built: Path) -> None:
    manifest = read_manifest(built)
    vendors = {split: {entry.gold.vendor_key for entry in read_split(built, split)} for split in Split}
    assert not vendors[Split.TEST] & (vendors[Split.TRAIN] | vendors[Split.VALIDATION])
    held = set(manifest["vendors"]["held_out"])
    assert held & vendors[Split.VALIDATION]
    assert not held & vendors[Split.TRAIN]
    unseen = [entry.gold.vendor_key in held for entry in read_split(built, Split.VALIDATION)]
    assert sum(unseen) == len(unseen) // 2


def test_what_was_done_to_training_documents_is_said_and_nothing_is_done_to_others(built: Path) -> None:
    done = Counter(name for entry in read_split(built, Split.TRAIN) for name in entry.augmented)
    assert set(done) == {"anonymise", "permute", "jitter", "noise"}
    assert not any(entry.augmented for split in (Split.VALIDATION, Split.TEST) for entry in read_split(built, split))


def test_a_changed_file_is_refused(built: Path, tmp_path: Path) -> None:
    for name in (MANIFEST, "train.jsonl"):
        (tmp_path / name).write_bytes((built / name).read_bytes())
    lines = (tmp_path / "train.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "train.jsonl").write_text("".join(lines[:-1]))
    with pytest.raises(DatasetError, match="is not the file that"):
        list(read_split(tmp_path, Split.TRAIN))
    with pytest.raises(DatasetError, match="is not the file that"):
        list(read_split(tmp_path, Split.TRAIN, 2))


def test_a_manifest_whose_hashes_do_not_agree_is_refused(built: Path, tmp_path: Path) -> None:
    manifest = json.loads((built / MANIFEST).read_text())
    lines = (built / "train.jsonl").read_bytes().splitlines(keepends=True)[:-1]
    (tmp_path / "train.jsonl").write_bytes(b"".join(lines))
    manifest["splits"]["train"]["sha256"] = hashlib.sha256(b"".join(lines)).hexdigest()
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(DatasetError, match="data_hash is not that of its files"):
        list(read_split(tmp_path, Split.TRAIN))


def test_compressed_lines_have_the_hash_of_plain_ones(built: Path, tmp_path: Path) -> None:
    plain, packed = (write_split(tmp_path, Split.TEST, read_split(built, Split.TEST), compress=flag) for flag in (False, True))
    assert packed.sha256 == plain.sha256
    assert [path.name for path in tmp_path.iterdir()] == ["test.jsonl.gz"]


def _write(folder: Path, splits: dict[Split, list[Entry]], held_out: list[str]) -> None:
    folder.mkdir()
    files = {split: write_split(folder, split, entries) for split, entries in splits.items()}
    write_manifest(folder, {"vendors": {"held_out": held_out}}, files)


def _leaking(change: Callable[[dict[Split, list[Entry]]], None], built: Path, folder: Path) -> None:
    splits = {split: list(read_split(built, split)) for split in Split}
    change(splits)
    _write(folder, splits, read_manifest(built)["vendors"]["held_out"])


def _vendor(splits: dict[Split, list[Entry]]) -> None:
    tested, trained = splits[Split.TEST][0], splits[Split.TRAIN][0]
    splits[Split.TRAIN][0] = replace(trained, gold=replace(trained.gold, vendor_key=tested.gold.vendor_key))


def _layout(splits: dict[Split, list[Entry]]) -> None:
    splits[Split.TRAIN][0] = replace(splits[Split.TRAIN][0], layout=splits[Split.TEST][0].layout)


def _name(splits: dict[Split, list[Entry]]) -> None:
    tested, trained = splits[Split.TEST][0], splits[Split.TRAIN][0]
    record = replace(trained.gold.record, vendor=tested.gold.record.vendor)
    splits[Split.TRAIN][0] = replace(trained, gold=replace(trained.gold, record=record))


def _held(splits: dict[Split, list[Entry]]) -> None:
    moved = splits[Split.VALIDATION].pop(1)
    splits[Split.TRAIN].append(moved)


def _text(splits: dict[Split, list[Entry]]) -> None:
    tested, trained = splits[Split.TEST][0], splits[Split.TRAIN][0]
    splits[Split.TRAIN][0] = replace(trained, gold=replace(trained.gold, document=tested.gold.document))


def _near(splits: dict[Split, list[Entry]]) -> None:
    tested = max(splits[Split.TEST], key=lambda entry: len(entry.gold.document.pages[0].words))
    trained = splits[Split.TRAIN][0]
    page = tested.gold.document.pages[0]
    document = replace(tested.gold.document, pages=(replace(page, words=page.words[:-2]), *tested.gold.document.pages[1:]))
    splits[Split.TRAIN][0] = replace(trained, gold=replace(trained.gold, document=document))


def _augmented_test(splits: dict[Split, list[Entry]]) -> None:
    splits[Split.TEST][0] = replace(splits[Split.TEST][0], augmented=("noise",))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_vendor, "The vendor .* is in train"),
        (_layout, "The layout .* is in train"),
        (_name, "The company name .* is in train"),
        (_held, "is held out for validation and trained on"),
        (_text, r"has the text of test .* \(all of it\)"),
        (_near, r"has the text of test .* \(9\d% of it\)"),
        (_augmented_test, "is augmented"),
    ],
)
def test_leaks_are_refused_by_name(change: Callable[[Any], None], told: str, built: Path, tmp_path: Path) -> None:
    check_leaks(built)
    _leaking(change, built, tmp_path / "leaking")
    with pytest.raises(DatasetError, match=told):
        check_leaks(tmp_path / "leaking")


def test_a_retrieval_index_with_a_test_vendor_is_refused(built: Path) -> None:
    vendors = read_manifest(built)["splits"]
    check_leaks(built, vendors["train"]["vendors"])
    with pytest.raises(DatasetError, match=f"The retrieval index holds test vendor {vendors['test']['vendors'][0]}"):
        check_leaks(built, vendors["test"]["vendors"][:1])


def test_texts_are_found_again_whole_and_nearly_and_another_is_new() -> None:
    seen = SeenTexts()
    words = [f"word{n}" for n in range(200)]
    assert seen.add("a", typewritten("\n".join(words))) is None
    exact = seen.add("b", typewritten("\n".join(word.upper() for word in words)))
    near = seen.add("c", typewritten("\n".join([*words, "more"])))
    assert exact is not None
    assert exact.name == "a"
    assert exact.exact
    assert near is not None
    assert near.name == "a"
    assert not near.exact
    assert seen.add("d", typewritten("\n".join(words[::-1]))) is None


def test_letters_of_the_guide_hold_majors_and_minors_evenly() -> None:
    letters = guide_letters(7)
    assert len({maker.key for maker, _ in letters}) == 40
    assert guide_letters(7) == letters
    for first, last, vendors, majors in (("A", "L", 19, 7), ("M", "O", 5, 2), ("P", "Z", 16, 6)):
        group = [maker for maker, letter in letters if first <= letter <= last]
        assert len(group) == vendors
        assert sum(maker.major for maker in group) == majors


@pytest.mark.thorough
def test_the_guide_has_its_shares_in_every_split(tmp_path: Path) -> None:
    manifest = build(tmp_path / "guide", Plan(split="guide", documents=400, augment=()))
    assert {name: found["documents"] for name, found in manifest["splits"].items()} == {"train": 320, "validation": 40, "test": 40}
    majors = {maker.key for maker, _ in guide_letters(7) if maker.major}
    for split in Split:
        written = Counter(entry.gold.vendor_key in majors for entry in read_split(tmp_path / "guide", split))
        assert written[True] / written.total() == pytest.approx(0.75, abs=0.02)
    types = manifest["splits"]["train"]["line_types"]
    for kind in ("compound_medication", "dme_rental", "bundled_service"):
        assert types[kind] / sum(types.values()) == pytest.approx(0.04, abs=0.015)
    assert build(tmp_path / "again", Plan(split="guide", documents=400, augment=()))["data_hash"] == manifest["data_hash"]


@pytest.mark.parametrize(("count", "weights", "expected"), [(10, (1, 1, 2), [3, 2, 5]), (1, (1, 1), [1, 0]), (7, (1, 1, 1), [2, 3, 2])])
def test_shares_add_up(count: int, weights: tuple[float, ...], expected: list[int]) -> None:
    assert shares(count, weights) == expected


class _TrainsOnTheTest(Plan):
    def rule(self) -> SplitRule:
        rule = Plan.rule(self)
        return replace(rule, trained=rule.test)


def test_what_leaks_or_was_not_finished_is_no_dataset(tmp_path: Path) -> None:
    small = Plan(documents=6, layouts=4, validation=4, held_layouts=2, test=30)

    def interrupted(split: Split, done: int, wanted: int) -> None:
        raise KeyboardInterrupt

    build(tmp_path, small)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, replace(small, seed=8), interrupted)
    with pytest.raises(DatasetError, match="is no dataset directory"):
        list(read_split(tmp_path, Split.TRAIN, 2))
    with pytest.raises(DatasetError, match="leaks: The vendor"):
        build(tmp_path, _TrainsOnTheTest(documents=6, layouts=4, validation=4, held_layouts=2, test=30))
    with pytest.raises(DatasetError, match="is no dataset directory"):
        list(read_split(tmp_path, Split.TRAIN, 2))


def test_all_faults_of_a_plan_are_told_at_once(tmp_path: Path) -> None:
    plan = Plan(split="none", documents=0, augment=("noise", "magic"), noise=2, share=-1, noise_level=9)
    with pytest.raises(DatasetError) as caught:
        build(tmp_path, plan)
    for part in ("documents is 0", "split is 'none'", "no augmentation magic", "noise is 2", "share is -1", "noise_level is 9"):
        assert part in str(caught.value)


def test_a_line_that_is_no_example_is_told_by_its_id(tmp_path: Path) -> None:
    files = {split: write_split(tmp_path, split, []) for split in Split}
    write_manifest(tmp_path, {}, files)
    (tmp_path / "train.jsonl").write_text(json.dumps({"id": "x", "layout": ""}) + "\n")
    with pytest.raises(DatasetError, match="Example 'x' cannot be read"):
        list(read_split(tmp_path, Split.TRAIN))
