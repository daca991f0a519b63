"""File names are for display only."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.names import MAX_NAME, display_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\march.pdf", "march.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "‹img src=x onerror=alert(1)›.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("Café März.pdf", "Café März.pdf"),
    ],
)
def test_examples(sent: str, shown: str) -> None:
    assert display_name(sent) == shown


@given(st.text(max_size=600))
def test_any_name_is_short_visible_and_no_path(sent: str) -> None:
    shown = display_name(sent)
    assert 0 < len(shown) <= MAX_NAME
    assert not set(shown) & set("/\\<>\x00\u202e")
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in shown)
    assert display_name(shown) == shown
