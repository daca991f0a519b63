"""How a run ends before its end. Raised while a run is carried out, and caught by ``modelops.runs.working`` alone."""

from __future__ import annotations

from modelops.errors import ModelopsError


class RunFailed(ModelopsError):
    """The run cannot go on; ``code`` and ``detail`` are kept with it. What was saved stays."""

    title = "The run cannot go on"


class RunStopped(Exception):
    """Somebody asked for an end, and the work under way was saved."""


class RunTaken(Exception):
    """The run is no longer this worker's: it was stopped at once, or gone on with by somebody else. Nothing more is written."""
