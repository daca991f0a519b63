"""Putting stylesheets together."""

from __future__ import annotations

import pytest

from labeling.sheet_bundle import inline_imports


def test_imports_stand_where_they_were_written() -> None:
    files = {"css/all.css": '/* all */\n@import url("a.css");\n@import url("b.css");\n.c {}', "css/a.css": ".a {}\n", "css/b.css": ".b {}\n"}
    assert inline_imports("css/all.css", files.__getitem__).split() == ["/*", "all", "*/", ".a", "{}", ".b", "{}", ".c", "{}"]


@pytest.mark.parametrize("line", ['@import "a.css";', '@import url("../a.css");', '@import url("a.css") print;'])
def test_another_form_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"css/all\.css"):
        inline_imports("css/all.css", {"css/all.css": line}.__getitem__)


def test_an_import_in_an_import_is_named() -> None:
    files = {"css/all.css": '@import url("a.css");', "css/a.css": '@import url("b.css");'}
    with pytest.raises(ValueError, match=r"css/a\.css"):
        inline_imports("css/all.css", files.__getitem__)
