"""What somebody does to the chain behind the database's back is found, and told where."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from invoices.audit.entries import AuditEntry, AuditSeal, AuditVerification
from invoices.audit.export import jsonl_lines
from invoices.audit.sealing import seal_waiting
from invoices.audit.verifying import Fault, verify
from invoices.selectors.audit import chain_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(write: Callable[[int], None]) -> None:
    """Six entries in two seals, and one that waits."""
    for count in (4, 2):
        write(count)
        seal_waiting()
    write(1)


def faults() -> list[tuple[str, int]]:
    return [(fault.kind, fault.position) for fault in verify().faults]


def test_a_whole_chain_is_whole(sealed: None) -> None:
    found = verify()
    assert (found.start, found.end, found.waiting, found.faults) == (1, 6, 1, [])


@pytest.mark.parametrize(
    "change",
    [
        "person_name = 'somebody'",
        "person_id = 4711",
        "at = '2020-01-01 00:00:00+00:00'",
        "document_id = NULL",
        "after = '{\"a\": 1}'",
        "address = '1.2.3.4'",
    ],
)
def test_a_changed_entry_is_found(sealed: None, tamper: Callable[[str], None], change: str) -> None:
    tamper(f"UPDATE invoices_auditentry SET {change} WHERE position = 3")
    (fault,) = verify().faults
    entry = AuditEntry.objects.get(position=3)
    assert (fault.kind, fault.position, fault.entry, fault.found) == ("hash", 3, entry.pk, entry.hash)
    assert fault.expected != fault.found
    assert str(fault).startswith(f"hash: position 3, entry {entry.pk}: expected ")


def test_an_entry_that_was_taken_away_is_found(sealed: None, tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM invoices_auditentry WHERE position IN (2, 3)")
    assert [str(fault) for fault in verify().faults] == ["missing: position 2, no entry: expected positions 2 to 3, found position 4"]


def test_entries_taken_from_the_end_are_found(sealed: None, tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM invoices_auditentry WHERE position >= 5")
    assert faults() == [("tail", 5)]


def test_an_entry_with_a_hash_of_its_own_making_is_found(sealed: None, tamper: Callable[[str], None]) -> None:
    tamper(f"UPDATE invoices_auditentry SET person_name = 'x', hash = '{'f' * 64}' WHERE position = 2")
    assert faults() == [("hash", 2), ("previous", 3)]


def test_a_chain_that_was_computed_anew_does_not_fit_its_seals(
    sealed: None, tamper: Callable[[str], None], write: Callable[[int], None]
) -> None:
    noted = AuditSeal.objects.get(position=6)
    tamper("UPDATE invoices_auditentry SET position = NULL, previous = '', hash = '', person_name = 'x' WHERE position IS NOT NULL")
    tamper("DELETE FROM invoices_auditseal WHERE position = 6")
    seal_waiting()
    assert faults() == [("seal", 4)]
    tamper("DELETE FROM invoices_auditseal WHERE position = 4")
    assert faults() == []
    out = io.StringIO()
    with pytest.raises(CommandError, match="broken in 1 places"):
        call_command("verify_audit", expect=f"6:{noted.hash}", stdout=out)
    assert out.getvalue().startswith("seal: position 6, entry ")
    told = AuditVerification.objects.latest("pk")
    assert (told.faults, chain_status().state) == (1, "broken"), "what was noted is what the command said"
    call_command("verify_audit", expect=f"6:{AuditEntry.objects.get(position=6).hash}", stdout=out)
    assert chain_status().state == "verified"


def test_checking_may_begin_behind_a_seal(sealed: None, tamper: Callable[[str], None]) -> None:
    tamper("UPDATE invoices_auditentry SET person_name = 'x' WHERE position = 2")
    found = verify(after=AuditSeal.objects.get(position=4))
    assert (found.start, found.end, found.faults) == (5, 6, [])
    assert faults() == [("hash", 2)]


def test_the_state_of_the_chain_is_that_of_the_last_whole_check(sealed: None, tamper: Callable[[str], None]) -> None:
    call_command("verify_audit", from_seal=4, stdout=io.StringIO())
    assert chain_status().state == "unverified", "that the end is whole says nothing of the rest"
    tamper("UPDATE invoices_auditentry SET person_name = 'x' WHERE position = 2")
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit", stdout=io.StringIO())
    call_command("verify_audit", from_seal=4, stdout=io.StringIO())
    assert chain_status().state == "broken"


def test_a_fault_in_a_part_counts_until_the_whole_is_checked(sealed: None, tamper: Callable[[str], None]) -> None:
    call_command("verify_audit", stdout=io.StringIO())
    tamper("UPDATE invoices_auditentry SET person_name = 'x' WHERE position = 6")
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit", from_seal=4, stdout=io.StringIO())
    assert chain_status().state == "broken"


def test_nothing_is_whole_too(db: None) -> None:
    found = verify()
    assert (found.start, found.end, found.faults) == (1, 0, [])


def test_the_command_says_what_is_broken_and_notes_it(sealed: None, tamper: Callable[[str], None]) -> None:
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert "Positions 1 to 6 are whole." in out.getvalue()
    tamper("UPDATE invoices_auditentry SET person_name = 'x' WHERE position = 2")
    out = io.StringIO()
    with pytest.raises(CommandError, match="broken in 1 places"):
        call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith("hash: position 2, entry ")
    noted = list(AuditVerification.objects.order_by("pk").values_list("start", "end", "faults"))
    assert noted == [(1, 6, 0), (1, 6, 1)]
    with pytest.raises(CommandError, match="nearest one before it is at 4"):
        call_command("verify_audit", from_seal=5)
    with pytest.raises(CommandError, match="POSITION:HASH"):
        call_command("verify_audit", expect="six")


def test_an_export_can_be_checked_without_this_program(sealed: None) -> None:
    """The recipe of docs/audit.md, written out."""
    import hashlib

    previous = "0" * 64
    for line in "".join(jsonl_lines(AuditEntry.objects.filter(position__isnull=False))).splitlines():
        entry = json.loads(line)
        own = entry.pop("hash")
        assert entry["previous"] == previous
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(canonical.encode("ascii")).hexdigest() == own
        previous = own
    assert previous == AuditSeal.objects.get(position=6).hash


def test_a_fault_without_an_entry_says_so() -> None:
    assert str(Fault("tail", 5, None, "entries up to position 6", "none after position 4")).startswith("tail: position 5, no entry")
