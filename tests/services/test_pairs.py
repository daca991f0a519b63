"""The races of blind pairs on PostgreSQL, where rows are locked one by one."""

from __future__ import annotations

from tests.labeling.conftest import make_document, record
from tests.labeling.test_pair_races import (
    test_of_two_last_submissions_at_once_one_settles_the_pair,
    test_one_document_opened_by_many_is_drawn_once,
    test_workers_at_once_keep_the_share_of_a_stratum,
)

__all__ = [
    "make_document",
    "record",
    "test_of_two_last_submissions_at_once_one_settles_the_pair",
    "test_one_document_opened_by_many_is_drawn_once",
    "test_workers_at_once_keep_the_share_of_a_stratum",
]
