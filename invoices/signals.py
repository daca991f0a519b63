"""What ``invoices`` announces. Signals carry ids and are sent inside the transaction that made the change.

``workers.pipeline`` has exactly one receiver for each.
"""

from django.dispatch import Signal

document_received = Signal()
"""``document_id``, ``revision``: a file was stored, or a retry was asked for; it has to be read."""

documents_received = Signal()
"""``document_ids``: as ``document_received``, for many files that were stored in one transaction, each for the first time."""

document_parsed = Signal()
"""``document_id``: pages and words are stored; it has to be pre-filled."""

document_prefilled = Signal()
"""``document_id``, ``prediction_id``: a new prediction is stored."""

template_learned = Signal()
"""``vendor_id``, ``template_id``: open, unlabeled documents of the vendor have to be pre-filled again."""
