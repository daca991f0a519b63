"""A tiny base, and a page with two dates and two totals that the template reader cannot tell apart for sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.rescoring.open_fields import OpenFields, open_fields
from mlcore.templates.extractor import TemplateExtractor
from mlcore.templates.reading import TemplateReading
from tests.mlcore.conftest import typewritten
from tests.mlcore.tiny import write_tiny_base

DOUBTFUL = """
Apex Infusion Services
14 Harbor Road
Tacoma, WA 98402

06/14/2026      number INV-7
06/20/2026      A-88213

Saline bag             1     20.00      20.00
Gauze roll             2     20.00      40.00

60.00
72.50
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> LoadedBase:
    return load_base(folder_of(tmp_path_factory), "fp32", "cpu")


def folder_of(factory: pytest.TempPathFactory) -> Path:
    return write_tiny_base(factory.mktemp("base"))


@pytest.fixture(scope="module")
def look() -> TemplateReading:
    return TemplateExtractor().look(typewritten(DOUBTFUL))


@pytest.fixture(scope="module")
def opened(look: TemplateReading) -> OpenFields:
    return open_fields(look)
