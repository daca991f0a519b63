"""API clients of the cast."""

from tests.labeling.conftest import client_of

__all__ = ["client_of"]
