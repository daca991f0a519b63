"""Names of what a model and a template say together."""

from __future__ import annotations

import pytest

from mlcore.inference.model_names import Authors, authors_of, name_together, prefix_of
from mlcore.prompts import Example
from mlcore.templates.extractor import TemplateExtractor

MODEL = "adapter-0123456789abcdef"


def test_a_name_says_who_had_a_part() -> None:
    name = name_together(MODEL, None)
    assert name == f"{MODEL}+{TemplateExtractor().model_id}"
    assert name.startswith(prefix_of(MODEL))
    assert authors_of(name) == Authors(MODEL, "")


def test_what_a_model_was_shown_is_part_of_the_name_and_no_author() -> None:
    one, other = Example("Total 5", {"total": "5"}), Example("Total 6", {"total": "6"})
    names = {name_together(MODEL, None, shown) for shown in ((), (one,), (other,), (one, other))}
    assert len(names) == 4
    assert all(name.startswith(prefix_of(MODEL)) and authors_of(name) == Authors(MODEL, "") for name in names)
    assert max(len(name) for name in names) < 100, "a prediction keeps 160 characters"


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
