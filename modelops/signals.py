"""What ``modelops`` announces. Signals carry ids and are sent inside the transaction that made the change."""

from django.dispatch import Signal

dataset_wanted = Signal()
"""``version_id``: a version has to be put together and frozen."""

document_removed = Signal()
"""``removal_id``: a document was removed; its lines and files have to go."""

run_wanted = Signal()
"""``run_id``, ``attempt``: a training run has to begin, or to go on."""

evaluation_wanted = Signal()
"""``model_id`` (pk; 0 for the templates alone), ``dataset_id``: a model has to be evaluated and, being a candidate, judged."""

shadow_wanted = Signal()
"""``shadow_id``: a model has to read recent documents in the dark."""

serving_changed = Signal()
"""``deployment_id``: another model serves; what is open has to be read again."""

alert_told = Signal()
"""``delivery_ids``: messages about an alert have to be sent."""
