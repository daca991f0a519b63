"""Where an address may begin and end: under a name, behind it, or whole on a line by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcore.documents import DocumentText
from mlcore.readers.address_reader import address_features, find_addresses, find_addresses_behind, find_whole_addresses
from mlcore.readers.context import Context
from mlcore.readers.header import read_header
from mlcore.readers.layout import build_layout

Typewriter = Callable[..., DocumentText]

NAME = "Harborview Medical Supply, Inc."
PLACE = "400 Dock Street\nTacoma, WA 98402"
BUYER = "Ship to\nLakeside Infusion Center\n900 Lakeshore Drive"
WIDE = "Description of goods                    Quantity        Unit price          Amount\n"
"""So wide that the page is no till receipt."""


def context(document: DocumentText) -> Context:
    return Context(build_layout(document))


def under(document: DocumentText) -> list[str]:
    """The texts of the addresses under the first line."""
    page = context(document)
    return [span.text for span in find_addresses(page, page.layout.rows[0])]


def behind(document: DocumentText, name: str = NAME) -> list[str]:
    return [span.text for span in find_addresses_behind(context(document), name)]


def whole(document: DocumentText) -> list[str]:
    return [span.text for span in find_whole_addresses(context(document))]


def test_an_address_ends_above_the_heading_of_another_party(typewritten: Typewriter) -> None:
    found = under(typewritten(f"{NAME}\n{PLACE}\n{BUYER}\n{WIDE}"))
    assert found == ["400 Dock Street", "400 Dock Street Tacoma, WA 98402", "Tacoma, WA 98402"]


def test_a_heading_of_another_party_beside_it_ends_no_address(typewritten: Typewriter) -> None:
    text = f"{NAME}\n400 Dock Street                              Ship to\nTacoma, WA 98402                             Lakeside\n{WIDE}"
    assert "400 Dock Street Tacoma, WA 98402" in under(typewritten(text))


def test_a_line_of_labels_and_values_is_in_no_address_but_may_follow_one(typewritten: Typewriter) -> None:
    page = context(typewritten(f"{NAME}\n{PLACE}\nReference 3504/24\n{WIDE}"))
    spans = find_addresses(page, page.layout.rows[0])
    assert not any("3504/24" in span.text for span in spans)
    assert [span.following.text for span in spans if span.following and span.text.endswith("98402")] == ["Reference 3504/24"] * 2


def test_the_number_of_a_house_is_no_label(typewritten: Typewriter) -> None:
    assert "No. 24 Jalan Tampoi 81200 Johor Bahru" in under(typewritten(f"{NAME}\nNo. 24\nJalan Tampoi\n81200 Johor Bahru\n{WIDE}"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"{NAME} - 400 Dock Street - Tacoma, WA 98402", "400 Dock Street - Tacoma, WA 98402"),
        (f"{NAME} 400 Dock Street, Tacoma, WA 98402", "400 Dock Street, Tacoma, WA 98402"),
        (f"{NAME} | 400 Dock Street | Tacoma, WA 98402 | www.harborview.example", "400 Dock Street | Tacoma, WA 98402"),
    ],
    ids=["dashes", "nothing between", "up to the web address"],
)
def test_an_address_behind_the_name_on_its_line(typewritten: Typewriter, line: str, expected: str) -> None:
    assert behind(typewritten(f"STATEMENT\n\n{WIDE}\n{line}")) == [expected]


@pytest.mark.parametrize(
    "line", [f"{NAME} - www.harborview.example", f"{NAME} thanks you", f"Pay {NAME} - 400 Dock Street - Tacoma, WA 98402"]
)
def test_what_is_no_address_behind_the_name_is_none(typewritten: Typewriter, line: str) -> None:
    assert behind(typewritten(line)) == []


def test_a_whole_address_on_a_line_near_the_top(typewritten: Typewriter) -> None:
    sender = "Harborview - 400 Dock Street - Tacoma, WA 98402"
    assert whole(typewritten(f"INVOICE\n\n{sender}\nLakeside Infusion Center\n900 Lakeshore Drive, Erie, PA 16501\n")) == [sender]
    assert whole(typewritten(f"INVOICE\n\n{sender} | www.harborview.example\n")) == [sender]
    assert whole(typewritten("INVOICE\n" + "Gauze\n" * 20 + sender)) == []
    assert whole(typewritten(f"INVOICE\f{sender}")) == []


def test_features_tell_the_three_kinds_apart(typewritten: Typewriter) -> None:
    page = context(typewritten(f"Harborview Supply - 400 Dock Street - Tacoma, WA 98402\n{BUYER}\n{WIDE}"))
    (after,) = address_features(page, find_addresses_behind(page, "Harborview Supply"))
    (alone,) = address_features(page, find_whole_addresses(page))
    below = address_features(page, find_addresses(page, page.layout.rows[2]))[0]
    assert (after["behind_name"], after.get("whole")) == (1.0, None)
    assert (alone["behind_name"], alone["whole"], alone["section="]) == (0.0, 1.0, 1.0)
    assert (below["behind_name"], below.get("whole")) == (0.0, None)


def test_labels_beside_an_address_are_none_of_it(typewritten: Typewriter) -> None:
    text = f"{NAME}\n400 Dock Street                              Invoice date   03/28/2024\n{WIDE}"
    page = context(typewritten(text))
    assert address_features(page, find_addresses(page, page.layout.row_cells[0][0].tokens))[0]["labels"] == 0.0


def test_an_address_in_the_footer_is_among_the_candidates_of_a_letterhead_without_one(typewritten: Typewriter) -> None:
    items = f"{WIDE}Nitrile gloves                                10             12.00          120.00\n"
    text = f"{NAME}                    INVOICE\n\n\n{items}\n\n{NAME} - 400 Dock Street - Tacoma, WA 98402 - www.harborview.example\n"
    found = [one.value for one in read_header(context(typewritten(text)))["vendor.address"]]
    assert "400 Dock Street - Tacoma, WA 98402" in found


def test_an_address_under_the_name_where_it_is_repeated_is_among_the_candidates(typewritten: Typewriter) -> None:
    goods = "Nitrile gloves                                10             12.00          120.00\n" * 16
    text = f"Harborview Medical Supply               INVOICE\n\n\n{WIDE}{goods}\n\nHarborview Medical Supply\n{PLACE}\n"
    found = [one.value for one in read_header(context(typewritten(text)))["vendor.address"]]
    assert "400 Dock Street Tacoma, WA 98402" in found
