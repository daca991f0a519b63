"""What changed between versions, and Markdown that lets nothing through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.guidelines.changes import changed_lines
from labeling.guidelines.markdown import html_of

LINES = st.lists(st.sampled_from(["a", "b", "", "c"]), max_size=6).map("\n".join)


@given(LINES, LINES)
def test_both_texts_can_be_read_off_the_changes(before: str, after: str) -> None:
    lines = changed_lines(before, after)
    assert [line.text for line in lines if line.change != "added"] == before.splitlines()
    assert [line.text for line in lines if line.change != "removed"] == after.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](vbscript:x)",
        "![x](https://example.com/x.png)",
        "[x](data:text/html;base64,AAAA)",
        "<a href='x' onclick='alert(1)'>x</a>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    html = html_of(text)
    for tag in ("<script", "<img", '<a href="javascript', '<a href="vbscript', '<a href="data', "<a href='"):
        assert tag not in html


def test_a_table_and_a_link_are_shown() -> None:
    html = html_of("| a | b |\n|---|---|\n| 1 | 2 |\n\n[guide](https://example.com)")
    assert "<table>" in html
    assert '<a href="https://example.com">guide</a>' in html
