"""Names of what a model and a template say together."""

from __future__ import annotations

import pytest

from mlcore.inference.model_names import Authors, authors_of, name_together, prefix_of
from mlcore.templates.extractor import TemplateExtractor

MODEL = "adapter-0123456789abcdef"


def test_a_name_says_who_had_a_part() -> None:
    name = name_together(MODEL, None)
    assert name == f"{MODEL}+{TemplateExtractor().model_id}"
    assert name.startswith(prefix_of(MODEL))
    assert authors_of(name) == Authors(MODEL, "")


@pytest.mark.parametrize(
    ("name", "authors"),
    [
        ("template-3:zero-shot", Authors("", "")),
        ("template-3:5d0c", Authors("", "5d0c")),
        (f"{MODEL}+template-4:5d0c", Authors(MODEL, "5d0c")),
        (MODEL, Authors(MODEL, "")),
        ("c++", Authors("c++", "")),
        ("+template-4:5d0c", Authors("+template-4:5d0c", "")),
    ],
)
def test_who_had_a_part_is_read_off_the_name(name: str, authors: Authors) -> None:
    assert authors_of(name) == authors
