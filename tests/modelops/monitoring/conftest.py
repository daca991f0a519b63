"""Documents as labeling has them: read, pre-filled, labeled, settled."""

from tests.labeling.conftest import client_of, make_document, make_pair, make_task, record

__all__ = ["client_of", "make_document", "make_pair", "make_task", "record"]
