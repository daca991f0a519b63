"""What ``invoices`` announces. Signals carry ids and are sent inside the transaction that made the change.

``workers.pipeline`` has exactly one receiver for each.
"""

from django.dispatch import Signal

documents_received = Signal()
"""``readings``, pairs of a document's id and revision: files were stored, or retries were asked for; they have to be read."""

document_parsed = Signal()
"""``document_id``: pages and words are stored; it has to be pre-filled."""

document_prefilled = Signal()
"""``document_id``, ``prediction_id``: a new prediction of the templates is stored."""

document_read_by_model = Signal()
"""``document_id``, ``prediction_id``: a new prediction is stored in which the serving model had a part."""

template_learned = Signal()
"""``vendor_id``, ``template_id``: open, unlabeled documents of the vendor have to be pre-filled again."""
