"""A small data set, a base of a few thousand weights and a recipe of seconds: a real run of every stage."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from mlcore.dataset.directory import Entry, Split, write_manifest, write_split
from mlcore.documents import GoldExample
from mlcore.schema import InvoiceRecord, LineItem, VendorParty
from mlcore.training.config import LoraConfig, Precision, Recipe, Schedule
from modelops.models import DatasetVersion, TrainingRun
from tests.mlcore.conftest import typewritten

RECIPE = Recipe(
    "tiny",
    lora=LoraConfig(rank=4, alpha=8.0, dropout=0.1),
    schedule=Schedule(learning_rate=5e-3, warmup_steps=2),
    form="rows-1",
    epochs=2,
    micro_batch=1,
    accumulate=2,
    max_tokens=700,
    save_every_steps=2,
)
"""Twelve training documents: six steps an epoch."""

LONG = replace(RECIPE, name="long", precision=Precision.FP32, epochs=30, accumulate=4, save_every_steps=5)
"""90 steps, three an epoch."""

_WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima", "mike", "november")


def receipt(vendor: str, number: int) -> GoldExample:
    """Short, and like no receipt of another number."""
    word = _WORDS[number % len(_WORDS)]
    items = tuple(LineItem(description=f"{word}{n} {vendor[::-1]}", total=Decimal(f"{number}.5{n}")) for n in range(1 + number % 3))
    rows = "".join(f"{item.description}  {item.total}\n" for item in items)
    text = typewritten(f"{vendor}\n{rows}Total  {number}.00")
    return GoldExample(text, InvoiceRecord(vendor=VendorParty(vendor), total=Decimal(f"{number}.00"), line_items=items), vendor)


def documents(split: str, vendors: int, each: int) -> list[Entry]:
    """So many documents of so many vendors."""
    return [
        Entry(f"{split}-{vendor}-{number}", f"{split}-layout-{vendor}", receipt(f"{split}vendor{vendor}", 3 + 20 * vendor + number))
        for vendor in range(vendors)
        for number in range(each)
    ]


def frozen(*, number: int = 1, train: int = 12, validation: int = 3, test: int = 2, **values: object) -> DatasetVersion:
    """A frozen version in the station's folder."""
    folder = Path(settings.DATA_DIR) / "datasets" / f"version-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    entries = {
        Split.TRAIN: documents("train", 4, max(train // 4, 1)) if train else [],
        Split.VALIDATION: documents("validation", max(validation // 4, 1), min(validation, 4)) if validation else [],
        Split.TEST: documents("test", 1, test) if test else [],
    }
    manifest = write_manifest(folder, {"plan": {}}, {split: write_split(folder, split, found) for split, found in entries.items()})
    counts = {split: len(found) for split, found in entries.items()}
    return DatasetVersion.objects.create(
        number=number,
        state=DatasetVersion.State.FROZEN,
        data_hash=manifest["data_hash"],
        folder=folder.name,
        documents=counts[Split.TRAIN],
        validation_documents=counts[Split.VALIDATION],
        test_documents=counts[Split.TEST],
        **values,
    )


def told(run: TrainingRun) -> list[str]:
    """The log of a run."""
    return list(run.lines.order_by("pk").values_list("text", flat=True))
