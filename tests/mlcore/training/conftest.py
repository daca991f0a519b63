"""A tiny base, short receipts and a recipe of four steps."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mlcore.answers import FORMS
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.documents import GoldExample
from mlcore.schema import InvoiceRecord, LineItem, VendorParty
from mlcore.training.config import LoraConfig, Recipe, Schedule
from mlcore.training.examples import TrainingExample, training_example
from tests.mlcore.conftest import typewritten
from tests.mlcore.tiny import write_tiny_base

LORA = LoraConfig(rank=4, alpha=8.0, dropout=0.1)
RECIPE = Recipe(
    "tiny",
    lora=LORA,
    schedule=Schedule(learning_rate=5e-3, warmup_steps=2),
    form="rows-1",
    epochs=2,
    micro_batch=2,
    accumulate=2,
    max_tokens=4000,
    save_every_steps=2,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def base(folder: Path) -> LoadedBase:
    return load_base(folder, "fp32", "cpu")


@pytest.fixture(scope="module")
def examples(folder: Path) -> list[TrainingExample]:
    """Short receipts of different lengths."""
    tokenizer = load_base(folder, "fp32", "cpu").tokenizer
    return [training_example(f"r{n}", receipt(n), FORMS["rows-1"], tokenizer) for n in range(10)]


def receipt(number: int) -> GoldExample:
    items = tuple(LineItem(description="Gauze" * (1 + n), total=Decimal(f"{number}.5{n}")) for n in range(1 + number % 3))
    rows = "".join(f"{item.description}  {item.total}\n" for item in items)
    text = typewritten(f"Apex {number}\n{rows}Total  {number}.00")
    return GoldExample(text, InvoiceRecord(vendor=VendorParty(f"Apex {number}"), total=Decimal(f"{number}.00"), line_items=items), "apex")
