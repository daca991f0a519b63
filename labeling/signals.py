"""What ``labeling`` announces. Signals carry ids and are sent inside the transaction that made the change."""

from django.dispatch import Signal

gold_recorded = Signal()
"""``gold_id``, ``document_id``, ``vendor_id``: a document has a new truth; its vendor's template has to be learned."""

truth_changed = Signal()
"""``document_id``, ``gold_id``, ``counts``: what several labels of a document are held to is another now, or (``counts`` false) is none."""
