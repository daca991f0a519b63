"""Sealing: every entry once, in one chain, whoever seals and however late an entry is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, connections, transaction

from invoices.audit import sealing
from invoices.audit.actions import Action
from invoices.audit.chain import START, hash_of
from invoices.audit.entries import AuditEntry, AuditSeal
from invoices.audit.recording import Target, record
from invoices.audit.sealing import seal_waiting
from invoices.audit.verifying import verify
from tests.conftest import Cast


def chain() -> list[tuple[int | None, str, str]]:
    return list(AuditEntry.objects.filter(position__isnull=False).order_by("position").values_list("position", "previous", "hash"))


@pytest.mark.django_db
def test_positions_have_no_gaps_and_hashes_are_linked(write: Callable[[int], None]) -> None:
    write(3)
    assert seal_waiting() == 3
    write(2)
    assert seal_waiting() == 2
    assert seal_waiting() == 0
    links = chain()
    assert [position for position, _, _ in links] == [1, 2, 3, 4, 5]
    assert [previous for _, previous, _ in links] == [START, *(own for _, _, own in links[:-1])]
    assert list(AuditSeal.objects.order_by("position").values_list("position", "hash", "entries")) == [
        (3, links[2][2], 3),
        (5, links[4][2], 2),
    ]
    entry = AuditEntry.objects.get(position=4)
    assert hash_of(entry, 4, links[2][2]) == entry.hash


@pytest.mark.django_db
def test_ids_that_were_rolled_back_leave_no_gap(write: Callable[[int], None], cast: Cast) -> None:
    write(1)
    with suppress(LookupError), transaction.atomic():
        record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", 1))
        raise LookupError
    write(1)
    seal_waiting()
    assert [position for position, _, _ in chain()] == [1, 2]
    assert verify().faults == []


@pytest.mark.django_db
def test_more_than_a_batch_is_sealed_in_batches(write: Callable[[int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    write(5)
    assert seal_waiting(batches=2) == 4
    assert AuditEntry.objects.filter(position__isnull=True).count() == 1
    assert seal_waiting() == 1
    assert verify().faults == []
    assert AuditSeal.objects.count() == 3


def run(*works: Callable[[], Any]) -> list[BaseException]:
    faults: list[BaseException] = []

    def guarded(work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_many_sealers_and_writers_make_one_chain(cast: Cast) -> None:
    def writer() -> None:
        for task in range(20):
            record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", task))

    def sealer() -> None:
        for _ in range(10):
            seal_waiting()

    assert run(writer, sealer, writer, sealer, sealer) == []
    seal_waiting()
    found = verify()
    assert (found.faults, found.end, found.waiting) == ([], 40, 0)


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_committed_late_is_sealed_later(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    written, sealed = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", 1))
            written.set()
            assert sealed.wait(30)

    def fast() -> None:
        assert written.wait(30)
        record(Action.TASK_RELEASED, actor=cast.biller2, object=Target("task", 2))
        assert seal_waiting() == 1
        sealed.set()

    assert run(slow, fast) == []
    assert seal_waiting() == 1
    assert list(AuditEntry.objects.order_by("position").values_list("object_id", flat=True)) == ["2", "1"]
    assert verify().faults == []
